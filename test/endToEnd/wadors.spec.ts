import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import {
  clearRequests,
  countFrameRequests,
  dataSets,
  dicomWebRoot,
  fetchSeries,
  fetchStoredValues,
} from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';

/** Syntaxes that dicom-image-loader decodes since 5.7. */
const NOT_IN_5_6 = ['jxl'];
const NOT_EXACT = ['htj2k-lossy'];

const isOld = karmaFixtures.coreVersion.startsWith('5.6.');
const brainSyntaxes = dataSets('mr-brain/')
  .map((name) => name.slice('mr-brain/'.length))
  .filter((syntax) => !(isOld && NOT_IN_5_6.includes(syntax)));

describe('A series over DICOMweb', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  /** Stored values of the brain by position; it has no rescale, and each copy has its own UIDs. */
  async function brainTruth(): Promise<Map<string, ArrayLike<number>>> {
    const { imageIds } = await fetchSeries(dicomWebRoot('mr-brain/explicit') as string);
    const values = await Promise.all(imageIds.map((id) => fetchStoredValues(id, true)));
    return new Map(imageIds.map((id, i) => [positionOf(id), values[i] as Int16Array]));
  }

  if (brainSyntaxes.length === 0) {
    it('has every voxel of a real MR in every syntax', () => {
      pending('The real data is not on this machine');
    });
  }

  for (const syntax of brainSyntaxes.filter((name) => !NOT_EXACT.includes(name))) {
    it(`has every voxel of a real MR in ${syntax}`, async () => {
      const truth = await brainTruth();
      const { imageIds } = await fetchSeries(dicomWebRoot(`mr-brain/${syntax}`) as string);
      const volume = await createVolume(imageIds);
      await clearRequests();
      const createImage = spyOn(document, 'createElement').and.callThrough();
      expect(await volume.load()).toEqual({ framesLoaded: 20, failed: [] });
      expect(volume.dimensions).toEqual([256, 256, 20]);
      expect(volume.getScalarData()).toBeInstanceOf(Int16Array);
      volume.imageIds.forEach((imageId, slice) => {
        expect(firstDifference(volume, slice, truth.get(positionOf(imageId)) ?? [])).toBe(-1);
      });
      expect(await countFrameRequests()).toBe(20);
      // dicom-image-loader makes a canvas for each Image.
      expect(createImage).not.toHaveBeenCalledWith('canvas');
    });
  }

  for (const syntax of brainSyntaxes.filter((name) => NOT_EXACT.includes(name))) {
    it(`has the voxels that the decoder gives of a real MR in ${syntax}`, async () => {
      const { imageIds } = await fetchSeries(dicomWebRoot(`mr-brain/${syntax}`) as string);
      const volume = await createVolume(imageIds);
      await volume.load();
      for (const slice of [0, 9, 19]) {
        const image = await loadImage(volume.imageIds[slice] as string, {}).promise;
        expect(firstDifference(volume, slice, image.getPixelData())).toBe(-1);
      }
    });
  }

  for (const [format, type] of [
    ['ct-uint12', Int16Array],
    ['ct-int16', Int16Array],
    ['mr-uint16', Uint16Array],
    ['us-uint8', Uint8Array],
    ['pt-slope-per-slice', Float32Array],
    ['rgb-uint8', Uint8Array],
    ['mr-multi-frame', Uint16Array],
  ] as const) {
    it(`has every voxel of ${format}, at its place`, async () => {
      const { imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
      const volume = await createVolume(imageIds.toSorted());
      const { failed } = await volume.load();
      expect(failed).toEqual([]);
      expect(volume.getScalarData()).toBeInstanceOf(type);
      expect(volume.dimensions).toEqual([64, 48, 24]);
      expect(volume.spacing[0]).toBeCloseTo(0.75, 6);
      expect(volume.spacing[1]).toBeCloseTo(1.5, 6);
      expect(volume.spacing[2]).toBeCloseTo(2, 6);
      expect(firstWrongVoxel(volume, format)).toBe('none');
    });
  }
});

/** The loader of dicom-image-loader itself. */
const loadImage = wadors.loadImage as unknown as (
  imageId: string,
  options: object,
) => { promise: Promise<{ getPixelData(): Int16Array }> };

function positionOf(imageId: string): string {
  const plane = metaData.get('imagePlaneModule', imageId) as { imagePositionPatient: number[] };
  return plane.imagePositionPatient.map(Number).join(' ');
}

/** The index of the first voxel of a slice that is not as it should be, -1 when all are. */
function firstDifference(
  volume: StreamingImageVolume,
  slice: number,
  expected: ArrayLike<number>,
): number {
  const [columns, rows] = volume.dimensions;
  const size = columns * rows;
  const values = volume.getScalarData().subarray(slice * size, (slice + 1) * size);
  return expected.length === size ? values.findIndex((value, i) => value !== expected[i]) : 0;
}

/** Compares with the formulas of test/support/testSeries.mjs. */
function firstWrongVoxel(volume: StreamingImageVolume, format: string): string {
  const gradient = (column: number, row: number, slice: number) =>
    column * 3 + row * 7 + slice * 29;
  const expected: Record<string, (c: number, r: number, s: number, sample: number) => number> = {
    'ct-uint12': (c, r, s) => gradient(c, r, s) - 1024,
    'ct-int16': (c, r, s) => gradient(c, r, s) - 600,
    'mr-uint16': (c, r, s) => gradient(c, r, s) * 50,
    'us-uint8': (c, r, s) => gradient(c, r, s) & 0xff,
    'pt-slope-per-slice': (c, r, s) => Math.fround(gradient(c, r, s) * (0.25 + s / 64)),
    'rgb-uint8': (c, r, s, sample) => (gradient(c, r, s) + sample * 60) & 0xff,
    'mr-multi-frame': gradient,
  };
  const data = volume.getScalarData();
  const components = data.length / (64 * 48 * 24);
  for (let i = 0; i < data.length; i++) {
    const voxel = Math.floor(i / components);
    const place = [voxel % 64, Math.floor(voxel / 64) % 48, Math.floor(voxel / (64 * 48))] as const;
    const value = expected[format]?.(...place, i % components);
    if (data[i] !== value) {
      return `${place.join(',')}: ${data[i]} instead of ${value}`;
    }
  }
  return 'none';
}

import { getWebWorkerManager } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import {
  fetchBrainTruth,
  firstDifference,
  isDecodable,
  positionOf,
} from '../support/brainTruth.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import {
  clearRequests,
  countFrameRequests,
  dataSets,
  dicomWebRoot,
  fetchSeries,
} from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

/** What the decode worker is told. */
interface DecodeOptions {
  readonly targetBuffer?: {
    readonly arrayBuffer: ArrayBufferLike;
    readonly offset: number;
    readonly length: number;
  };
}

const ascending = (a = 0, b = 0): number => a - b;

const NOT_EXACT = ['htj2k-lossy'];

const brainSyntaxes = dataSets('mr-brain/')
  .map((name) => name.slice('mr-brain/'.length))
  .filter(isDecodable);

for (const [place, frameWorkers] of [
  ['on the main thread', 0],
  ['in workers', 2],
] as const) {
  describe(`A series over DICOMweb, fetched ${place},`, () => {
    beforeEach(() => {
      startCornerstone({ frameWorkers });
    });

    afterEach(() => {
      stopCornerstone();
    });

    if (brainSyntaxes.length === 0) {
      it('has every voxel of a real MR in every syntax', () => {
        pending('The real data is not on this machine');
      });
    }

    for (const syntax of brainSyntaxes.filter((name) => !NOT_EXACT.includes(name))) {
      it(`has every voxel of a real MR in ${syntax}`, async () => {
        const truth = await fetchBrainTruth();
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

    it('is not sent to the decode worker where it is native', async () => {
      const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
      const volume = await createVolume(imageIds);
      const tasks = spyOn(getWebWorkerManager(), 'executeTask').and.callThrough();
      await volume.load();
      expect(tasks).not.toHaveBeenCalled();
      expect(volume.getScalarData().buffer instanceof ArrayBuffer).toBe(!karmaFixtures.isolated);
      expect(firstWrongVoxel(volume, 'ct-uint12')).toBe('none');
    });

    if (brainSyntaxes.includes('jpegls')) {
      it('is decoded into the very buffer of the volume, where that is shared', async () => {
        const { imageIds } = await fetchSeries(dicomWebRoot('mr-brain/jpegls') as string);
        const volume = await createVolume(imageIds);
        const tasks = spyOn(getWebWorkerManager(), 'executeTask').and.callThrough();
        await volume.load();
        if (frameWorkers > 0) {
          expect(tasks).not.toHaveBeenCalled();
          expect(volume.transport?.decoder).toEqual({ thread: 'frame worker' });
          return;
        }
        const { buffer } = volume.getScalarData();
        const targets = tasks.calls
          .allArgs()
          .map(([, , task]) => (task as { options: DecodeOptions }).options.targetBuffer);
        expect(targets.length).toBe(20);
        if (karmaFixtures.isolated) {
          const slice = 256 * 256;
          expect(new Set(targets.map((target) => target?.arrayBuffer))).toEqual(new Set([buffer]));
          expect(targets.map((target) => target?.offset).toSorted(ascending)).toEqual(
            Array.from({ length: 20 }, (_, i) => i * slice * 2),
          );
          expect(targets.every((target) => target?.length === slice)).toBeTrue();
        } else {
          expect(targets.every((target) => target === undefined)).toBeTrue();
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
}

/** The loader of dicom-image-loader itself. */
const loadImage = wadors.loadImage as unknown as (
  imageId: string,
  options: object,
) => { promise: Promise<{ getPixelData(): Int16Array }> };

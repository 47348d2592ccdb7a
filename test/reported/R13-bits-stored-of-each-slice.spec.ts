import { checkVolumeEligibility, groupImageIdsIntoVolumes } from '../../src/index.js';
import type { RegisterOptions } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';
import { newSeriesUid, openSlices, SOURCES } from '../support/writtenSlices.js';
import type { Source, WrittenSlice } from '../support/writtenSlices.js';

const SLICES = 8;
const PIXELS = 12;

/** What differs from slice to slice, and the value of a voxel by the standard (PS3.3 C.11.1.1.2). */
interface Mixture {
  readonly slice: (index: number) => Omit<WrittenSlice, 'position'>;
  readonly voxel: (index: number, pixel: number) => number;
}

const values = (index: number) =>
  Array.from({ length: PIXELS }, (_, pixel) => 90 * index + 7 * pixel);

const MIXTURES: Readonly<Record<string, Mixture>> = {
  '11 bits stored in three slices, 12 in five': {
    slice: (index) => ({
      bitsStored: index < 3 ? 11 : 12,
      // Above 2047 where there are 12 bits.
      words: values(index).map((value) => value + (index < 3 ? 0 : 2048)),
      intercept: -1024,
    }),
    voxel: (index, pixel) => 90 * index + 7 * pixel + (index < 3 ? 0 : 2048) - 1024,
  },
  'signed slices of 13 bits beside unsigned ones of 12': {
    slice: (index) => ({
      isSigned: index % 2 === 0,
      bitsStored: index % 2 === 0 ? 13 : 12,
      // Two's complement of 13 bits.
      words: values(index).map((value) => (index % 2 === 0 ? (value - 1000) & 0x1fff : value)),
      intercept: index % 2 === 0 ? 0 : -1000,
    }),
    voxel: (index, pixel) => 90 * index + 7 * pixel - 1000,
  },
  'another rescale in each': {
    slice: (index) => ({
      bitsStored: 12 + (index % 4),
      words: values(index),
      slope: 1 + index,
      intercept: -100 * index,
    }),
    voxel: (index, pixel) => (90 * index + 7 * pixel) * (1 + index) - 100 * index,
  },
  'MONOCHROME1 in half of a CT': {
    slice: (index) => ({
      photometric: index < 4 ? 'MONOCHROME1' : 'MONOCHROME2',
      words: values(index),
      intercept: -1024,
    }),
    voxel: (index, pixel) => 90 * index + 7 * pixel - 1024,
  },
};

const expectedOf = ({ voxel }: Mixture) =>
  Array.from({ length: SLICES * PIXELS }, (_, at) => voxel(Math.floor(at / PIXELS), at % PIXELS));

describe('R13: slices that are stored in different ways', () => {
  afterEach(() => {
    stopCornerstone();
  });

  const ways: [string, Source, RegisterOptions][] = [
    ['over wadors in frame workers', 'wadors', {}],
    ['over wadors on the main thread', 'wadors', { frameWorkers: 0 }],
    ['over wadouri', 'wadouri', {}],
    ['of files from the disk', 'dicomfile', {}],
  ];
  for (const [what, mixture] of Object.entries(MIXTURES)) {
    for (const [way, source, options] of ways) {
      it(`are one volume with every value: ${what}, ${way}`, async () => {
        startCornerstone(options);
        const series = newSeriesUid();
        const slices = Array.from({ length: SLICES }, (_, index) => ({
          ...mixture.slice(index),
          position: `-100\\-120\\${2.5 * index}`,
        }));
        const imageIds = await openSlices(source, series, slices);
        const given = shuffled(imageIds, seededRandom(4));
        const { eligible, reasons } = checkVolumeEligibility(given);
        expect(eligible).toBeTrue();
        expect(reasons.every(({ severity }) => severity === 'warning')).toBeTrue();
        const { volumes, rest } = groupImageIdsIntoVolumes(given);
        expect(volumes.map((volume) => volume.imageIds)).toEqual([imageIds]);
        expect(rest).toEqual([]);
        const volume = await createVolume(given);
        expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
        expect(volume.imageIds).toEqual(imageIds);
        expect(Array.from(volume.getScalarData())).toEqual(expectedOf(mixture));
      });
    }
  }

  it('says which slices are stored otherwise', async () => {
    startCornerstone();
    const [mixture] = Object.values(MIXTURES) as [Mixture];
    const imageIds = await openSlices(
      'wadors',
      newSeriesUid(),
      Array.from({ length: SLICES }, (_, index) => ({
        ...mixture.slice(index),
        position: `0\\0\\${index}`,
      })),
    );
    const { reasons } = checkVolumeEligibility(imageIds);
    expect(reasons).toEqual([
      {
        code: 'pixel-format',
        severity: 'warning',
        message:
          'The pixel format differs: MONOCHROME2 with 1 sample of 12 unsigned bits in 16 in 5 frames, ' +
          'MONOCHROME2 with 1 sample of 11 unsigned bits in 16 in 3 frames. Each frame is read by its own.',
        imageIds: imageIds.slice(0, 3),
      },
    ]);
  });

  for (const source of SOURCES) {
    it(`are volumes that say that they are parts, where they cannot be one (${source})`, async () => {
      startCornerstone();
      const series = newSeriesUid();
      const slice = (index: number): WrittenSlice => ({
        position: `0\\0\\${index}`,
        words: values(index),
        // An MR whose halves are drawn with opposite greys cannot be one volume.
        modality: 'MR',
        photometric: index < 3 ? 'MONOCHROME1' : 'MONOCHROME2',
      });
      const imageIds = await openSlices(
        source,
        series,
        Array.from({ length: 8 }, (_, i) => slice(i)),
      );
      const { volumes, rest } = groupImageIdsIntoVolumes(imageIds);
      expect(rest).toEqual([]);
      expect(volumes.map((volume) => volume.imageIds.length)).toEqual([3, 5]);
      for (const volume of volumes) {
        const others = imageIds.filter((imageId) => !volume.imageIds.includes(imageId));
        expect(
          volume.warnings.map(({ code, severity, imageIds: ids }) => [code, severity, ids]),
        ).toEqual([['partial-stack', 'warning', others]]);
      }
      const { eligible, reasons } = checkVolumeEligibility(imageIds);
      expect(eligible).toBeFalse();
      expect(reasons.map(({ code }) => code)).toEqual(['pixel-format']);
    });
  }

  describe('in a series of another loader', () => {
    const newSeries = useSyntheticSeries();

    it('have headers that cannot be read, of which the volume beside them tells', () => {
      const series = newSeries({
        count: 8,
        position: (slice) => (slice < 6 ? [0, 0, slice] : (undefined as never)),
      });
      const { volumes, rest } = groupImageIdsIntoVolumes(series.imageIds);
      expect(volumes.map(({ imageIds }) => imageIds)).toEqual([series.imageIds.slice(0, 6)]);
      expect(volumes[0]?.warnings.map(({ code, imageIds }) => [code, imageIds])).toEqual([
        ['partial-stack', series.imageIds.slice(6)],
      ]);
      expect(rest.map(({ imageIds }) => imageIds)).toEqual([series.imageIds.slice(6)]);
    });
  });
});

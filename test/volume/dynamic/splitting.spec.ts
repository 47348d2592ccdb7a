import { groupImageIdsIntoVolumes, isStreamingVolumeError } from '../../../src/index.js';
import { createDynamicVolume, timePointOptions } from '../../support/dynamicSeries.js';
import { errorOf } from '../../support/errorOf.js';
import { seededRandom, shuffled } from '../../support/seededRandom.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const SIZE = { times: 3, slices: 4 };
const timeOf = (slice: number): number => Math.floor(slice / SIZE.slices);
const placeOf = (slice: number): number => slice % SIZE.slices;

/** What tells time points apart, and core's name for it. */
const TAGS: Readonly<Record<string, (slice: number) => Readonly<Record<string, unknown>>>> = {
  TemporalPositionIdentifier: (slice) => ({ TemporalPositionIdentifier: timeOf(slice) + 1 }),
  DiffusionBValue: (slice) => ({ DiffusionBValue: 500 * timeOf(slice) }),
  TriggerTime: (slice) => ({ TriggerTime: 40 * timeOf(slice) }),
  EchoTime: (slice) => ({ EchoTime: 4.6 * (timeOf(slice) + 1) }),
  PetFrameReferenceTime: (slice) => ({
    petImageModule: { frameReferenceTime: 60_000 * timeOf(slice) },
  }),
  CardiacTriggerTime: (slice) => ({
    CardiacNumberOfImages: SIZE.times,
    StackID: '1',
    InStackPositionNumber: placeOf(slice) + 1,
    TriggerTime: 40 * timeOf(slice) + 3.5 * placeOf(slice),
  }),
  // Of this package alone.
  AcquisitionTime: (slice) => ({ AcquisitionTime: `10150${timeOf(slice)}` }),
  FlipAngle: (slice) => ({ FlipAngle: 3 + 4 * timeOf(slice) }),
};

describe('Time points', () => {
  const createSeries = useSyntheticSeries();

  for (const [splittingTag, valuesOf] of Object.entries(TAGS)) {
    it(`are told apart by ${splittingTag}`, async () => {
      const series = createSeries(
        timePointOptions(SIZE, { metadata: (type, slice) => valuesOf(slice)[type] }),
      );
      const volume = await createDynamicVolume(shuffled(series.imageIds, seededRandom(7)));
      expect(volume.numDimensionGroups).toBe(3);
      expect(volume.splittingTag).toBe(splittingTag);
      expect(volume.imageIds).toEqual(series.imageIds);
    });
  }

  it('may be one, which is no dynamic volume, as in core', async () => {
    const series = createSeries(timePointOptions({ times: 1, slices: 4 }));
    const volume = await createDynamicVolume(series.imageIds);
    await volume.load();
    expect(volume.numDimensionGroups).toBe(1);
    expect(volume.isDynamicVolume()).toBeFalse();
    expect(volume.splittingTag).toBeNull();
    volume.scroll(1);
    expect(volume.dimensionGroupNumber).toBe(1);
    expect(volume.voxelManager.getAtIJK?.(0, 0, 2)).toBe(series.voxel(2, 0));
  });

  it('of unequal geometry are refused, with the reason', async () => {
    const series = createSeries(timePointOptions(SIZE));
    const imageIds = series.imageIds.slice(0, -1);
    const error = await errorOf(createDynamicVolume(imageIds));
    expect(isStreamingVolumeError(error, 'not-a-volume')).toBeTrue();
    expect(error.reasons.map(({ code }) => code)).toEqual(['unequal-time-points']);
    expect(error.message).toContain('Time point 3 of 3 time points');
    expect(error.message).toContain(
      '5 x 3 x 3 voxels (columns, rows, slices) instead of 5 x 3 x 4',
    );
    expect(error.imageIds).toEqual(series.imageIds.slice(8, 11));
    expect(groupImageIdsIntoVolumes(imageIds).volumes.length).toBe(3);
  });

  it('that lie elsewhere are refused', async () => {
    const series = createSeries(
      timePointOptions(SIZE, {
        position: (slice) => [-10, -20, 2.5 * placeOf(slice) + (timeOf(slice) === 1 ? 2.5 : 0)],
      }),
    );
    const error = await errorOf(createDynamicVolume(series.imageIds));
    expect(error.code).toBe('not-a-volume');
    expect(error.reasons.map(({ code }) => code)).toContain('unequal-time-points');
  });

  it('that nothing tells apart are refused as several volumes', async () => {
    const series = createSeries(timePointOptions(SIZE, { metadata: () => undefined }));
    const error = await errorOf(createDynamicVolume(series.imageIds));
    expect(error.code).toBe('not-a-volume');
    expect(error.reasons.map(({ code }) => code)).toContain('duplicate-position');
  });
});

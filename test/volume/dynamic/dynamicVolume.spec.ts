import { cache, Enums, ImageVolume } from '@cornerstonejs/core';
import {
  isStreamingDynamicImageVolume,
  isStreamingImageVolume,
  StreamingDynamicImageVolume,
} from '../../../src/index.js';
import {
  createDynamicVolume,
  firstWrongOfTime,
  timePointOptions,
} from '../../support/dynamicSeries.js';
import { eventsOf } from '../../support/events.js';
import { seededRandom, shuffled } from '../../support/seededRandom.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const SIZE = { times: 3, slices: 4 };

describe('A volume of time points', () => {
  const createSeries = useSyntheticSeries();

  async function createLoaded() {
    const series = createSeries(timePointOptions(SIZE));
    const volume = await createDynamicVolume(shuffled(series.imageIds, seededRandom(4)));
    await volume.load();
    return { series, volume };
  }

  it('is a volume of core and of this package, with the imageIds of all time points', async () => {
    const { series, volume } = await createLoaded();
    expect(volume).toBeInstanceOf(StreamingDynamicImageVolume);
    expect(volume).toBeInstanceOf(ImageVolume);
    expect(isStreamingImageVolume(volume)).toBeTrue();
    expect(isStreamingDynamicImageVolume(volume)).toBeTrue();
    expect(volume.isDynamicVolume()).toBeTrue();
    expect(volume.numDimensionGroups).toBe(3);
    expect(volume.numTimePoints).toBe(3);
    expect(volume.splittingTag).toBe('TemporalPositionIdentifier');
    expect(volume.dimensions).toEqual([5, 3, 4]);
    expect(volume.imageIds).toEqual(series.imageIds);
    expect(volume.frameStates.length).toBe(12);
  });

  it('has every voxel of every time point, after one load', async () => {
    const { series, volume } = await createLoaded();
    for (let time = 0; time < SIZE.times; time++) {
      volume.dimensionGroupNumber = time + 1;
      expect(firstWrongOfTime(volume.getScalarData(), series, SIZE, time)).toBe('');
      expect(volume.voxelManager.getCompleteScalarDataArray?.()).toBe(volume.getScalarData());
      expect(volume.voxelManager.getAtIJK?.(2, 1, 3)).toBe(series.voxel(time * 4 + 3, 7));
      expect(volume.isDimensionGroupLoaded(time + 1)).toBeTrue();
    }
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.framesLoaded).toBe(12);
    expect(volume.failedFrames).toEqual([]);
  });

  it('goes from time point to time point, and around the ends', async () => {
    const { series, volume } = await createLoaded();
    const numbers: number[] = [];
    for (const delta of [1, 1, 1, -1, -1, 2, 5, -7]) {
      volume.scroll(delta);
      numbers.push(volume.dimensionGroupNumber);
    }
    expect(numbers).toEqual([2, 3, 1, 3, 2, 1, 1, 3]);
    expect(volume.timePointIndex).toBe(2);
    volume.timePointIndex = 1;
    expect(volume.dimensionGroupNumber).toBe(2);
    expect(volume.getCurrentDimensionGroupImageIds()).toEqual(series.imageIds.slice(4, 8));
    expect([0, 3, 4, 11].map((i) => volume.flatImageIdIndexToDimensionGroupNumber(i))).toEqual([
      1, 1, 2, 3,
    ]);
    expect([0, 3, 4, 11].map((i) => volume.flatImageIdIndexToImageIdIndex(i))).toEqual([
      0, 3, 0, 3,
    ]);
  });

  it('refuses time points that it does not have', async () => {
    const { volume } = await createLoaded();
    for (const wrong of [0, 4, 1.5, Number.NaN]) {
      expect(() => (volume.dimensionGroupNumber = wrong))
        .withContext(String(wrong))
        .toThrowError(TypeError, /number from 1 to 3/);
    }
    expect(volume.dimensionGroupNumber).toBe(1);
  });

  it('tells of each change, and of each time point that is loaded, with the details of core', async () => {
    const loaded = eventsOf(Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED);
    const changed = eventsOf(Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED);
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const { volume } = await createLoaded();
    const { volumeId } = volume;
    expect(loaded.details).toEqual(
      [1, 2, 3].map((dimensionGroupNumber) => ({ volumeId, dimensionGroupNumber })),
    );
    expect(completed.details.length).toBe(1);
    volume.dimensionGroupNumber = 1;
    expect(changed.details).toEqual([]);
    volume.dimensionGroupNumber = 3;
    expect(changed.details).toEqual([
      {
        volumeId,
        dimensionGroupNumber: 3,
        numDimensionGroups: 3,
        imageIdGroupIndex: 2,
        numImageIdGroups: 3,
        splittingTag: 'TemporalPositionIdentifier',
      },
    ]);
  });

  it('has the voxel manager of core', async () => {
    const { series, volume } = await createLoaded();
    const { voxelManager } = volume;
    volume.dimensionGroupNumber = 2;
    expect(voxelManager.getCurrentDimensionGroupNumber()).toBe(2);
    expect(voxelManager.getCurrentTimePoint()).toBe(1);
    expect(voxelManager.getCurrentDimensionGroupScalarData()).toBe(volume.getScalarData());
    expect(voxelManager.getCurrentTimePointScalarData()).toBe(volume.getScalarData());
    for (let time = 0; time < SIZE.times; time++) {
      const data = voxelManager.getDimensionGroupScalarData(time + 1);
      expect(firstWrongOfTime(data, series, SIZE, time)).toBe('');
      expect(voxelManager.getTimePointScalarData(time)).toBe(data);
      const expected = series.voxel(time * 4 + 1, 3);
      expect(voxelManager.getAtIndexAndDimensionGroup(18, time + 1)).toBe(expected);
      expect(voxelManager.getAtIndexAndTimePoint(18, time)).toBe(expected);
    }
    expect(voxelManager.getScalarDataLength()).toBe(60);
    voxelManager.setTimePoint(0);
    expect(volume.dimensionGroupNumber).toBe(1);
    voxelManager.setDimensionGroupNumber(3);
    expect(volume.dimensionGroupNumber).toBe(3);
    expect(voxelManager.getRange()).toEqual([series.voxel(8, 0), series.voxel(11, 14)]);
    expect(voxelManager.getMiddleSliceData()).toEqual(
      Uint16Array.from({ length: 15 }, (_, i) => series.voxel(10, i)),
    );
    voxelManager.setAtIJK(1, 1, 1, 7);
    expect(voxelManager.getDimensionGroupScalarData(3)[21]).toBe(7);
    expect(voxelManager.getDimensionGroupScalarData(2)[21]).toBe(series.voxel(5, 6));
  });

  it('gives its memory back to the byte', async () => {
    const before = cache.getCacheSize();
    const { volume } = await createLoaded();
    expect(cache.getCacheSize() - before).toBe(3 * 4 * 15 * 2);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  });
});

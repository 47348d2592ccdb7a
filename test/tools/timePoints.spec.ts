import {
  cornerstoneStreamingDynamicImageVolumeLoader as builtInLoader,
  Enums,
  imageLoader,
  volumeLoader,
} from '@cornerstonejs/core';
import type { StreamingDynamicImageVolume as CoreVolume, Types } from '@cornerstonejs/core';
import { utilities } from '@cornerstonejs/tools';
import {
  DYNAMIC_VOLUME_SCHEME,
  isStreamingDynamicImageVolume,
  unregisterStreamingImageVolumeLoader,
} from '../../src/index.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { timePointOptions } from '../support/dynamicSeries.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

const { generateImageFromTimeData, getDataInTime, updateVolumeFromTimeData } =
  utilities.dynamicVolume;
const { SUM, AVERAGE, SUBTRACT } = Enums.GenerateImageType;
const SIZE = { times: 4, slices: 5 };
const BUILT_IN = 'builtInDynamicVolume';

/** The interface of both classes. */
type DynamicVolume = CoreVolume & Types.IDynamicImageVolume;

let count = 0;

/** What tools give on core's volume, and then on ours, of the same series. */
async function onBoth<T>(measure: (volume: DynamicVolume) => T | Promise<T>) {
  const results: T[] = [];
  for (const scheme of [BUILT_IN, DYNAMIC_VOLUME_SCHEME]) {
    startDrawing();
    const series = new SyntheticSeries(
      timePointOptions(SIZE, {
        columns: 6,
        rows: 4,
        pixels: (slice) =>
          Uint16Array.from({ length: 24 }, (_, i) => (slice * 37 + i * 11 + slice * i) % 251),
      }),
    );
    const isOurs = scheme === DYNAMIC_VOLUME_SCHEME;
    if (!isOurs) {
      unregisterStreamingImageVolumeLoader();
      volumeLoader.registerVolumeLoader(BUILT_IN, builtInLoader as never);
      // Its frames have to be Images of the cache.
      await Promise.all(series.imageIds.map((each) => imageLoader.loadAndCacheImage(each)));
    }
    const volume = (await volumeLoader.createAndCacheVolume(`${scheme}:${count++}`, {
      imageIds: [...series.imageIds],
    })) as unknown as DynamicVolume;
    let isComplete = false;
    volume.load(() => {
      isComplete = true;
    });
    await until(() => isComplete || !isOurs);
    expect(isStreamingDynamicImageVolume(volume)).toBe(isOurs);
    results.push(await measure(volume));
    series.dispose();
    stopDrawing();
  }
  const [builtIn, ours] = results as [T, T];
  return { builtIn, ours };
}

describe('Readers of the tools on a volume of time points', () => {
  for (const dimensionGroupNumbers of [undefined, [2, 4], [1, 2, 4]]) {
    const which = dimensionGroupNumbers?.join(', ') ?? 'all';
    it(`generate the same images from the time points ${which}`, async () => {
      const operations =
        dimensionGroupNumbers?.length === 2 ? [SUM, AVERAGE, SUBTRACT] : [SUM, AVERAGE];
      const { ours, builtIn } = await onBoth((volume) =>
        operations.map((operation) => [
          ...generateImageFromTimeData(volume as never, operation, {
            ...(dimensionGroupNumbers && { dimensionGroupNumbers }),
          }),
        ]),
      );
      expect(ours).toEqual(builtIn);
      expect(ours[0]?.some((value) => value > 0)).toBeTrue();
    });
  }

  it('get the same values at a point over time, and the same as getVoxelTimeSeries', async () => {
    const { ours, builtIn } = await onBoth((volume) => {
      const worldCoordinate = volume.imageData?.indexToWorld([3.25, 2.25, 1.25]) as Types.Point3;
      return {
        values: getDataInTime(volume, { worldCoordinate }),
        own: isStreamingDynamicImageVolume(volume)
          ? (volume as { getVoxelTimeSeries(ijk: number[]): unknown }).getVoxelTimeSeries([3, 2, 1])
          : undefined,
      };
    });
    expect(ours.values).toEqual(builtIn.values);
    expect(ours.own).toEqual(ours.values);
  });

  it('get the same values of a mask over time, and the same as getMaskTimeSeries', async () => {
    const { ours, builtIn } = await onBoth((volume) => {
      const mask = volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, {
        volumeId: `mask-${count++}`,
      });
      for (const index of [7, 30, 31, 100]) {
        mask.voxelManager?.setAtIndex(index, 1);
      }
      const [values, ijk] = getDataInTime(volume, {
        maskVolumeId: mask.volumeId,
      }) as unknown as [number[][], number[][]];
      const labels = mask.voxelManager?.getCompleteScalarDataArray?.() as ArrayLike<number>;
      const own = isStreamingDynamicImageVolume(volume)
        ? (volume as { getMaskTimeSeries(mask: ArrayLike<number>): unknown }).getMaskTimeSeries(
            labels,
          )
        : undefined;
      return { values, ijk, own };
    });
    expect(ours.values).toEqual(builtIn.values);
    expect(ours.ijk).toEqual(builtIn.ijk);
    const { values } = ours;
    expect(ours.own).toEqual({
      voxelIndices: Uint32Array.of(7, 30, 31, 100),
      values: [0, 1, 2, 3].map((time) => Float32Array.from(values, (each) => each[time] as number)),
      means: [0, 1, 2, 3].map(
        (time) => values.reduce((sum, each) => sum + (each[time] as number), 0) / 4,
      ),
    });
  });

  it('fill a derived volume with the same values', async () => {
    const { ours, builtIn } = await onBoth((volume) => {
      volume.dimensionGroupNumber = 2;
      const targetVolume = volumeLoader.createAndCacheDerivedVolume(volume.volumeId, {
        volumeId: `sum-${count++}`,
        targetBuffer: { type: 'Float32Array' },
      } as never);
      updateVolumeFromTimeData(volume, SUM, { targetVolume });
      const { dimensions, imageIds, voxelManager } = targetVolume;
      return {
        dimensions: [...dimensions],
        slices: imageIds.length,
        values: Array.from({ length: 120 }, (_, i) => voxelManager?.getAtIndex(i)),
      };
    });
    expect(ours).toEqual(builtIn);
    expect(ours.slices).toBe(SIZE.slices);
  });

  it('see the same members, time point by time point', async () => {
    const { ours, builtIn } = await onBoth((volume) => {
      const changed: unknown[] = [];
      const seen = [1, 3, -1, -6, 9].map((delta) => {
        volume.scroll(delta);
        changed.push(volume.dimensionGroupNumber);
        const { voxelManager, dimensionGroupNumber, numDimensionGroups, numTimePoints } = volume;
        return {
          dimensionGroupNumber,
          numDimensionGroups,
          numTimePoints,
          splittingTag: volume.splittingTag,
          isDynamic: volume.isDynamicVolume(),
          value: voxelManager?.getAtIJK(2, 3, 1),
          index: voxelManager?.getAtIndex(50),
          length: voxelManager?.getScalarDataLength(),
          flat: [0, 5, 12].map((index) => [
            volume.flatImageIdIndexToDimensionGroupNumber(index),
            volume.flatImageIdIndexToImageIdIndex(index),
          ]),
          images: volume.getCurrentDimensionGroupImageIds().map((each) => each.split(':')[1]),
        };
      });
      return { seen, changed };
    });
    expect(ours).toEqual(builtIn);
  });
});

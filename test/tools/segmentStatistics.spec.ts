import { cache, imageLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { utilities as toolsUtilities } from '@cornerstonejs/tools';
import { addLabelmap, addSegmentation } from './support/addLabelmap.js';
import { CT_SPACING, ctValue } from './support/ctTruth.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { onPetInSuv, PET_SUV_FACTOR } from './support/onPetInSuv.js';

/** A box of voxels; the ends are in it. */
const COLUMNS = [20, 29] as const;
const ROWS = [10, 19] as const;
const SLICES = [5, 8] as const;

function forEachVoxel(slices: readonly [number, number], visit: (place: Types.Point3) => void) {
  for (let slice = slices[0]; slice <= slices[1]; slice++) {
    for (let row = ROWS[0]; row <= ROWS[1]; row++) {
      for (let column = COLUMNS[0]; column <= COLUMNS[1]; column++) {
        visit([column, row, slice]);
      }
    }
  }
}

/** What the statistics of the box have to be. */
function truth(slices: readonly [number, number] = SLICES) {
  const values: number[] = [];
  forEachVoxel(slices, (place) => {
    values.push(ctValue(place));
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { count: values.length, mean, min: Math.min(...values), max: Math.max(...values) };
}

interface Statistic {
  readonly value: number;
  readonly unit?: string;
}

/** The statistics of segment 1, computed in the worker of the tools. */
async function statisticsOf(segmentationId: string): Promise<Record<string, Statistic>> {
  const statistics = (await toolsUtilities.segmentation.getStatistics({
    segmentationId,
    segmentIndices: [1],
    mode: 'individual',
  })) as unknown as Record<number, Record<string, Statistic>>;
  return statistics[1] as Record<string, Statistic>;
}

/** Labelmap Images of some frames of a volume, with the box in them. */
function labelImagesOf(imageIds: readonly string[], slices: readonly [number, number]): string[] {
  const images = imageLoader.createAndCacheDerivedLabelmapImages([...imageIds]);
  forEachVoxel(slices, ([column, row, slice]) => {
    images[slice]?.voxelManager?.setAtIJK(column, row, 0, 1);
  });
  return images.map(({ imageId }) => imageId);
}

describe('getStatistics of a segmentation', () => {
  it('reads a volume under a labelmap volume', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const { segmentationId, volume: labelmap } = await addLabelmap(volume);
      forEachVoxel(SLICES, ([column, row, slice]) => {
        labelmap.voxelManager?.setAtIJK(column, row, slice, 1);
      });
      return statisticsOf(segmentationId);
    });
    expectSame(both);
    const { count, mean, min, max } = truth();
    expect(both.ours['mean']?.value).toBeCloseTo(mean, 6);
    expect(both.ours['min']?.value).toBe(min);
    expect(both.ours['max']?.value).toBe(max);
    const [x, y, z] = CT_SPACING;
    expect(both.ours['volume']?.value).toBeCloseTo(count * x * y * z, 6);
  });

  it('reads a volume under labelmap Images, from the frames in the image cache', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      await addSegmentation('by-image-ids', { imageIds: labelImagesOf(volume.imageIds, SLICES) });
      return statisticsOf('by-image-ids');
    });
    expectSame(both);
    const { mean, min, max } = truth();
    expect(both.ours['mean']?.value).toBeCloseTo(mean, 6);
    expect(both.ours['min']?.value).toBe(min);
    expect(both.ours['max']?.value).toBe(max);
  });

  it('reads single frames, which make no volume, from the image cache', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const [imageId = ''] = volume.imageIds;
      await addSegmentation('one-frame', { imageIds: labelImagesOf([imageId], [0, 0]) });
      return statisticsOf('one-frame');
    });
    expectSame(both);
    const { mean, min, max } = truth([0, 0]);
    expect(both.ours['mean']?.value).toBeCloseTo(mean, 6);
    expect(both.ours['min']?.value).toBe(min);
    expect(both.ours['max']?.value).toBe(max);
  });

  it('gives SUV for a PET that has the factor, by what the frames say of their scaling', async () => {
    const both = await onPetInSuv(async ({ volume }) => {
      await addSegmentation('pet', { imageIds: labelImagesOf(volume.imageIds, [5, 5]) });
      return statisticsOf('pet');
    });
    expectSame(both);
    const stored = truth([5, 5]).mean + 1024;
    expect(both.ours['mean']?.value).toBeCloseTo(stored * (0.25 + 5 / 64) * PET_SUV_FACTOR, 4);
    expect(both.ours['mean']?.unit).toBe('SUV');
  });

  it('leaves no second copy of our voxels in the image cache', async () => {
    const both = await onBothLoaders(async ({ volume, isOurs }) => {
      const before = cache.getCacheSize();
      const imageIds = labelImagesOf(volume.imageIds, SLICES);
      const labels = imageIds.length * 64 * 48;
      await addSegmentation('no-copy', { imageIds });
      await statisticsOf('no-copy');
      return isOurs ? cache.getCacheSize() - before - labels : 0;
    });
    expect(both.ours).toBe(0);
  });
});

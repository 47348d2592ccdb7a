import type { Series } from './fetchSeries.js';
import { hashOf } from './hashOf.js';
import { pause } from './pause.js';
import type { DynamicVolume, MeasuredVolume } from './volumes.js';

/**
 * Compares every voxel of a volume with the truth of the server.
 *
 * @throws Error that names the first slice with another voxel
 */
export async function checkVoxels(volume: MeasuredVolume, series: Series): Promise<void> {
  // The built-in loader calls back just before the last Image is in the cache, where the voxels are read.
  await pause(0);
  checkSlices(volume.voxelManager?.getCompleteScalarDataArray?.(), volume.imageIds, series);
}

/**
 * Compares every voxel of all time points of a volume with the truth of the server.
 *
 * @throws Error that names the first slice with another voxel
 */
export async function checkTimePoints(volume: DynamicVolume, series: Series): Promise<void> {
  const { imageIds, numDimensionGroups, voxelManager } = volume;
  await pause(0);
  const slices = imageIds.length / numDimensionGroups;
  for (let index = 0; index < numDimensionGroups; index++) {
    checkSlices(
      voxelManager.getDimensionGroupScalarData(index + 1),
      imageIds.slice(index * slices, (index + 1) * slices),
      series,
    );
  }
}

function checkSlices(
  values: ArrayLike<number> | undefined,
  imageIds: readonly string[],
  series: Series,
): void {
  const expected = imageIds.length * series.voxelsPerFrame;
  if (values?.length !== expected) {
    throw new Error(`Expected ${expected} voxels, got ${String(values?.length)}`);
  }
  imageIds.forEach((imageId, slice) => {
    const from = slice * series.voxelsPerFrame;
    if (hashOf(values, from, from + series.voxelsPerFrame) !== series.hashOf(imageId)) {
      throw new Error(`Slice ${slice} has other voxels than the server`);
    }
  });
}

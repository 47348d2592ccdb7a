import type { Series } from './fetchSeries.js';
import { hashOf } from './hashOf.js';
import { pause } from './pause.js';
import type { MeasuredVolume } from './volumes.js';

/**
 * Compares every voxel of a volume with the truth of the server.
 *
 * @throws Error that names the first slice with another voxel
 */
export async function checkVoxels(volume: MeasuredVolume, series: Series): Promise<void> {
  // The built-in loader calls back just before the last Image is in the cache, where the voxels are read.
  await pause(0);
  const values = volume.voxelManager?.getCompleteScalarDataArray?.();
  const expected = series.imageIds.length * series.voxelsPerFrame;
  if (values?.length !== expected) {
    throw new Error(`Expected ${expected} voxels, got ${String(values?.length)}`);
  }
  volume.imageIds.forEach((imageId, slice) => {
    const from = slice * series.voxelsPerFrame;
    if (hashOf(values, from, from + series.voxelsPerFrame) !== series.hashOf(imageId)) {
      throw new Error(`Slice ${slice} has other voxels than the server`);
    }
  });
}

import type { Series } from './fetchSeries.js';
import { hashOf } from './hashOf.js';

/**
 * Compares stored values, frame after frame, with the truth of the server.
 *
 * @throws Error that names the first frame with another value
 */
export function checkStoredVoxels(values: Int16Array, series: Series): void {
  const { imageIds, voxelsPerFrame, intercept } = series;
  imageIds.forEach((imageId, index) => {
    const stored = values.subarray(index * voxelsPerFrame, (index + 1) * voxelsPerFrame);
    if (hashOf(stored.map((value) => value + intercept)) !== series.hashOf(imageId)) {
      throw new Error(`Frame ${index} has other values than the server`);
    }
  });
}

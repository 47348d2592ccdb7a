import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from './createVolume.js';

/**
 * Loads a series and describes the first wrong voxel, with actual and expected value; `none` when all are
 * right.
 */
export async function firstWrongOf(
  imageIds: readonly string[],
  expected: readonly (readonly number[])[],
): Promise<string> {
  const volume = await createVolume(imageIds);
  const { failed } = await volume.load();
  const [failure] = failed;
  return failure
    ? `${failed.length} frames failed: ${failure.error.code}: ${failure.error.message.slice(0, 200)}`
    : firstWrong(volume, expected);
}

/** The first wrong voxel of a loaded volume. */
export function firstWrong(
  volume: StreamingImageVolume,
  expected: readonly (readonly number[])[],
): string {
  const data = volume.getScalarData();
  const all = expected.flat();
  const at = all.findIndex((value, i) => !Object.is(data[i], value) && data[i] !== value);
  if (data.length !== all.length) {
    return `${data.length} voxels instead of ${all.length}`;
  }
  return at < 0 ? 'none' : `voxel ${at}: ${data[at]} instead of ${all[at]}`;
}

import type { Vector3 } from './types.js';

/** What the imageId of a resampled slice says. */
export interface ResampledSliceId {
  /** Centre of the first pixel in mm. */
  readonly position: Vector3;
  readonly columns: number;
  readonly rows: number;
  /** The frames that it is made of. All but its place and its size is as in the first. */
  readonly sourceImageIds: readonly string[];
}

/** The scheme of these imageIds. */
export const RESAMPLED_SLICE_SCHEME = 'resampledSlice';

/**
 * Makes the imageId of a slice that is made of frames beside it. It says what the slice is made of, so
 * that two slices with one imageId have the same voxels, and never has the imageId of a frame, whose
 * pixels are others.
 */
export function resampledSliceImageId({
  position,
  columns,
  rows,
  sourceImageIds,
}: ResampledSliceId): string {
  const sources = sourceImageIds.map(encodeURIComponent);
  return `${RESAMPLED_SLICE_SCHEME}:${[...position, columns, rows, ...sources].join(',')}`;
}

/** Reads what {@link resampledSliceImageId} has made; `undefined` for every other imageId. */
export function parseResampledSliceImageId(imageId: string): ResampledSliceId | undefined {
  if (!imageId.startsWith(`${RESAMPLED_SLICE_SCHEME}:`)) {
    return undefined;
  }
  const parts = imageId.slice(RESAMPLED_SLICE_SCHEME.length + 1).split(',');
  const numbers = parts.slice(0, 5).map(Number);
  const sources = parts.slice(5);
  if (sources.length === 0 || !numbers.every(Number.isFinite)) {
    return undefined;
  }
  const [x, y, z, columns, rows] = numbers as [number, number, number, number, number];
  return {
    position: [x, y, z],
    columns,
    rows,
    sourceImageIds: sources.map(decodeURIComponent),
  };
}

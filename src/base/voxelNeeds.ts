import type { VoxelNeeds } from './smallestVoxelType.js';
import type { LinearRescale } from './types.js';

/**
 * Finds what a voxel type has to hold for pixels, rescaled. Only for those that do not fit: it looks at each
 * value anew.
 */
export function voxelNeeds(
  pixels: ArrayLike<number>,
  { slope, intercept }: LinearRescale,
): VoxelNeeds {
  let min = Infinity;
  let max = -Infinity;
  let isWhole = true;
  for (let i = 0; i < pixels.length; i++) {
    const value = (pixels[i] as number) * slope + intercept;
    if (Number.isFinite(value)) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    // Of NaN and the infinities too, which integer types do not have.
    isWhole &&= Number.isInteger(value);
  }
  return { range: min <= max ? { min, max } : undefined, isWhole };
}

import { StreamingVolumeError } from './errors.js';
import type { LinearRescale, PixelArray, ValueRange } from './types.js';
import { copyRescaled } from './copyRescaled.js';
import type { CopyTarget } from './copyRescaled.js';
import type { StoredBits } from './storedBits.js';

/**
 * Writes the pixels of a frame, rescaled, all of them or none.
 *
 * @param imageId - of the frame, for errors
 * @param bits - of the values, where `pixels` are pixel cells
 * @returns the range of what was written; `undefined` when no value is finite
 * @throws StreamingVolumeError with code `frame-size` when the number of values differs, or
 *   `value-out-of-range` when a value does not fit the target's type; the target is unchanged then
 */
export function writePixels(
  pixels: PixelArray,
  rescale: LinearRescale,
  target: CopyTarget,
  imageId: string,
  bits?: StoredBits,
): ValueRange | undefined {
  if (pixels.length !== target.values.length) {
    throw new StreamingVolumeError(
      'frame-size',
      `Expected ${target.values.length} values for a frame, got ${pixels.length} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const result = copyRescaled(pixels, rescale, target, bits);
  if (!result.fits) {
    throw new StreamingVolumeError(
      'value-out-of-range',
      `The value ${result.value} does not fit the ${target.dataType} of the volume (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return result.range;
}

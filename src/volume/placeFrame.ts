import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../errors.js';
import type { FrameStore } from '../frames/FrameStore.js';
import { isDecodedFrame } from '../pixels/DecodedFrame.js';
import { imagePixels } from '../pixels/imagePixels.js';
import type { FrameMetadata, LinearRescale, ValueRange } from '../types.js';

const IDENTITY: LinearRescale = { slope: 1, intercept: 0 };

/**
 * Sees that the result of a loader stands in its slot of the volume.
 *
 * @param rescale - what makes voxels of the stored values
 * @returns false when a loader that made an Image claims to have written to the slot, but has not
 * @throws StreamingVolumeError with code `frame-size` or `value-out-of-range`
 */
export function placeFrame(
  store: FrameStore,
  imageIdIndex: number,
  result: unknown,
  { imageId }: FrameMetadata,
  rescale: LinearRescale,
): boolean {
  if (isDecodedFrame(result)) {
    if (result.inPlace && result.range) {
      store.setRange(imageIdIndex, result.range);
    } else {
      store.write(imageIdIndex, result.pixelData, result.scaled ? IDENTITY : rescale, imageId);
    }
    return true;
  }
  if (typeof result !== 'object' || result === null) {
    throw new StreamingVolumeError(
      'frame-body',
      `The image loader gave ${String(result)} instead of an image (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const image = result as Types.IImage;
  const { pixels, scaled } = imagePixels(image);
  if (pixels.buffer !== store.data.buffer) {
    store.write(imageIdIndex, pixels, scaled ? IDENTITY : rescale, imageId);
    return true;
  }
  // A loader that made an Image over the slot: its worker writes there only when the type agrees.
  const written = rangeOf(store.frame(imageIdIndex));
  if (written.min !== image.minPixelValue || written.max !== image.maxPixelValue) {
    return false;
  }
  store.setRange(imageIdIndex, written);
  return true;
}

function rangeOf(values: ArrayLike<number>): ValueRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}

import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/FrameStore.js';
import { finiteRange } from '../../base/valueRange.js';
import { IDENTITY_RESCALE } from '../../base/linearRescale.js';
import { isDecodedFrame } from '../../pixels/DecodedFrame.js';
import { imagePixels } from '../../pixels/image/imagePixels.js';
import type { FrameMetadata, LinearRescale, PixelArray, VolumeArray } from '../../base/types.js';
import { mayLackFractions } from './mayLackFractions.js';

/**
 * Sees that the result of a loader stands in its slot of the volume.
 *
 * @param rescale - what makes voxels of the stored values
 * @param requestedData - the array of the store when the frame was requested: where the loader has written to,
 *   if to any; the store may have widened since
 * @returns false when the loader made an Image that cannot be trusted: it claims to have written to the
 *   slot but has not, or it may have cut off fractions
 * @throws StreamingVolumeError as `FrameStore.write` does
 */
export function placeFrame(
  store: FrameStore,
  imageIdIndex: number,
  result: unknown,
  { imageId, rows, columns }: FrameMetadata,
  rescale: LinearRescale,
  requestedData: VolumeArray,
): boolean {
  const hasMoved = store.data !== requestedData;
  if (isDecodedFrame(result)) {
    if (result.inPlace && result.range && !hasMoved) {
      store.setRange(imageIdIndex, result.range);
    } else if (result.scaled && result.range && isLike(result.pixelData, store)) {
      store.frame(imageIdIndex).set(result.pixelData);
      store.setRange(imageIdIndex, result.range);
    } else {
      store.write(
        imageIdIndex,
        result.pixelData,
        result.scaled ? IDENTITY_RESCALE : rescale,
        imageId,
      );
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
  const { pixels, scaled } = imagePixels(image, { rows, columns });
  if (pixels.buffer !== requestedData.buffer) {
    if (scaled && mayLackFractions(image, rescale)) {
      return false;
    }
    store.write(imageIdIndex, pixels, scaled ? IDENTITY_RESCALE : rescale, imageId);
    return true;
  }
  // A loader that made an Image over the slot: its worker writes there only when the type agrees.
  const slot = store.frameOf(requestedData, imageIdIndex);
  const written = finiteRange(slot);
  if (written?.min !== image.minPixelValue || written.max !== image.maxPixelValue) {
    return false;
  }
  if (hasMoved) {
    store.write(imageIdIndex, slot, IDENTITY_RESCALE, imageId);
  } else {
    store.setRange(imageIdIndex, written);
  }
  return true;
}

/** Whether pixels are a frame of the store: copying them needs no look at their values. */
function isLike(pixels: PixelArray, { data, valuesPerFrame }: FrameStore): boolean {
  return pixels.constructor === data.constructor && pixels.length === valuesPerFrame;
}

import { cache, imageLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/FrameStore.js';
import { IDENTITY_RESCALE } from '../../base/rescale.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { FrameMetadata, LinearRescale, PixelArray, VolumeArray } from '../../base/types.js';
import { finiteRange } from '../../base/voxelTypes.js';
import { isDecodedFrame } from '../../pixels/DecodedFrame.js';
import type { DecodedFrame } from '../../pixels/DecodedFrame.js';
import { imagePixels, mayLackFractions } from '../../pixels/image/imagePixels.js';
import { copyFromMemory } from '../memory/copyFromMemory.js';
import { withCurrentTarget, withSignal } from './frameRequest.js';
import type { FrameRequestOptions, FrameRequestTarget } from './frameRequest.js';

/**
 * Fills the slot of a frame: from memory where it can be had there, otherwise through Cornerstone's image
 * loaders.
 *
 * @param index - slot in the store
 * @param ownsCacheEntry - whether the image cache's entry of the frame is one that would wait for this
 * @returns the quality of the pixels; rejects with what the loader rejects with, and as `writeToSlot` throws
 */
export async function loadIntoSlot(
  target: FrameRequestTarget,
  index: number,
  frame: FrameMetadata,
  options: FrameRequestOptions,
  ownsCacheEntry: boolean,
): Promise<number> {
  const { store, isPreScaled } = target;
  if (copyFromMemory(target, index, frame)) {
    return IMAGE_QUALITY.full;
  }
  const rescale = isPreScaled ? frame.rescale : IDENTITY_RESCALE;
  // An Image that is on its way already is waited for. One that is there was not good enough, and one
  // of this volume's own would wait for the very frame that is being loaded.
  const ignoreCache = cache.isLoaded(frame.imageId) || ownsCacheEntry;
  const current = withCurrentTarget(options, store, index);
  const requestedData = store.data;
  const request = loadImage(frame.imageId, withSignal(current, options.signal, { ignoreCache }));
  const result = await (store.mayWiden ? request.catch(keepMisfit) : request);
  // A loader that does not listen may come back after the try was given up.
  options.signal?.throwIfAborted();
  const { transport, times } = (result ?? {}) as Partial<DecodedFrame>;
  target.transports.add(transport);
  target.trace?.addTimes(options.additionalDetails.imageIdIndex, times);
  if (result === MISFIT || !writeToSlot(store, index, result, frame, rescale, requestedData)) {
    // The Image cannot be trusted: the loader gets no slot this time, and is asked for stored values.
    const { targetBuffer: _, ...withoutTarget } = options;
    const image = await loadImage(frame.imageId, {
      ...withoutTarget,
      ignoreCache: true,
      preScale: { enabled: false },
    });
    writeToSlot(store, index, image, frame, rescale, store.data);
  }
  return imageQuality(result);
}

/** Stands for pixels that a loader keeps for itself, as their slot does not hold them. */
const MISFIT = Object.freeze({});

function keepMisfit(error: unknown): unknown {
  if (isStreamingVolumeError(error, 'value-out-of-range')) {
    return MISFIT;
  }
  throw error;
}

/** Loaders that know nothing of qualities give all that there is. */
function imageQuality(result: unknown): number {
  const { imageQualityStatus } = result as { imageQualityStatus?: number };
  return imageQualityStatus ?? IMAGE_QUALITY.full;
}

/** Cornerstone's types know only some of the options that it hands on to loaders. */
const loadImage = imageLoader.loadImage as unknown as (
  imageId: string,
  options: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

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
export function writeToSlot(
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

import { cache, imageLoader } from '@cornerstonejs/core';
import { isStreamingVolumeError } from '../../base/errors.js';
import { IMAGE_QUALITY } from '../../base/imageQuality.js';
import { IDENTITY_RESCALE } from '../../base/linearRescale.js';
import type { DecodedFrame } from '../../pixels/DecodedFrame.js';
import type { FrameMetadata } from '../../base/types.js';
import { withCurrentTarget, withSignal } from './frameRequest.js';
import type { FrameRequestOptions, FrameRequestTarget } from './frameRequest.js';
import { placeFrame } from './placeFrame.js';
import { takeCachedFrame } from '../memory/takeCachedFrame.js';

/**
 * Fills the slot of a frame: from memory where it can be had there, otherwise through Cornerstone's image
 * loaders.
 *
 * @param index - slot in the store
 * @param ownsCacheEntry - whether the image cache's entry of the frame is one that would wait for this
 * @returns the quality of the pixels; rejects with what the loader rejects with, and as `placeFrame` throws
 */
export async function fillFrame(
  target: FrameRequestTarget,
  index: number,
  frame: FrameMetadata,
  options: FrameRequestOptions,
  ownsCacheEntry: boolean,
): Promise<number> {
  const { store, isPreScaled } = target;
  if (takeCachedFrame(target, index, frame)) {
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
  target.transports.add((result as Partial<DecodedFrame> | undefined)?.transport);
  if (result === MISFIT || !placeFrame(store, index, result, frame, rescale, requestedData)) {
    // The Image cannot be trusted: the loader gets no slot this time, and is asked for stored values.
    const { targetBuffer: _, ...withoutTarget } = options;
    const image = await loadImage(frame.imageId, {
      ...withoutTarget,
      ignoreCache: true,
      preScale: { enabled: false },
    });
    placeFrame(store, index, image, frame, rescale, store.data);
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

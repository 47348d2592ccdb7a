import { cache, Enums, imageLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/voxels/FrameStore.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import { applyModalityLut } from '../../base/voxels/modalityLut.js';
import { IDENTITY_RESCALE } from '../../base/voxels/rescale.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { PixelArray, VolumeArray } from '../../base/types.js';
import { finiteRange } from '../../base/voxels/voxelTypes.js';
import { isDecodedFrame } from '../../pixels/DecodedFrame.js';
import type { DecodedFrame } from '../../pixels/DecodedFrame.js';
import { describeFrame } from '../../pixels/describeFrame.js';
import {
  cellType,
  imagePixels,
  isAsStored,
  mayLackFractions,
  storedPixels,
} from '../../pixels/image/imagePixels.js';
import { readModule } from '../../headers/readModule.js';
import type { FrameSlot, LoadContext } from '../LoadContext.js';
import { copyFromMemory } from '../memory/copyFromMemory.js';
import { ownsCacheEntry } from '../memory/cacheEntries.js';
import { cellRequestOptions, frameRequestOptions, ignoringCache } from './frameRequest.js';
import type { FrameRequest, FrameRequestOptions } from './frameRequest.js';
import type { FrameScale, PartialPixels } from './PartialPixels.js';

/** How pixels of lower quality are shown until those of the whole frame are there. */
export interface PartialShow {
  readonly pixels: PartialPixels;
  /** Called while the frame arrives, with the quality that the slot has got. */
  readonly onShown: (quality: number) => void;
}

/**
 * Fills the slot of a frame: from memory where its pixels are there, otherwise through Cornerstone's image
 * loaders.
 *
 * @param partial - undefined where the slot is to have the pixels of the whole frame only
 * @returns the quality of the pixels, as Cornerstone's ImageQualityStatus counts it. Rejects with what the
 *   loader rejects with, as {@link writeToSlot} throws, and with code `metadata-missing` where the loader
 *   finds no headers of the frame any more
 */
export async function loadIntoSlot(
  context: LoadContext,
  slot: FrameSlot,
  request: Omit<FrameRequest, 'signal'>,
  signal: AbortSignal,
  partial?: PartialShow,
): Promise<number> {
  const { frame, store } = slot;
  const { isPreScaled } = context;
  const rescale = isPreScaled ? frame.rescale : IDENTITY_RESCALE;
  const lut = isPreScaled ? frame.modalityLut : undefined;
  const scale = { rescale, lut };
  if (copyFromMemory(slot, isPreScaled)) {
    return IMAGE_QUALITY.full;
  }
  // An Image that is on its way already is waited for, once. One that is there was not good enough, and a view of
  // this volume would wait for the frame that is being loaded.
  const underWay = cache.getImageLoadObject(frame.imageId) as object | undefined;
  const ignoreCache =
    cache.isLoaded(frame.imageId) ||
    ownsCacheEntry(context, frame.imageId) ||
    (underWay !== undefined && stalled.has(underWay));
  const isJoined = underWay !== undefined && !ignoreCache;
  if (isJoined) {
    signal.addEventListener('abort', () => {
      if (isStreamingVolumeError(signal.reason, 'frame-timeout')) {
        stalled.add(underWay);
      }
    });
  }
  const requestedData = store.data;
  let isSettled = false;
  const onPartial =
    partial &&
    ((shown: DecodedFrame): void => {
      if (!isSettled && !signal.aborted) {
        partial.onShown(partial.pixels.show(slot, shown, scale));
      }
    });
  const options = frameRequestOptions(context, slot, {
    ...request,
    signal,
    ignoreCache,
    onPartial,
  });
  const loading = isJoined
    ? joinOrLoad(frame.imageId, options, signal)
    : loadImage(frame.imageId, options);
  const result = await (store.mayWiden ? loading.catch(keepMisfit) : loading).catch(
    (error: unknown) => {
      isSettled = true;
      throw explainMissingMetadata(error, frame.imageId);
    },
  );
  isSettled = true;
  // A loader that ignores its signal may answer after the abort of this try.
  signal.throwIfAborted();
  const { transport, decoder, times } = (result ?? {}) as Partial<DecodedFrame>;
  // An Image that another caller has requested says nothing of how frames are fetched.
  if (!isJoined || transport) {
    context.progress.fetchedBy(transport, decoder);
  }
  context.trace?.addTimes(slot.sliceIndex, times);
  if (partial && isDecodedFrame(result) && result.missing) {
    return partial.pixels.show(slot, result, scale);
  }
  if (result === MISFIT || !writeToSlot(slot, result, scale, requestedData)) {
    // The Image cannot be trusted: the second request has no slot, and is for pixel cells.
    const target = result === MISFIT ? undefined : cellTarget(frame.imageId);
    const image = await loadImage(frame.imageId, cellRequestOptions(options, target));
    signal.throwIfAborted();
    writeToSlot(slot, image, scale, store.data, true);
  }
  return imageQuality(result);
}

/**
 * Waits for an Image that another caller has requested. Requests the frame itself where that one does not come, for
 * instance as its caller has cancelled it, or comes in a lower quality, as stacks show it while they load.
 */
async function joinOrLoad(
  imageId: string,
  options: FrameRequestOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const image = await loadImage(imageId, options).catch(() => undefined);
  signal.throwIfAborted();
  const isWhole = image !== undefined && imageQuality(image) >= IMAGE_QUALITY.full;
  return isWhole ? image : loadImage(imageId, ignoringCache(options));
}

/** Images under way in Cornerstone's cache that did not come in time: the next try requests the frame itself. */
const stalled = new WeakSet();

/**
 * Workaround: dicom-image-loader (imageLoader/getImageFrame.js, createImage.js) reads the headers again for each
 * frame, and fails with a TypeError such as "Cannot destructure property 'rows'" where an application has purged
 * them. Remove when it rejects with an error that names the missing module.
 */
function explainMissingMetadata(error: unknown, imageId: string): unknown {
  const isPurged =
    error instanceof TypeError &&
    readModule(Enums.MetadataModules.IMAGE_PIXEL, imageId) === undefined;
  return isPurged
    ? new StreamingVolumeError(
        'metadata-missing',
        `Cornerstone has no imagePixelModule of a frame any more: ${error.message} (${imageId}). ` +
          'Keep the metadata as long as the volume, or provide it again and call retryFailedFrames()',
        { imageIds: [imageId], cause: error },
      )
    : error;
}

/** No place, but the type in which dicom-image-loader keeps all bits of a frame. */
function cellTarget(imageId: string): { readonly type: string } | undefined {
  const { isKnown, isColor, layout } = describeFrame(imageId);
  return isKnown && !isColor ? { type: cellType(layout) } : undefined;
}

/** The result of a loader that keeps pixels back because the type of the slot does not hold them. */
const MISFIT = Object.freeze({});

function keepMisfit(error: unknown): unknown {
  if (isStreamingVolumeError(error, 'value-out-of-range')) {
    return MISFIT;
  }
  throw error;
}

/** A loader without qualities gives the full one. */
function imageQuality(result: unknown): number {
  const { imageQualityStatus } = (result ?? {}) as { imageQualityStatus?: number };
  return imageQualityStatus ?? IMAGE_QUALITY.full;
}

/** Cornerstone's types have only some of the options that it hands on to loaders. */
const loadImage = imageLoader.loadImage as unknown as (
  imageId: string,
  options: FrameRequestOptions,
) => Promise<unknown>;

/**
 * Brings the result of a loader into its slot, where the loader has not written it there.
 *
 * @param scale - makes voxels of the stored values
 * @param requestedData - the array of the store at the time of the request, which the loader may have written
 *   to; the store may have widened since
 * @param hasCells - whether an Image has the pixel cells that were asked for, and no values yet
 * @returns false when the loader made an Image that cannot be trusted: its pixels claim to be in the
 *   slot but are not, are not what the header allows, or may have lost their fractions
 * @throws StreamingVolumeError with code `frame-body` when the result is no image, or as
 *   `FrameStore.write` does
 */
function writeToSlot(
  { frame: { imageId, rows, columns }, store, slotIndex, pick }: FrameSlot,
  result: unknown,
  { rescale, lut }: FrameScale,
  requestedData: VolumeArray,
  hasCells = false,
): boolean {
  const hasMoved = store.data !== requestedData;
  if (isDecodedFrame(result)) {
    if (result.inPlace && result.range && !hasMoved) {
      store.setRange(slotIndex, result.range);
    } else if (result.scaled && result.range && isLike(result.pixelData, store)) {
      store.frame(slotIndex).set(result.pixelData);
      store.setRange(slotIndex, result.range);
    } else {
      const ownRescale = result.scaled ? IDENTITY_RESCALE : rescale;
      const kept =
        pick && !result.pick ? pickPixels(result.pixelData, pick, imageId) : result.pixelData;
      const values = lut && !result.scaled ? applyModalityLut(kept, lut) : kept;
      store.write(slotIndex, values, ownRescale, imageId);
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
    const applied = scaled ? rescale : IDENTITY_RESCALE;
    const isWrong =
      (scaled && mayLackFractions(image, rescale)) || !isAsStored(image, applied, imageId);
    if (isWrong && !hasCells) {
      return false;
    }
    const whole = scaled ? pixels : storedPixels(image, pixels, imageId);
    const stored = pick ? pickPixels(whole, pick, imageId) : whole;
    const values = lut && !scaled ? applyModalityLut(stored, lut) : stored;
    store.write(slotIndex, values, scaled ? IDENTITY_RESCALE : rescale, imageId);
    return true;
  }
  // Workaround: dicom-image-loader (imageLoader/createImage.js) makes an Image over the slot also where its worker has
  // written nothing there, as the type differs. Remove when it states whether the pixels are in the target.
  const slot = store.frameOf(requestedData, slotIndex);
  const written = finiteRange(slot);
  if (written?.min !== image.minPixelValue || written.max !== image.maxPixelValue) {
    return false;
  }
  if (!isAsStored(image, scaled ? rescale : IDENTITY_RESCALE, imageId)) {
    slot.fill(0);
    return false;
  }
  if (hasMoved) {
    store.write(slotIndex, slot, IDENTITY_RESCALE, imageId);
  } else {
    store.setRange(slotIndex, written);
  }
  return true;
}

/** Whether pixels can be copied without a look at their values. */
function isLike(pixels: PixelArray, { data, valuesPerFrame }: FrameStore): boolean {
  return pixels.constructor === data.constructor && pixels.length === valuesPerFrame;
}

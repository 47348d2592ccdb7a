import { isStreamingVolumeError, unreadable } from '../../base/errors.js';
import { isSamePick } from '../../base/voxels/pickPixels.js';
import { lazyPart } from '../../base/lazyPart.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import type { VolumeTransport } from '../../base/types.js';
import { frameInPath } from '../../headers/frameHeader.js';
import { createDecodedFrame, epochNow, rescaleOf, targetOf, timesNow } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from '../DecodedFrame.js';
import { describeFrame, findHeldFrame, headersMissing } from '../describeFrame.js';
import type { FrameDescription, HeldFrame } from '../describeFrame.js';
import { asImageLoadObject, rejected, skipDicomImages } from '../image/withSkipCreateImage.js';
import type { ImageLoader } from '../image/withSkipCreateImage.js';
import type { PixelLayout } from '../pixelLayout.js';
import { decodePartial } from '../progressive/decodePartial.js';
import type { PartialRequest } from '../progressive/PartialCodestreams.js';
import { PartialFrames } from '../progressive/PartialFrames.js';
import { frameTransferSyntax } from '../transferSyntax.js';
import { decodeInWorker } from '../worker/decodeInWorker.js';
import { fetchInWorker, isFetchedPixels } from '../worker/fetchInWorker.js';
import type { FetchedFrame } from '../worker/fetchInWorker.js';
import type { FetchedPixels } from '../worker/frameOutput.js';
import type { FrameWorkerPool } from '../worker/FrameWorkerPool.js';
import type { WorkerFetch } from '../worker/workerRequest.js';
import { fetchFrame, frameUrl } from './fetchFrame.js';
import { completeLayout } from './fetchPalette.js';
import { readFrameBody } from './multipartFrame.js';
import type { FrameBody } from './multipartFrame.js';
import { partialOf, rangeOf } from './retrieveOptions.js';

/**
 * Gives the `wadors:` loader of dicom-image-loader a path without an Image: the frame is fetched, cut out
 * of the response and decoded straight into the volume.
 *
 * The frame workers do that. Without frame workers, or where a hook of the application needs an XMLHttpRequest, the main
 * thread fetches; compressed frames that frame workers cannot decode go to dicom-image-loader's worker.
 *
 * A frame whose bytes are in Cornerstone's metadata is not fetched, unless it cannot be decoded. A frame of JPEG 2000 or
 * HTJ2K that arrives slowly, or in byte ranges that `retrieveOptions` ask for, is shown with lower quality before.
 *
 * @param imageLoader - the `wadors:` loader of dicom-image-loader, for all other requests
 * @returns a loader whose promise rejects with a StreamingVolumeError of code `frame-fetch`, `frame-body`,
 *   `frame-decode`, `frame-size`, `value-out-of-range` or `metadata-missing`, or with the reason of an abort
 */
export function createWadorsLoader(
  imageLoader: ImageLoader,
  workers: FrameWorkerPool,
): ImageLoader {
  const throughImage = skipDicomImages(imageLoader);
  return (imageId, options?: FrameOptions) => {
    if (options?.skipCreateImage !== true) {
      return throughImage(imageId, options);
    }
    const description = describeFrame(imageId);
    if (!description.isKnown) {
      return rejected(headersMissing(imageId));
    }
    if (mayBeginWithinByte(imageId, description.layout)) {
      const error = unreadable('frames of one bit a pixel that do not fill their bytes', imageId);
      return rejected(error);
    }
    const controller = new AbortController();
    const signals = [controller.signal, options.signal].filter((signal) => signal !== undefined);
    const signal = AbortSignal.any(signals);
    return asImageLoadObject({
      promise: loadFrame({ imageId, description, options, workers, signal }),
      cancelFn: () => {
        controller.abort();
      },
    });
  };
}

/** Only retrieve configurations of an application ask for byte ranges. */
const byteRanges = lazyPart('the loader of byte ranges', () => import('./loadByRange.js'));

/** One frame, and for which target it is loaded. */
interface FrameLoad {
  readonly imageId: string;
  readonly description: FrameDescription;
  readonly options: FrameOptions;
  readonly workers: FrameWorkerPool;
  readonly signal: AbortSignal;
}

/** Several volumes may request the same frame at the same time. */
const frameRequests = new SharedRequests<FetchedFrame>();

async function loadFrame(wanted: FrameLoad): Promise<DecodedFrame> {
  const { imageId, options, signal } = wanted;
  const layout = completeLayout(imageId, wanted.description, signal);
  const load = {
    ...wanted,
    description: {
      ...wanted.description,
      layout: layout instanceof Promise ? await layout : layout,
    },
  };
  const held = findHeldFrame(imageId, frameNumberOf(imageId));
  // Without a held frame and bulk data nothing is awaited before the request, which leaves within the call.
  const heldFrame = held && (await decodeHeld(load, held));
  if (heldFrame) {
    return heldFrame;
  }
  const url = frameUrl(imageId, options);
  const range = rangeOf(imageId, options);
  if (range) {
    const finish = (content: FrameBody): Promise<DecodedFrame> =>
      decodeFetched(load, { content, transport: RANGES, times: undefined }, true);
    const { loadByRange } = byteRanges.part ?? (await byteRanges.fetch());
    return loadByRange({ ...load, url, range, transport: RANGES }, finish);
  }
  const partial = partialOf(options);
  const partialFrames = partial && showPartialFrames(load);
  try {
    return await loadShared(load, url, partial, partialFrames);
  } finally {
    partialFrames?.close();
  }
}

const RANGES: VolumeTransport = {
  thread: 'main thread',
  reason: 'the retrieve configuration asks for byte ranges',
};

/** Several volumes may request the same frame; each gets its own voxels, the first one also beginnings of the frame. */
async function loadShared(
  load: FrameLoad,
  url: string,
  partial: PartialRequest | undefined,
  partialFrames: PartialFrames | undefined,
): Promise<DecodedFrame> {
  const { options, signal } = load;
  let isOwn = false;
  const fetchOwn = (ownSignal: AbortSignal): Promise<FetchedFrame> => {
    isOwn = true;
    return fetchAnywhere(url, load, ownSignal, { partial, onPartial: partialFrames?.add });
  };
  const finish = async (fetched: FetchedFrame): Promise<DecodedFrame> => {
    signal.throwIfAborted();
    partialFrames?.close();
    const { content } = fetched;
    return isOwn || !isFetchedPixels(content) || isMadeFor(options, content)
      ? decodeFetched(load, fetched, isOwn)
      : decodeFetched(load, await fetchOwn(signal), true);
  };
  try {
    return await frameRequests.use(url, fetchOwn, finish, signal);
  } catch (error) {
    if (isOwn || !isStreamingVolumeError(error) || !OF_THE_TARGET.has(error.code)) {
      throw error;
    }
    return decodeFetched(load, await fetchOwn(signal), true);
  }
}

/** Decodes bytes that came with the metadata; undefined where they are not the frame. */
async function decodeHeld(
  { imageId, description: { layout }, options, workers, signal }: FrameLoad,
  { bytes, transferSyntax }: HeldFrame,
): Promise<DecodedFrame | undefined> {
  const begunAt = options.trace === true ? epochNow() : undefined;
  try {
    const held = { imageId, bytes, transferSyntax, layout };
    const frame = await decodeInWorker(workers, held, options, signal);
    const times = begunAt === undefined ? undefined : timesNow(begunAt, begunAt);
    return { ...frame, transport: HELD, times };
  } catch (error) {
    if (isStreamingVolumeError(error) && error.code !== 'value-out-of-range') {
      return undefined;
    }
    throw error;
  }
}

const HELD: VolumeTransport = {
  thread: 'main thread',
  reason: 'the metadata has the bytes of the frames',
};

/** Errors of the target of the first request, which another volume may not have with the same frame. */
const OF_THE_TARGET: ReadonlySet<string> = new Set(['frame-size', 'value-out-of-range']);

/** Whether voxels that were made for another volume are right for this one, which can take a part of a whole frame. */
function isMadeFor(options: FrameOptions, { rescale, pick }: FetchedPixels): boolean {
  const wanted = rescaleOf(options.preScale);
  const isRescaled = wanted?.slope === rescale.slope && wanted.intercept === rescale.intercept;
  return isRescaled && (!pick || isSamePick(pick, targetOf(options)?.pick));
}

async function fetchAnywhere(
  url: string,
  { imageId, description, options, workers, signal: ownerSignal }: FrameLoad,
  signal: AbortSignal,
  showing: Pick<WorkerFetch, 'partial' | 'onPartial'>,
): Promise<FetchedFrame> {
  const wanted = { url, imageId, description, options, signal, ownerSignal, ...showing };
  const fetched = await fetchInWorker(workers, wanted);
  if ('content' in fetched) {
    return fetched;
  }
  const { reason, begun } = fetched;
  const requestedAt = options.trace === true ? epochNow() : undefined;
  const { bytes, contentType } = await fetchFrame(url, imageId, signal, begun);
  const times = requestedAt === undefined ? undefined : timesNow(requestedAt, epochNow());
  const content = readFrameBody(bytes, contentType, description.nativeLength, imageId);
  return { content, transport: { thread: 'main thread', reason }, times };
}

/** @param isOwn - whether the frame was fetched for this target, so that its pixels may be in it already */
async function decodeFetched(
  { imageId, description, options, workers, signal }: FrameLoad,
  { content, transport, times: requestTimes }: FetchedFrame,
  isOwn: boolean,
): Promise<DecodedFrame> {
  signal.throwIfAborted();
  const { imageQualityStatus } = (options.retrieveOptions ?? {}) as { imageQualityStatus?: number };
  // Another volume may have traced the same request.
  const times = options.trace === true ? requestTimes : undefined;
  if (isFetchedPixels(content)) {
    const { values: pixelData, range, pick, isDecoded } = content;
    const inPlace = content.inPlace && isOwn;
    const pixels = { imageId, pixelData, inPlace, pick, scaled: true, range };
    const decoder = isDecoded ? ({ thread: 'frame worker' } as const) : undefined;
    return createDecodedFrame({ ...pixels, transport, decoder, times, imageQualityStatus });
  }
  const { nativeLength, storedSyntax, layout } = description;
  const syntax = frameTransferSyntax(content, nativeLength, storedSyntax, imageId);
  const undecoded = content.undecoded?.reason;
  const body = { imageId, bytes: content.bytes, transferSyntax: syntax, layout, undecoded };
  const frame = await decodeInWorker(workers, body, options, signal);
  const decodedTimes = times && { ...times, decodedAt: epochNow() };
  return { ...frame, transport, times: decodedTimes, imageQualityStatus };
}

/** Decodes beginnings of the frame for the first requester. */
function showPartialFrames({ imageId, description, options, signal }: FrameLoad): PartialFrames {
  return new PartialFrames(
    (codestream) => decodePartial(imageId, codestream, description.layout, signal),
    (frame) => {
      if (!signal.aborted) {
        options.onPartial?.(frame);
      }
    },
  );
}

/** From 1. */
function frameNumberOf(imageId: string): number {
  return Math.max(1, frameInPath(imageId) ?? 1);
}

/**
 * Whether the server may send a frame from its first bit on, or from the byte that has its first bit:
 * nothing says which for frames of one bit a pixel behind one that ends within a byte (PS3.5 8.1.1).
 */
function mayBeginWithinByte(imageId: string, { bitsAllocated, valueCount }: PixelLayout): boolean {
  return bitsAllocated === 1 && valueCount % 8 !== 0 && frameNumberOf(imageId) > 1;
}

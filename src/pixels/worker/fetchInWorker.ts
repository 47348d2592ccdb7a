import { HookedRequest, whyUnserved } from '../../base/transport/HookedRequest.js';
import type { PreparedRequest } from '../../base/transport/HookedRequest.js';
import { requestFailure } from '../../base/transport/request.js';
import type { PageRequest } from '../../base/transport/request.js';
import { applicationHooks } from '../../base/transport/transportHooks.js';
import type { FrameTimes } from '../../base/frameTrace.js';
import type { PixelPick } from '../../base/voxels/pickPixels.js';
import type { LinearRescale, ValueRange, VolumeArray, VolumeTransport } from '../../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { rescaleOf, targetOf } from '../DecodedFrame.js';
import type { FrameOptions } from '../DecodedFrame.js';
import { createFetchError, FRAME_HEADERS, frameUrl, headersFor } from '../wadors/fetchFrame.js';
import type { FrameBody } from '../wadors/multipartFrame.js';
import type { FrameMemory, FrameOutput, WrittenPixels } from './frameMessages.js';
import type { FrameWorkerPool } from './FrameWorkerPool.js';
import { requestFrame, requestHookedFrame } from './workerRequest.js';
import type { WorkerFetch } from './workerRequest.js';

/** A frame that the main thread has to fetch. */
export interface LeftToPage {
  /** Why a frame worker cannot fetch it. */
  readonly reason: string;
  /** The request, where hooks have prepared it already. */
  readonly begun?: PageRequest | undefined;
}

/**
 * Fetches one frame in a frame worker, which writes native pixels into the target of the options. The
 * application's hooks are called, and the events of dicom-image-loader's transport triggered, as on the
 * main thread.
 *
 * @returns the frame, or why the main thread has to fetch it: there is no worker, only the page can fetch from
 *   the address, or a hook uses what only an XMLHttpRequest has
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, `frame-body`, `frame-size` or
 *   `value-out-of-range`; or `signal.reason`
 */
export async function fetchInWorker(
  workers: FrameWorkerPool,
  wanted: WorkerFetch,
): Promise<FetchedFrame | LeftToPage> {
  const { url, options, ownerSignal } = wanted;
  const reason = whyNotInWorker(workers, url);
  if (reason !== undefined) {
    return { reason };
  }
  const hooked = applicationHooks().length > 0 ? await prepareHooked(wanted) : undefined;
  const { onPage } = hooked ?? {};
  if (onPage) {
    return { reason: onPage.reason, begun: onPage.request };
  }
  const prepared = hooked?.prepared ?? preparedWithoutHooks(url);
  // The workers may have ended while hooks ran, and hooks may have opened another address.
  const newReason = hooked && whyNotInWorker(workers, prepared.url);
  if (hooked && newReason !== undefined) {
    return { reason: newReason, begun: hooked.moveToPage(newReason) };
  }
  const source = { ...prepared, url: workerAddress(prepared.url) as string };
  const output = frameOutput(options, workers);
  const outcome = hooked
    ? await requestHookedFrame(workers, wanted, source, output, hooked)
    : await requestFrame(workers, wanted, source, output);
  if (!outcome) {
    return { reason: workers.closedReason ?? 'a frame worker has ended' };
  }
  const slot = ownerSignal.aborted ? undefined : options.slot;
  return {
    content:
      outcome.type === 'bytes'
        ? outcome
        : placePixels(outcome, output as FrameOutput, slot, workers),
    transport: { thread: 'worker', reason: describeHooks(hooked) },
    times: outcome.times,
  };
}

/** Starts the workers if frames like this one will be fetched by them. */
export function startWorkersFor(workers: FrameWorkerPool, imageId: string): void {
  const isOurs = imageId.startsWith('wadors:');
  if (isOurs && whyNotInWorker(workers, frameUrl(imageId, {})) === undefined) {
    workers.start();
  }
}

function whyNotInWorker(workers: FrameWorkerPool, url: string): string | undefined {
  if (!workers.isOpen) {
    return workers.closedReason;
  }
  return workerAddress(url) === undefined
    ? 'only the page can fetch from an address that is not plain http or https'
    : whyUnserved();
}

async function prepareHooked({ url, imageId, signal }: WorkerFetch): Promise<HookedRequest> {
  const target = { url, imageId, headers: { ...FRAME_HEADERS }, params: {} };
  try {
    return await HookedRequest.prepare(target, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw createFetchError(imageId, requestFailure(cause), cause);
  }
}

function preparedWithoutHooks(url: string): PreparedRequest {
  return {
    url,
    headers: Object.entries(headersFor(url)),
    credentials: 'same-origin',
    timeoutMs: 0,
  };
}

function describeHooks(hooked: HookedRequest | undefined): string {
  return hooked
    ? `frame workers fetch, with the application's hooks (${hooked.hookNames.join(', ')})`
    : 'frame workers fetch';
}

/** The scheme and the authority of an absolute address, up to its path. */
const WEB_ORIGIN = /^https?:\/\/[^\s/\\?#]+\//i;
/** By the beginning of an address, whether a worker can fetch from there. The frames of a page have few of them. */
const knownOrigins = new Map<string, boolean>();

/**
 * The address that a worker fetches for one of the page: a worker has another base, and `fetch` takes no user
 * and password in an address.
 *
 * @returns undefined where a worker cannot fetch from there
 */
function workerAddress(url: string): string | undefined {
  const origin = WEB_ORIGIN.exec(url)?.[0];
  if (origin === undefined) {
    return plainWebAddress(url);
  }
  const isKnown = knownOrigins.get(origin) ?? plainWebAddress(origin) !== undefined;
  knownOrigins.set(origin, isKnown);
  return isKnown ? url : undefined;
}

function plainWebAddress(url: string): string | undefined {
  if (!URL.canParse(url, document.baseURI)) {
    return undefined;
  }
  const { protocol, username, password, href } = new URL(url, document.baseURI);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && username === '' && password === '' ? href : undefined;
}

/** The output for native pixels; undefined when stored values are wanted. */
function frameOutput(options: FrameOptions, workers: FrameWorkerPool): FrameOutput | undefined {
  const target = targetOf(options);
  const rescale = rescaleOf(options.preScale);
  if (!target || !rescale) {
    return undefined;
  }
  const { type, length, offset, arrayBuffer, acceptsWider, pick } = target;
  const wanted = { type, length, rescale, acceptsWider, ...(pick && { pick }) };
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' && arrayBuffer instanceof SharedArrayBuffer;
  if (isShared) {
    return { ...wanted, memory: { buffer: arrayBuffer, byteOffset: offset } };
  }
  const spare = workers.takeSpare(length * VOXEL_ARRAY_TYPES[type].BYTES_PER_ELEMENT);
  return { ...wanted, spare };
}

/**
 * Copies pixels of a frame worker into their slot, unless the worker has written them there.
 *
 * @param slot - of the first requester, where it is not in the memory of the output
 */
function placePixels(
  { values, range }: WrittenPixels,
  output: FrameOutput,
  slot: VolumeArray | undefined,
  workers: FrameWorkerPool,
): FetchedPixels {
  const { rescale, pick } = output;
  const made = { rescale, range, ...(pick && { pick }) };
  if (!values) {
    return { ...made, values: sharedSlot(output), inPlace: true };
  }
  // Voxels of a wider type would wrap in the slot.
  if (!slot || values.constructor !== slot.constructor) {
    return { ...made, values, inPlace: false };
  }
  slot.set(values);
  workers.giveSpare(values.buffer as ArrayBuffer);
  return { ...made, values: slot, inPlace: true };
}

function sharedSlot({ type, length, memory }: FrameOutput): VolumeArray {
  const { buffer, byteOffset } = memory as FrameMemory;
  return new VOXEL_ARRAY_TYPES[type](buffer, byteOffset, length);
}

/** A frame as it was fetched. */
export interface FetchedFrame {
  readonly content: FetchedContent;
  readonly transport: VolumeTransport;
  /** When it was fetched; `decodedAt` is that of voxels. Undefined where it was not asked for. */
  readonly times: FrameTimes | undefined;
}

/** Bytes that are still to be decoded, or voxels. */
export type FetchedContent = FrameBody | FetchedPixels;

/** Voxels that a frame worker has made for the first requester. */
export interface FetchedPixels {
  readonly values: VolumeArray;
  /** Whether they are in the memory of the first requester. */
  readonly inPlace: boolean;
  /** What was applied to the stored values. */
  readonly rescale: LinearRescale;
  readonly range: ValueRange | undefined;
  /** The pixels of the frame that they are; undefined for the whole frame. */
  readonly pick?: PixelPick;
}

/** Distinguishes voxels from bytes. */
export function isFetchedPixels(content: FetchedContent): content is FetchedPixels {
  return 'values' in content;
}

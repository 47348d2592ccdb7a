import { HookedRequest, whyUnserved } from '../../base/transport/HookedRequest.js';
import type { PreparedRequest } from '../../base/transport/HookedRequest.js';
import { requestFailure } from '../../base/transport/request.js';
import type { PageRequest } from '../../base/transport/request.js';
import { applicationHooks } from '../../base/transport/transportHooks.js';
import type { FrameTimes } from '../../base/frameTrace.js';
import type { VolumeTransport } from '../../base/types.js';
import { createFetchError, FRAME_HEADERS, frameUrl, headersFor } from '../wadors/fetchFrame.js';
import type { FrameBody } from '../wadors/multipartFrame.js';
import type { FrameOutput, Undecoded } from './frameMessages.js';
import { frameOutput, placePixels } from './frameOutput.js';
import type { FetchedPixels } from './frameOutput.js';
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
 * Fetches one frame in a frame worker, which decodes it and writes its pixels into the target of the options. The
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
  const target = {
    url,
    imageId,
    headers: { ...FRAME_HEADERS },
    params: {},
    limit: 'frameBytes',
  } as const;
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

/** A frame as it was fetched. */
export interface FetchedFrame {
  readonly content: FetchedContent;
  readonly transport: VolumeTransport;
  /** When it was fetched; `decodedAt` is that of voxels. Undefined where it was not asked for. */
  readonly times: FrameTimes | undefined;
}

/** Bytes that are still to be decoded, or voxels. */
export type FetchedContent = UndecodedBody | FetchedPixels;

/** The bytes of a frame. */
export interface UndecodedBody extends FrameBody {
  /** Why they are not decoded, where they are compressed. */
  readonly undecoded?: Undecoded | undefined;
}

/** Distinguishes voxels from bytes. */
export function isFetchedPixels(content: FetchedContent): content is FetchedPixels {
  return 'values' in content;
}

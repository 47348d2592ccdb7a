import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import { dataLimits } from '../../base/limits.js';
import type { FrameTimes } from '../../base/frameTrace.js';
import type { FailedResponse, HookedRequest } from '../../base/transport/HookedRequest.js';
import { describeFailure, requestFailure } from '../../base/transport/request.js';
import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import type { FrameOptions } from '../DecodedFrame.js';
import type { FrameDescription } from '../describeFrame.js';
import { wasmBasePath } from '../decode/decodeCompressed.js';
import type { PartialRequest } from '../progressive/PartialCodestreams.js';
import type { ReducedCodestream } from '../progressive/reduceCodestream.js';
import { createFetchError } from '../wadors/fetchFrame.js';
import type {
  FetchRequest,
  FrameBytes,
  FrameFault,
  FrameOutcome,
  FrameOutput,
  FrameRequest,
  GivenFrame,
  ReceivedBytes,
  Traced,
  WrittenPixels,
} from './frameMessages.js';
import type { FrameWorkerPool } from './FrameWorkerPool.js';
import { withoutMemory } from './hungDecoder.js';

/** A frame that is to be made by a frame worker, and for which target. */
export interface WorkerFetch {
  readonly url: string;
  readonly imageId: string;
  readonly description: Pick<FrameDescription, 'nativeLength' | 'storedSyntax' | 'layout'>;
  readonly options: FrameOptions;
  /** Aborts the request. */
  readonly signal: AbortSignal;
  /** Detaches the target of `options` only: other volumes may still want the frame. */
  readonly ownerSignal: AbortSignal;
  /** How beginnings of the frame are shown while it arrives. */
  readonly partial?: PartialRequest | undefined;
  /** Called with them. */
  readonly onPartial?: ((codestream: ReducedCodestream) => void) | undefined;
}

/** A frame as a worker has made it. */
export type MadeFrame =
  | ({ readonly type: 'pixels' } & WrittenPixels & Traced)
  | ({ readonly type: 'bytes' } & FrameBytes & Traced);

/** A compressed frame on the page. */
export interface CompressedBody {
  /** Gives bytes that a worker may keep. */
  readonly copyBody: () => ArrayBuffer;
  readonly transferSyntax: string;
}

type Source = Omit<FetchRequest, 'tellsHead' | 'maxBytes' | 'maxErrorBytes'>;

/**
 * Fetches and makes a frame in a frame worker, for an application without hooks. The events of
 * dicom-image-loader's transport are triggered as on the main thread.
 *
 * @returns undefined when the worker was lost
 * @throws StreamingVolumeError as `fetchInWorker` does, or `signal.reason`
 */
export async function requestFrame(
  workers: FrameWorkerPool,
  wanted: WorkerFetch,
  source: Source,
  output: FrameOutput | undefined,
): Promise<MadeFrame | undefined> {
  const { imageId, signal, ownerSignal } = wanted;
  trigger('cornerstoneimageloadstart', wanted);
  try {
    const request = {
      source: { ...source, ...bodyLimits(), tellsHead: 'never' },
      wants: 'frame',
      output,
    } as const;
    const outcome = await workers.fetch(messageOf(workers, wanted, request), {
      signal,
      ownerSignal,
      onPartial: wanted.onPartial,
      onReceived: (received) => {
        trigger('cornerstoneimageloadprogress', wanted, progressOf(received));
      },
    });
    return madeFrame(outcome, imageId);
  } finally {
    trigger('cornerstoneimageloadend', wanted);
  }
}

/**
 * Does the same for a request that the application's hooks have prepared, and calls the remaining hooks. Where
 * hooks can read the body of the response, it comes to the page and goes back to the worker; otherwise the
 * worker makes the frame at once.
 */
export async function requestHookedFrame(
  workers: FrameWorkerPool,
  wanted: WorkerFetch,
  source: Source,
  output: FrameOutput | undefined,
  hooked: HookedRequest,
): Promise<MadeFrame | undefined> {
  const { imageId, signal, ownerSignal } = wanted;
  const { events, wantsBody, wantsEarlyHead } = hooked;
  let head: ResponseHead | undefined;
  let outcome: FrameOutcome | undefined;
  let processed: unknown;
  const onHead = (received: ResponseHead): void => {
    const isFirst = head === undefined;
    head = received;
    if (isFirst && wantsEarlyHead) {
      events.receiveHead(received);
    }
  };
  events.send();
  trigger('cornerstoneimageloadstart', wanted);
  try {
    const tellsHead = wantsEarlyHead ? 'early' : 'at the end';
    const request = {
      source: { ...source, ...bodyLimits(), tellsHead },
      wants: wantsBody ? 'response' : 'frame',
      output: wantsBody ? undefined : output,
    } as const;
    outcome = await workers.fetch(messageOf(workers, wanted, request), {
      signal: hooked.stopSignal,
      ownerSignal,
      onHead,
      onPartial: wanted.onPartial,
      onReceived: (received) => {
        trigger('cornerstoneimageloadprogress', wanted, progressOf(received));
        events.receiveBytes(received.loaded, received.total);
      },
    });
    processed = await tellEnd(hooked, outcome, head);
  } catch (cause) {
    if (!outcome) {
      events.abandon();
    }
    signal.throwIfAborted();
    if (!events.settled) {
      const failure = hooked.isAbortedByHook
        ? describeFailure(0, null, undefined)
        : requestFailure(cause);
      throw createFetchError(imageId, failure, cause);
    }
  } finally {
    trigger('cornerstoneimageloadend', wanted);
  }
  if (events.settled && 'reason' in events.settled) {
    const { reason } = events.settled;
    throw createFetchError(imageId, requestFailure(reason), reason);
  }
  if (!events.settled && outcome?.type !== 'response') {
    return madeFrame(outcome, imageId, hooked.xhr);
  }
  const body = bodyOf(events.settled ? events.settled.body : processed, imageId);
  // The spare memory was transferred with the first message.
  const left = output && !wantsBody ? { ...output, spare: undefined } : output;
  const contentType = head?.headers.find(([name]) => name === 'content-type')?.[1];
  const given = { body, contentType: contentType ?? 'application/octet-stream' };
  const request = { source: given, wants: 'frame', output: left } as const;
  const made = madeFrame(
    await workers.fetch(messageOf(workers, wanted, request), { signal, ownerSignal }),
    imageId,
  );
  return withRequestTimes(made, outcome?.type === 'response' ? outcome.times : undefined);
}

/**
 * Has a frame worker decode a compressed frame that the page has cut out.
 *
 * @param wanted - its address is not used
 * @returns undefined when the worker was lost
 * @throws StreamingVolumeError with code `frame-decode`, `frame-size` or `value-out-of-range`, or `signal.reason`
 */
export async function requestDecoding(
  workers: FrameWorkerPool,
  wanted: WorkerFetch,
  { copyBody, transferSyntax }: CompressedBody,
  output: FrameOutput,
): Promise<MadeFrame | undefined> {
  const source: GivenFrame = { body: copyBody(), transferSyntax };
  const request = { source, wants: 'frame', output } as const;
  const { signal, ownerSignal } = wanted;
  const options = { signal, ownerSignal, copyBody };
  const outcome = await workers.fetch(messageOf(workers, wanted, request), options);
  return madeFrame(outcome, wanted.imageId);
}

function messageOf(
  workers: FrameWorkerPool,
  { imageId, description, options, ownerSignal, partial }: WorkerFetch,
  request: Pick<FrameRequest, 'source' | 'wants' | 'output'>,
): FrameRequest {
  const { nativeLength, storedSyntax, layout } = description;
  return {
    ...request,
    // The owner may have left while hooks prepared the request; nothing is written into its memory then.
    output: ownerSignal.aborted ? withoutMemory(request.output) : request.output,
    imageId,
    nativeLength,
    storedSyntax,
    layout,
    isOnScreen: options.isOnScreen === true,
    // Where a hook reads the body, it may change it.
    partial: request.wants === 'frame' ? partial : undefined,
    decoding: workers.decodingFrom(wasmBasePath()),
    trace: options.trace,
  };
}

function bodyLimits(): Pick<FetchRequest, 'maxBytes' | 'maxErrorBytes'> {
  const { frameBytes, errorBodyBytes } = dataLimits();
  return { maxBytes: frameBytes, maxErrorBytes: errorBodyBytes };
}

/** @returns what hooks make of the body, where they can look at it */
async function tellEnd(
  { events }: HookedRequest,
  outcome: FrameOutcome | undefined,
  head: ResponseHead | undefined,
): Promise<unknown> {
  if (!outcome) {
    events.abandon();
    return undefined;
  }
  if (outcome.type === 'failed' && outcome.fault.kind !== 'frame') {
    events.fail(failedResponse(outcome.fault, head));
    return undefined;
  }
  if (!head) {
    // Nothing was requested: a worker has hung in this frame before.
    events.abandon();
    return undefined;
  }
  const body = outcome.type === 'response' ? outcome.bytes.buffer : undefined;
  return events.succeed(head, body);
}

function failedResponse(fault: FrameFault, head: ResponseHead | undefined): FailedResponse {
  return fault.kind === 'http'
    ? { ...fault, head: fault.status === 0 ? undefined : head }
    : { head: undefined, body: null, isTimeout: false };
}

/**
 * The memory may be the hook's to keep, so it is not transferred to the worker.
 *
 * @throws StreamingVolumeError with code `frame-body`
 */
function bodyOf(processed: unknown, imageId: string): ArrayBuffer {
  if (processed instanceof ArrayBuffer) {
    return processed;
  }
  if (ArrayBuffer.isView(processed)) {
    const { buffer, byteOffset, byteLength } = processed;
    return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
  }
  throw new StreamingVolumeError(
    'frame-body',
    `A hook of dicom-image-loader (beforeProcessing) returned ${String(processed)}; it must return the ArrayBuffer of the frame (${imageId})`,
    { imageIds: [imageId] },
  );
}

/**
 * @param xhr - the XMLHttpRequest that hooks have been given
 * @throws StreamingVolumeError for a frame that the worker could not fetch or make
 */
function madeFrame(
  outcome: FrameOutcome | undefined,
  imageId: string,
  xhr?: XMLHttpRequest,
): MadeFrame | undefined {
  if (outcome?.type !== 'failed') {
    return outcome as MadeFrame | undefined;
  }
  const { fault } = outcome;
  if (fault.kind === 'frame') {
    throw new StreamingVolumeError(fault.code, fault.message, {
      imageIds: [imageId],
      ...(fault.cause !== undefined && { cause: fault.cause }),
    });
  }
  const [status, retryAfter] =
    fault.kind === 'http' ? [fault.status, fault.retryAfter] : [undefined, null];
  const failure = describeFailure(status, retryAfter, fault.cause);
  throw createFetchError(imageId, failure, fault.cause ?? xhr);
}

/** @param times - of the request, where a worker has sent it; the frame has only the time of its pixels */
function withRequestTimes(
  made: MadeFrame | undefined,
  times: FrameTimes | undefined,
): MadeFrame | undefined {
  return made?.times && times
    ? { ...made, times: { ...times, decodedAt: made.times.decodedAt } }
    : made;
}

function progressOf({ loaded, total }: ReceivedBytes) {
  const percentComplete = total === undefined ? undefined : Math.round((loaded / total) * 100);
  return { loaded, total, percentComplete };
}

function trigger(event: string, { url, imageId }: WorkerFetch, details: object = {}): void {
  triggerEvent(eventTarget, event, { url, imageId, ...details });
}

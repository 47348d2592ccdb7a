import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import type {
  FailedResponse,
  HookedRequest,
  SettledByHook,
} from '../../base/transport/HookedRequest.js';
import { describeFailure, requestFailure } from '../../base/transport/request.js';
import type { RequestFailure } from '../../base/transport/request.js';
import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import type { FrameOptions } from '../DecodedFrame.js';
import type { FrameDescription } from '../describeFrame.js';
import { createFetchError } from '../wadors/fetchFrame.js';
import type {
  FetchRequest,
  FrameBytes,
  FrameFault,
  FrameOutcome,
  FrameOutput,
  FrameRequest,
  ReceivedBytes,
  WrittenPixels,
} from './frameMessages.js';
import type { FrameWorkerPool } from './FrameWorkerPool.js';

/** One frame, and who wants it. */
export interface WorkerFetch {
  readonly url: string;
  readonly imageId: string;
  readonly description: FrameDescription;
  readonly options: FrameOptions;
  /** Gives the request up. */
  readonly signal: AbortSignal;
  /** Gives up the target of `options`; others may still want the frame. */
  readonly ownerSignal: AbortSignal;
}

/** One frame that a worker is to fetch, and with which hooks. */
export interface ExchangeTarget extends WorkerFetch {
  readonly output: FrameOutput | undefined;
  readonly hooked: HookedRequest | undefined;
}

/** What a worker has made of a frame. */
export type MadeFrame =
  ({ readonly type: 'pixels' } & WrittenPixels) | ({ readonly type: 'bytes' } & FrameBytes);

/**
 * One request of a frame worker, told to the application's hooks and in the events of dicom-image-loader's
 * transport. Where hooks can look at the body of the response, it comes to the page and goes back to the
 * worker; otherwise the worker makes the frame of it at once.
 */
export class WorkerExchange {
  readonly #workers: FrameWorkerPool;
  readonly #target: ExchangeTarget;
  #head: ResponseHead | undefined;

  constructor(workers: FrameWorkerPool, target: ExchangeTarget) {
    this.#workers = workers;
    this.#target = target;
  }

  /**
   * Has the frame fetched and made. To be called once.
   *
   * @returns undefined when the worker was lost
   * @throws as `fetchInWorker` does
   */
  async fetch(prepared: Omit<FetchRequest, 'tellsHead'>): Promise<MadeFrame | undefined> {
    const { imageId, signal, hooked } = this.#target;
    const events = hooked?.events;
    events?.send();
    this.#trigger('cornerstoneimageloadstart');
    let outcome: FrameOutcome | undefined;
    let processed: unknown;
    try {
      outcome = await this.#send(prepared);
      processed = await this.#tellEnd(outcome);
    } catch (cause) {
      if (!outcome) {
        events?.abandon();
      }
      signal.throwIfAborted();
      if (!events?.settled) {
        throw createFetchError(imageId, failureOf(cause, hooked), cause);
      }
    } finally {
      this.#trigger('cornerstoneimageloadend');
    }
    if (events?.settled) {
      return this.#finishSettled(events.settled);
    }
    if (outcome?.type === 'failed') {
      throw toError(outcome.fault, imageId, hooked?.xhr);
    }
    return outcome?.type === 'response' ? this.#finish(bodyOf(processed, imageId)) : outcome;
  }

  #send(prepared: Omit<FetchRequest, 'tellsHead'>): Promise<FrameOutcome | undefined> {
    const { hooked, signal, output } = this.#target;
    if (!hooked) {
      const source = { ...prepared, tellsHead: 'never' } as const;
      return this.#ask({ source, wants: 'frame', output }, signal);
    }
    const tellsHead = hooked.wantsEarlyHead ? 'early' : 'at the end';
    const source = { ...prepared, tellsHead } as const;
    const wants = hooked.wantsBody ? 'response' : 'frame';
    return this.#ask(
      { source, wants, output: wants === 'frame' ? output : undefined },
      hooked.stopSignal,
    );
  }

  /** @returns what hooks make of the body, where they can look at it */
  async #tellEnd(outcome: FrameOutcome | undefined): Promise<unknown> {
    const events = this.#target.hooked?.events;
    if (!outcome) {
      events?.abandon();
      return undefined;
    }
    if (outcome.type === 'failed' && outcome.fault.kind !== 'frame') {
      events?.fail(this.#failedResponse(outcome.fault));
      return undefined;
    }
    const body = outcome.type === 'response' ? outcome.bytes.buffer : undefined;
    return events?.succeed(this.#head as ResponseHead, body);
  }

  #failedResponse(fault: FrameFault): FailedResponse {
    return fault.kind === 'http'
      ? { ...fault, head: fault.status === 0 ? undefined : this.#head }
      : { head: undefined, body: null, isTimeout: false };
  }

  #finishSettled(settled: SettledByHook): Promise<MadeFrame | undefined> {
    const { imageId } = this.#target;
    if ('reason' in settled) {
      const { reason } = settled;
      throw createFetchError(imageId, requestFailure(reason), reason);
    }
    return this.#finish(bodyOf(settled.body, imageId));
  }

  /** Has the worker make the frame of a body that hooks have had. */
  async #finish(body: ArrayBuffer): Promise<MadeFrame | undefined> {
    const { imageId, signal, hooked, output: wanted } = this.#target;
    // Memory that went out with the request is gone.
    const output = wanted && !hooked?.wantsBody ? { ...wanted, spare: undefined } : wanted;
    const type = this.#head?.headers.find(([name]) => name === 'content-type')?.[1];
    const source = { body, contentType: type ?? 'application/octet-stream' };
    const outcome = await this.#ask({ source, wants: 'frame', output }, signal);
    if (outcome?.type === 'failed') {
      throw toError(outcome.fault, imageId);
    }
    return outcome as MadeFrame | undefined;
  }

  #ask(
    request: Pick<FrameRequest, 'source' | 'wants' | 'output'>,
    signal: AbortSignal,
  ): Promise<FrameOutcome | undefined> {
    const { imageId, description, options, ownerSignal, hooked } = this.#target;
    const { nativeLength, storedSyntax, layout } = description;
    const isNetwork = 'url' in request.source;
    const isAwaited = options.isAwaited === true;
    // Who has given up meanwhile wants nothing written any more; others may still want the frame.
    const output = ownerSignal.aborted ? withoutMemory(request.output) : request.output;
    return this.#workers.fetch(
      { ...request, output, imageId, nativeLength, storedSyntax, layout, isAwaited },
      {
        signal,
        ownerSignal,
        onHead: (head) => {
          const isFirst = this.#head === undefined;
          this.#head = head;
          if (isFirst && hooked?.wantsEarlyHead) {
            hooked.events.receiveHead(head);
          }
        },
        onReceived: (received) => {
          if (isNetwork) {
            this.#trigger('cornerstoneimageloadprogress', progressOf(received));
            hooked?.events.receiveBytes(received.loaded, received.total);
          }
        },
      },
    );
  }

  #trigger(event: string, details: object = {}): void {
    const { url, imageId } = this.#target;
    triggerEvent(eventTarget, event, { url, imageId, ...details });
  }
}

function failureOf(cause: unknown, hooked: HookedRequest | undefined): RequestFailure {
  return hooked?.isAbortedByHook ? describeFailure(0, null, undefined) : requestFailure(cause);
}

function withoutMemory(output: FrameOutput | undefined): FrameOutput | undefined {
  const { memory: _, ...rest } = output ?? {};
  return output && (rest as FrameOutput);
}

function progressOf({ loaded, total }: ReceivedBytes) {
  const percentComplete = total === undefined ? undefined : Math.round((loaded / total) * 100);
  return { loaded, total, percentComplete };
}

/** The memory may be the hook's to keep, so it is not given away. */
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
    `A hook gave ${String(processed)} instead of the ArrayBuffer of a frame (${imageId})`,
    { imageIds: [imageId] },
  );
}

/** @param xhr - what stands for the XMLHttpRequest, where hooks have had one */
function toError(fault: FrameFault, imageId: string, xhr?: XMLHttpRequest): StreamingVolumeError {
  if (fault.kind === 'frame') {
    return new StreamingVolumeError(fault.code, fault.message, { imageIds: [imageId] });
  }
  const [status, retryAfter] =
    fault.kind === 'http' ? [fault.status, fault.retryAfter] : [undefined, null];
  const failure = describeFailure(status, retryAfter, fault.cause);
  return createFetchError(imageId, failure, fault.cause ?? xhr);
}

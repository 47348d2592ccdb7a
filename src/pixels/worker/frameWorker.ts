/**
 * The frame worker: fetches frames, cuts them out of their responses, decodes them and writes their pixels into the
 * volume. This is the script of the worker; no module imports it.
 */
import { epochNow } from '../DecodedFrame.js';
import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import { PartialCodestreams } from '../progressive/PartialCodestreams.js';
import type { ReducedCodestream } from '../progressive/reduceCodestream.js';
import { finishCompressed, finishFrame } from './finishFrame.js';
import type {
  FetchRequest,
  FrameCommand,
  FrameOutcome,
  FrameReport,
  FrameRequest,
  GivenFrame,
  GivenResponse,
  ReceivedBytes,
} from './frameMessages.js';
import { prepareDecoding } from './prepareDecoding.js';
import { receiveResponse } from './receiveResponse.js';
import { ReportBatch } from './ReportBatch.js';
import { GarbageCollectionNudge, ResponseMemory } from './ResponseMemory.js';

/** What TypeScript's types for pages lack of workers. */
interface WorkerScope {
  postMessage(reports: readonly FrameReport[], transfer: readonly Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FrameCommand>) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
}

/** The work on one frame. */
interface Run {
  readonly id: number;
  readonly request: FrameRequest;
  readonly controller: AbortController;
  /** Whether pixels may be written into the memory of the request. */
  inPlace: boolean;
  readonly beginDecoding: () => void;
  received: ReceivedBytes;
  head: ResponseHead | undefined;
  /** Set where the request is traced. */
  requestedAt: number | undefined;
  receivedAt: number | undefined;
}

/** Shortest time between two reports of a response that is arriving, in ms. */
const REPORT_INTERVAL = 100;

const scope = globalThis as unknown as WorkerScope;
const runs = new Map<number, Run>();
/** Memory that no response is read into now. */
const spareMemory: ResponseMemory[] = [];
const nudge = new GarbageCollectionNudge(navigator.userAgent);

const batch = new ReportBatch((reports, transfer) => {
  scope.postMessage(reports, transfer);
});

function report(single: FrameReport): void {
  scope.postMessage([single], []);
}

async function runRequest(id: number, request: FrameRequest): Promise<void> {
  const run: Run = {
    id,
    request,
    controller: new AbortController(),
    inPlace: true,
    beginDecoding: () => {
      run.controller.signal.throwIfAborted();
      // With the reports that wait: no timer could send them before the frame is decoded.
      batch.add({ type: 'decoding', id }, [], false);
    },
    received: { loaded: 0, total: undefined },
    head: undefined,
    requestedAt: undefined,
    receivedAt: undefined,
  };
  const { source } = request;
  let outcome: FrameOutcome;
  runs.set(id, run);
  try {
    outcome = await ('url' in source ? fetchFrame(run, source) : finishGiven(run, source));
  } catch (cause) {
    outcome = { type: 'failed', fault: { kind: 'other', cause } };
  } finally {
    runs.delete(id);
    nudge.add(run.received.loaded);
  }
  if (run.controller.signal.aborted) {
    batch.add({ type: 'aborted', id }, [], runs.size > 0);
  } else {
    const { received, head } = run;
    // A message costs little beside the decoding of a frame, during which no timer could send it.
    const isDecoded = outcome.type === 'pixels' && outcome.isDecoded === true;
    const mayWait = runs.size > 0 && !request.isOnScreen && !isDecoded;
    const traced = request.trace === true ? withTimes(outcome, run) : outcome;
    batch.add({ type: 'ended', id, received, head, outcome: traced }, buffersOf(outcome), mayWait);
  }
}

function finishGiven(
  run: Run,
  source: GivenResponse | GivenFrame,
): FrameOutcome | Promise<FrameOutcome> {
  const bytes = new Uint8Array(source.body);
  return 'transferSyntax' in source
    ? finishCompressed(bytes, '', source.transferSyntax, run.request, run)
    : finishFrame(bytes, source.contentType, run.request, run);
}

/** @throws `signal.reason` after an abort */
async function fetchFrame(run: Run, source: FetchRequest): Promise<FrameOutcome> {
  const { id, request, controller } = run;
  const { signal } = controller;
  const memory = spareMemory.pop() ?? new ResponseMemory();
  const partial = request.partial && new PartialCodestreams(request.partial);
  let reportedAt = performance.now();
  let begunAt: number | undefined;
  try {
    memory.begin(request.nativeLength, source.maxBytes);
    prepareDecoding(source, request);
    run.requestedAt = request.trace === true ? epochNow() : undefined;
    const response = await receiveResponse(source, request.imageId, memory, signal, {
      onHead: (head) => {
        run.head = head;
        if (source.tellsHead === 'early') {
          report({ type: 'head', id, head });
        }
      },
      onReceived: (received) => {
        run.received = received;
        if (partial) {
          begunAt ??= performance.now();
          const elapsed = performance.now() - begunAt;
          const arriving = { bytes: memory.bytes, total: received.total, elapsed };
          reportPartial(run, partial.next(arriving));
        }
        if (performance.now() - reportedAt >= REPORT_INTERVAL) {
          reportedAt = performance.now();
          report({ type: 'received', id, received });
        }
      },
    });
    run.receivedAt = request.trace === true ? epochNow() : undefined;
    signal.throwIfAborted();
    if (response.fault) {
      return { type: 'failed', fault: response.fault };
    }
    return request.wants === 'response'
      ? { type: 'response', bytes: memory.bytes.slice() }
      : await finishFrame(memory.bytes, response.contentType, request, run);
  } finally {
    memory.trim(request.nativeLength);
    spareMemory.push(memory);
  }
}

/** From now on the page may write into the slot, so that the worker must not. */
function reportPartial(run: Run, codestream: ReducedCodestream | undefined): void {
  if (codestream) {
    run.inPlace = false;
    const single: FrameReport = { type: 'partial', id: run.id, codestream };
    scope.postMessage([single], [codestream.bytes.buffer]);
  }
}

/** A body that the page has given was not requested here: it has no other time than that of its pixels. */
function withTimes(outcome: FrameOutcome, { requestedAt, receivedAt }: Run): FrameOutcome {
  const decodedAt = epochNow();
  const times = {
    requestedAt: requestedAt ?? decodedAt,
    receivedAt: receivedAt ?? decodedAt,
    decodedAt,
  };
  return outcome.type === 'failed' ? outcome : { ...outcome, times };
}

/** The memory of an outcome, which is transferred to the page. */
function buffersOf(outcome: FrameOutcome): Transferable[] {
  if (outcome.type === 'failed') {
    const { fault } = outcome;
    return fault.kind === 'http' && fault.body ? [fault.body] : [];
  }
  const array = outcome.type === 'pixels' ? outcome.values : outcome.bytes;
  return array ? [array.buffer as ArrayBuffer] : [];
}

scope.addEventListener('message', ({ data: command }) => {
  const run = runs.get(command.id);
  switch (command.type) {
    case 'fetch':
      void runRequest(command.id, command.request);
      break;
    case 'detach':
      if (run) {
        run.inPlace = false;
      }
      break;
    case 'abort':
      run?.controller.abort();
      break;
  }
});
// The page gets an `error` event for what is thrown here, and closes the pool.
scope.addEventListener('messageerror', () => {
  throw new Error('A message to the frame worker could not be deserialized');
});
report({ type: 'ready' });

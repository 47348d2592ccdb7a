/**
 * The frame worker: fetches frames, cuts them out of their responses and writes native pixels into the
 * volume. This is the worker's own script; nothing imports it.
 */
import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import { finishFrame } from './finishFrame.js';
import type {
  FetchRequest,
  FrameCommand,
  FrameOutcome,
  FrameReport,
  FrameRequest,
  ReceivedBytes,
} from './frameMessages.js';
import { receiveResponse } from './receiveResponse.js';
import { ReportBatch } from './ReportBatch.js';
import { GarbageCollectionNudge, ResponseMemory } from './ResponseMemory.js';

/** What TypeScript's types for pages do not know of workers. */
interface WorkerScope {
  postMessage(reports: readonly FrameReport[], transfer: readonly Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FrameCommand>) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
}

interface Run {
  readonly controller: AbortController;
  inPlace: boolean;
}

/** Least time between two reports of a response that is arriving, in ms. */
const REPORT_INTERVAL = 100;

const scope = globalThis as unknown as WorkerScope;
const runs = new Map<number, Run>();
/** Memory that no response is read into now. */
const spareMemory: ResponseMemory[] = [];
const pressure = new GarbageCollectionNudge();

const ended = new ReportBatch((reports, transfer) => {
  scope.postMessage(reports, transfer);
});

function tell(report: FrameReport): void {
  scope.postMessage([report], []);
}

async function makeFrame(id: number, request: FrameRequest): Promise<void> {
  const run: Run = { controller: new AbortController(), inPlace: true };
  const { signal } = run.controller;
  const { source } = request;
  const ending: Ending = { received: { loaded: 0, total: undefined }, head: undefined };
  let outcome: FrameOutcome | undefined;
  runs.set(id, run);
  try {
    outcome =
      'url' in source
        ? await fetchFrame(id, request, source, run, ending)
        : finishFrame(new Uint8Array(source.body), source.contentType, request, run.inPlace);
  } catch (cause) {
    // Who has aborted waits for nothing.
    if (!signal.aborted) {
      outcome = { type: 'failed', fault: { kind: 'other', cause } };
    }
  } finally {
    runs.delete(id);
    pressure.add(ending.received.loaded);
  }
  if (outcome) {
    const mayWait = runs.size > 0 && !request.isAwaited;
    ended.add({ type: 'ended', id, ...ending, outcome }, buffersOf(outcome), mayWait);
  }
}

/** What is known of a response when the work on it ends. */
interface Ending {
  received: ReceivedBytes;
  head: ResponseHead | undefined;
}

/** @throws `signal.reason` after an abort */
async function fetchFrame(
  id: number,
  request: FrameRequest,
  source: FetchRequest,
  run: Run,
  ending: Ending,
): Promise<FrameOutcome> {
  const { signal } = run.controller;
  const memory = spareMemory.pop() ?? new ResponseMemory();
  let reportedAt = performance.now();
  try {
    memory.begin(request.nativeLength);
    const response = await receiveResponse(source, memory, signal, {
      onHead: (head) => {
        ending.head = head;
        if (source.tellsHead === 'early') {
          tell({ type: 'head', id, head });
        }
      },
      onReceived: (received) => {
        ending.received = received;
        if (performance.now() - reportedAt >= REPORT_INTERVAL) {
          reportedAt = performance.now();
          tell({ type: 'received', id, received });
        }
      },
    });
    signal.throwIfAborted();
    if (response.fault) {
      return { type: 'failed', fault: response.fault };
    }
    return request.wants === 'response'
      ? { type: 'response', bytes: memory.bytes.slice() }
      : finishFrame(memory.bytes, response.contentType, request, run.inPlace);
  } finally {
    spareMemory.push(memory);
  }
}

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
      void makeFrame(command.id, command.request);
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
// The page hears of what is thrown here, and does without the worker.
scope.addEventListener('messageerror', () => {
  throw new Error('A message to the frame worker could not be read');
});
tell({ type: 'ready' });

import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import type { ReducedCodestream } from '../progressive/reduceCodestream.js';
import type {
  FrameCommand,
  FrameOutcome,
  FrameReport,
  FrameRequest,
  ReceivedBytes,
} from './frameMessages.js';

/** What ends a request to a frame worker, and the callbacks for its progress. */
export interface FrameJobOptions {
  /** Aborts the request. */
  readonly signal: AbortSignal;
  /** Detaches the memory of the output only: the pixels then come with the outcome. */
  readonly ownerSignal: AbortSignal;
  /** Called for what has arrived of a request, at least once before the end. */
  readonly onReceived?: (received: ReceivedBytes) => void;
  /** Called when the head of the response has come, and again at its end, as `tellsHead` says. */
  readonly onHead?: (head: ResponseHead) => void;
  /** Called with the beginnings of the frame, where the request asks for them. */
  readonly onPartial?: ((codestream: ReducedCodestream) => void) | undefined;
}

interface Job extends Pick<FrameJobOptions, 'onReceived' | 'onHead' | 'onPartial'> {
  readonly resolve: (outcome: FrameOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** A frame worker does not run (any more): the frame has to be fetched in another way. */
export class FrameWorkerLost extends Error {}

/** One frame worker, seen from the page. */
export class FrameWorkerClient {
  readonly #worker: Worker;
  readonly #jobs = new Map<number, Job>();
  readonly #startTimer: ReturnType<typeof setTimeout>;
  #lastId = 0;

  /**
   * @param onLost - called when the worker does not start, or breaks
   * @param startLimitMs - longest time until it reports that it runs
   * @throws what `createWorker` throws
   */
  constructor(createWorker: () => Worker, onLost: () => void, startLimitMs: number) {
    this.#worker = createWorker();
    const lose = (): void => {
      this.end();
      onLost();
    };
    this.#startTimer = setTimeout(lose, startLimitMs);
    this.#worker.addEventListener('message', ({ data }: MessageEvent<readonly FrameReport[]>) => {
      for (const report of data) {
        this.#hear(report);
      }
    });
    this.#worker.addEventListener('messageerror', lose);
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      lose();
    });
  }

  /** Number of frames under way. */
  get load(): number {
    return this.#jobs.size;
  }

  /**
   * Sends a request to the worker.
   *
   * @returns how it ended; rejects with `signal.reason` after an abort, and with a
   *   {@link FrameWorkerLost} when the worker is lost or ended before
   */
  async fetch(
    request: FrameRequest,
    { signal, ownerSignal, ...callbacks }: FrameJobOptions,
  ): Promise<FrameOutcome> {
    signal.throwIfAborted();
    this.#lastId += 1;
    const id = this.#lastId;
    const detach = (): void => {
      this.#tell({ type: 'detach', id });
    };
    let abort = (): void => undefined;
    const outcome = new Promise<FrameOutcome>((resolve, reject) => {
      this.#jobs.set(id, { ...callbacks, resolve, reject });
      abort = () => {
        this.#tell({ type: 'abort', id });
        reject(signal.reason as Error);
      };
    });
    ownerSignal.addEventListener('abort', detach, { once: true });
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.#tell({ type: 'fetch', id, request });
      return await outcome;
    } finally {
      this.#jobs.delete(id);
      ownerSignal.removeEventListener('abort', detach);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Terminates the worker, which gives its memory back. */
  end(): void {
    clearTimeout(this.#startTimer);
    this.#worker.terminate();
    for (const { reject } of this.#jobs.values()) {
      reject(new FrameWorkerLost('The frame worker has ended'));
    }
  }

  #tell(command: FrameCommand): void {
    this.#worker.postMessage(command, command.type === 'fetch' ? ownMemory(command.request) : []);
  }

  #hear(report: FrameReport): void {
    if (report.type === 'ready') {
      clearTimeout(this.#startTimer);
      return;
    }
    // A report may come after its request was aborted.
    const job = this.#jobs.get(report.id);
    if (report.type === 'partial') {
      job?.onPartial?.(report.codestream);
      return;
    }
    if (report.type !== 'received' && report.head) {
      job?.onHead?.(report.head);
    }
    if (report.type !== 'head') {
      job?.onReceived?.(report.received);
    }
    if (report.type === 'ended') {
      job?.resolve(report.outcome);
    }
  }
}

/** The memory of a request that goes to the worker: that of a response may be a hook's. */
function ownMemory({ source, output }: FrameRequest): ArrayBuffer[] {
  const frame = 'transferSyntax' in source ? source.body : undefined;
  return [frame, output?.spare].filter((buffer) => buffer !== undefined);
}

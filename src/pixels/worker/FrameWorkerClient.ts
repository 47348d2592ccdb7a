import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import type {
  FrameCommand,
  FrameOutcome,
  FrameReport,
  FrameRequest,
  ReceivedBytes,
} from './frameMessages.js';

/** Who waits for a frame. */
export interface FrameJobOptions {
  /** Gives the frame up. */
  readonly signal: AbortSignal;
  /** Gives up the memory of the output only: the pixels then come with the outcome. */
  readonly ownerSignal: AbortSignal;
  /** Called for what has arrived, at least once before the end. */
  readonly onReceived: (received: ReceivedBytes) => void;
  /** Called when the head of the response has come, and again at its end; as the request says. */
  readonly onHead: (head: ResponseHead) => void;
}

interface Job extends Pick<FrameJobOptions, 'onReceived' | 'onHead'> {
  readonly resolve: (outcome: FrameOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** A frame worker that cannot be had (any more): the frame has to be fetched in another way. */
export class FrameThreadLost extends Error {}

/** One frame worker, seen from the page. */
export class FrameWorkerClient {
  readonly #worker: Worker;
  readonly #jobs = new Map<number, Job>();
  readonly #startTimer: ReturnType<typeof setTimeout>;
  #lastId = 0;

  /**
   * @param onLost - called when the worker does not start, or breaks
   * @param startLimitMs - longest time until it says that it runs
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

  /** How many frames it is at. */
  get load(): number {
    return this.#jobs.size;
  }

  /**
   * Has a frame fetched.
   *
   * @returns how it ended; rejects with `signal.reason` after an abort, and with a
   *   {@link FrameThreadLost} when the worker is lost or ended before
   */
  async fetch(
    request: FrameRequest,
    { signal, ownerSignal, onReceived, onHead }: FrameJobOptions,
  ): Promise<FrameOutcome> {
    signal.throwIfAborted();
    this.#lastId += 1;
    const id = this.#lastId;
    const detach = (): void => {
      this.#tell({ type: 'detach', id });
    };
    let abort = (): void => undefined;
    const outcome = new Promise<FrameOutcome>((resolve, reject) => {
      this.#jobs.set(id, { onReceived, onHead, resolve, reject });
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

  /** Ends the worker, and with it the memory that it has. */
  end(): void {
    clearTimeout(this.#startTimer);
    this.#worker.terminate();
    for (const { reject } of this.#jobs.values()) {
      reject(new FrameThreadLost('The frame worker has ended'));
    }
  }

  #tell(command: FrameCommand): void {
    const spare = command.type === 'fetch' ? command.request.output?.spare : undefined;
    this.#worker.postMessage(command, spare ? [spare] : []);
  }

  #hear(report: FrameReport): void {
    if (report.type === 'ready') {
      clearTimeout(this.#startTimer);
      return;
    }
    // Nobody waits for a frame that was given up.
    const job = this.#jobs.get(report.id);
    if (report.type !== 'received' && report.head) {
      job?.onHead(report.head);
    }
    if (report.type !== 'head') {
      job?.onReceived(report.received);
    }
    if (report.type === 'ended') {
      job?.resolve(report.outcome);
    }
  }
}

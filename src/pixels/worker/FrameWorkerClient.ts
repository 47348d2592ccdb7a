import { isStreamingVolumeError } from '../../base/errors.js';
import type { Clock } from '../../base/timers.js';
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
  /** Copies the body of a request once more, which goes to the worker with its memory and is lost with it. */
  readonly copyBody?: () => ArrayBuffer;
}

/** What ends or replaces a worker, and how time passes for it. */
export interface FrameWorkerOptions {
  /** Called when the worker does not start, or breaks. */
  readonly onLost: () => void;
  /** Called with the frame that the worker does not return from, and why that was given up; it has ended. */
  readonly onHung: (imageId: string, reason: unknown) => void;
  /** Longest time until it reports that it runs, in ms. */
  readonly startLimitMs: number;
  /** Longest time until it answers the abort of the frame that it decodes, in ms. */
  readonly abortLimitMs: number;
  readonly clock: Clock;
}

/** One frame that the worker has not reported the end of. */
interface Job extends Pick<FrameJobOptions, 'onReceived' | 'onHead' | 'onPartial'> {
  readonly imageId: string;
  readonly signal: AbortSignal;
  hasShownPartial: boolean;
  readonly resolve: (outcome: FrameOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker that decodes a frame which was given up since. */
interface Doubt {
  readonly job: Job;
  /** Resolves when the worker has answered, or has ended. */
  readonly isOver: Promise<void>;
  readonly end: () => void;
}

/** A frame worker does not run (any more): the frame has to be fetched in another way. */
export class FrameWorkerLost extends Error {}

/** A frame worker was ended because of another frame: this one has to be sent to another worker. */
export class FrameWorkerHung extends Error {
  /** @param hasShownPartial - whether its beginning was reported */
  constructor(readonly hasShownPartial: boolean) {
    super('The frame worker did not return from another frame');
  }
}

/** One frame worker, seen from the page. */
export class FrameWorkerClient {
  readonly #worker: Worker;
  readonly #jobs = new Map<number, Job>();
  readonly #startTimer: ReturnType<typeof setTimeout>;
  readonly #options: FrameWorkerOptions;
  #lastId = 0;
  /** What the worker decodes: nothing was heard of it since it began. */
  #decoding: { readonly id: number; readonly since: number } | undefined;
  #doubt: Doubt | undefined;

  /** @throws what `createWorker` throws */
  constructor(createWorker: () => Worker, options: FrameWorkerOptions) {
    this.#worker = createWorker();
    this.#options = options;
    const lose = (): void => {
      this.end();
      options.onLost();
    };
    this.#startTimer = setTimeout(lose, options.startLimitMs);
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

  /** Number of frames under way, with those that were given up until the worker has done so too. */
  get load(): number {
    return this.#jobs.size;
  }

  /** Whether it decodes a frame that was given up, or has decoded one for long: others had to wait. */
  get isHeldUp(): boolean {
    const { clock, abortLimitMs } = this.#options;
    const since = this.#decoding?.since;
    return (
      this.#doubt !== undefined || (since !== undefined && clock.now() - since >= abortLimitMs)
    );
  }

  /** Whether it decodes a frame that was given up because it was late. */
  get isLate(): boolean {
    return isStreamingVolumeError(this.#doubt?.job.signal.reason, 'frame-timeout');
  }

  /** Resolves when it is known whether the worker returns from a frame that was given up; undefined where it has. */
  doubtAbout(imageId?: string): Promise<void> | undefined {
    const isMeant = imageId === undefined || this.#doubt?.job.imageId === imageId;
    return isMeant ? this.#doubt?.isOver : undefined;
  }

  /**
   * Sends a request to the worker.
   *
   * @returns how it ended; rejects with `signal.reason` after an abort, with a
   *   {@link FrameWorkerLost} when the worker is lost or ended before, and with a {@link FrameWorkerHung} when it was
   *   ended because of another frame
   */
  async fetch(
    request: FrameRequest,
    { signal, ownerSignal, onReceived, onHead, onPartial }: FrameJobOptions,
  ): Promise<FrameOutcome> {
    signal.throwIfAborted();
    this.#lastId += 1;
    const id = this.#lastId;
    const detach = (): void => {
      this.#tell({ type: 'detach', id });
    };
    let abort = (): void => undefined;
    const outcome = new Promise<FrameOutcome>((resolve, reject) => {
      const callbacks = { onReceived, onHead, onPartial };
      const { imageId } = request;
      const job = { ...callbacks, imageId, signal, hasShownPartial: false, resolve, reject };
      this.#jobs.set(id, job);
      abort = () => {
        this.#tell({ type: 'abort', id });
        reject(signal.reason as Error);
        if (this.#decoding?.id === id) {
          this.#beginDoubt(job);
        }
      };
    });
    ownerSignal.addEventListener('abort', detach, { once: true });
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.#tell({ type: 'fetch', id, request });
      return await outcome;
    } finally {
      ownerSignal.removeEventListener('abort', detach);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Terminates the worker, which gives its memory back. */
  end(): void {
    this.#end(() => new FrameWorkerLost('The frame worker has ended'));
  }

  #end(createReason: (job: Job) => Error): void {
    clearTimeout(this.#startTimer);
    this.#worker.terminate();
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of jobs) {
      job.reject(createReason(job));
    }
    this.#endDoubt();
  }

  /**
   * The limit has two halves, of which each begins in a turn of its own: a page that was busy or suspended is late for the
   * first one, and reads what the worker has reported meanwhile before the second one is over.
   */
  #beginDoubt(job: Job): void {
    const { clock, abortLimitMs, onHung } = this.#options;
    const half = abortLimitMs / 2;
    const giveUp = (): void => {
      this.#end(({ hasShownPartial }) => new FrameWorkerHung(hasShownPartial));
      onHung(job.imageId, job.signal.reason);
    };
    let cancel = clock.timer(() => {
      cancel = clock.timer(giveUp, half);
    }, half);
    let resolve = (): void => undefined;
    const isOver = new Promise<void>((resolveOver) => {
      resolve = resolveOver;
    });
    const end = (): void => {
      cancel();
      resolve();
    };
    this.#doubt = { job, isOver, end };
  }

  #endDoubt(): void {
    this.#doubt?.end();
    this.#doubt = undefined;
  }

  #tell(command: FrameCommand): void {
    this.#worker.postMessage(command, command.type === 'fetch' ? ownMemory(command.request) : []);
  }

  #hear(report: FrameReport): void {
    // While the worker decodes it reports nothing.
    this.#decoding = undefined;
    this.#endDoubt();
    if (report.type === 'ready') {
      clearTimeout(this.#startTimer);
      return;
    }
    const job = this.#jobs.get(report.id);
    if (report.type === 'ended' || report.type === 'aborted') {
      this.#jobs.delete(report.id);
    }
    if (!job) {
      return;
    }
    if (report.type === 'decoding') {
      this.#decoding = { id: report.id, since: this.#options.clock.now() };
    }
    if (!job.signal.aborted) {
      tell(job, report);
    } else if (report.type === 'decoding') {
      // The worker had not read the abort yet.
      this.#beginDoubt(job);
    }
  }
}

function tell(job: Job, report: Exclude<FrameReport, { readonly type: 'ready' }>): void {
  if (report.type === 'partial') {
    job.hasShownPartial = true;
    job.onPartial?.(report.codestream);
  }
  if ((report.type === 'head' || report.type === 'ended') && report.head) {
    job.onHead?.(report.head);
  }
  if (report.type === 'received' || report.type === 'ended') {
    job.onReceived?.(report.received);
  }
  if (report.type === 'ended') {
    job.resolve(report.outcome);
  }
}

/** The memory of a request that goes to the worker: that of a response may be a hook's. */
function ownMemory({ source, output }: FrameRequest): ArrayBuffer[] {
  const frame = 'transferSyntax' in source ? source.body : undefined;
  return [frame, output?.spare].filter((buffer) => buffer !== undefined);
}

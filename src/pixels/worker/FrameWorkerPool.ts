import type { FrameOutcome, FrameRequest } from './frameMessages.js';
import { FrameWorkerClient, FrameThreadLost } from './FrameWorkerClient.js';
import type { FrameJobOptions } from './FrameWorkerClient.js';

/** How many workers there are, and for how long. */
export interface FrameWorkersOptions {
  /** Default: {@link defaultFrameWorkers}. */
  readonly count?: number | undefined;
  /** Time without a frame after which the workers are ended, in ms. */
  readonly idleMs?: number;
  /** Longest time until a worker runs, in ms. */
  readonly startLimitMs?: number;
  readonly createWorker?: () => Worker;
}

/**
 * A worker that has read many responses holds hundreds of megabytes of garbage, which only its end gives
 * back at once. Long enough for one load after another, short enough to be over when the user looks.
 */
const IDLE_TIME = 500;
const START_LIMIT = 10_000;

/** Two workers take what a fast link gives; a third only competes with the decoding. */
const ENOUGH_WORKERS = 2;

/**
 * How many frame workers there are by default.
 *
 * @param cores - `navigator.hardwareConcurrency`, which not every browser has
 */
export function defaultFrameWorkers(cores = 1): number {
  return Math.max(1, Math.min(ENOUGH_WORKERS, cores));
}

/**
 * The frame workers of a page. They are started when they are needed and ended when they are idle. Where
 * they cannot be had, because the page's policy or the bundler does not allow it or because one has
 * broken, there are none from then on.
 */
export class FrameWorkerPool {
  readonly #options: Required<FrameWorkersOptions>;
  readonly #spare = new SpareBuffers();
  #threads: FrameWorkerClient[] = [];
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #running = 0;
  #closedReason: string | undefined;

  constructor({
    count = defaultFrameWorkers(navigator.hardwareConcurrency),
    idleMs = IDLE_TIME,
    startLimitMs = START_LIMIT,
    createWorker = createFrameWorker,
  }: FrameWorkersOptions = {}) {
    this.#options = { count, idleMs, startLimitMs, createWorker };
    this.#closedReason = count === 0 ? 'the option frameWorkers is 0' : undefined;
  }

  /** Whether frames can be fetched here, as far as is known. */
  get isOpen(): boolean {
    return this.#closedReason === undefined;
  }

  /** Why no frame can be fetched here; undefined while they are open. */
  get closedReason(): string | undefined {
    return this.#closedReason;
  }

  /** How many workers there are now. */
  get size(): number {
    return this.#threads.length;
  }

  /** Starts the workers for frames that are about to be asked for, so that the first need not wait. */
  start(): void {
    if (this.isOpen && this.#threads.length === 0) {
      this.#createThreads();
      this.#endWhenIdle();
    }
  }

  /**
   * Has a frame fetched by the worker that has the least to do.
   *
   * @returns how it ended, or undefined where there are no workers; rejects with `signal.reason` after an
   *   abort
   */
  async fetch(request: FrameRequest, options: FrameJobOptions): Promise<FrameOutcome | undefined> {
    this.start();
    const [first, ...others] = this.#threads;
    if (!this.isOpen || !first) {
      return undefined;
    }
    const thread = others.reduce((best, other) => (other.load < best.load ? other : best), first);
    this.#running += 1;
    clearTimeout(this.#idleTimer);
    try {
      return await thread.fetch(request, options);
    } catch (error) {
      if (error instanceof FrameThreadLost) {
        return undefined;
      }
      throw error;
    } finally {
      this.#running -= 1;
      this.#endWhenIdle();
    }
  }

  /** Memory for a frame that comes with the answer, of exactly this size, if some can be used again. */
  takeSpare(byteLength: number): ArrayBuffer | undefined {
    return this.#spare.take(byteLength);
  }

  /** Takes the memory of a frame that came with the answer, when nobody else has it any more. */
  giveSpare(buffer: ArrayBuffer): void {
    if (this.#threads.length > 0) {
      this.#spare.give(buffer);
    }
  }

  /** Takes no more frames; those that are under way are still fetched. */
  close(): void {
    this.#closedReason = 'the volume loader is not registered any more';
    this.#endWhenIdle();
  }

  #createThreads(): void {
    const { count, createWorker, startLimitMs } = this.#options;
    const giveUp = (): void => {
      this.#closedReason = 'the page has no frame workers, or one has broken';
      this.#endThreads();
    };
    try {
      for (let i = 0; i < count; i++) {
        this.#threads.push(new FrameWorkerClient(createWorker, giveUp, startLimitMs));
      }
    } catch {
      // The page has no workers, and needs none: frames can be fetched without.
      giveUp();
    }
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#running > 0) {
      return;
    }
    if (!this.isOpen) {
      this.#endThreads();
      return;
    }
    this.#idleTimer = setTimeout(() => {
      this.#endThreads();
    }, this.#options.idleMs);
  }

  #endThreads(): void {
    clearTimeout(this.#idleTimer);
    this.#spare.clear();
    for (const thread of this.#threads.splice(0)) {
      thread.end();
    }
  }
}

/**
 * Memory of frames that have been copied, for the frames that come: it goes back to a worker instead of
 * to the collector.
 */
export class SpareBuffers {
  #buffers: ArrayBuffer[] = [];

  /** Memory of exactly this size, if there is some; what it holds is of no meaning. */
  take(byteLength: number): ArrayBuffer | undefined {
    const buffer = this.#buffers.pop();
    if (buffer && buffer.byteLength !== byteLength) {
      // Frames of another series: what was left of the one before is of no use.
      this.clear();
      return undefined;
    }
    return buffer;
  }

  /** Takes memory that nobody else has any more. */
  give(buffer: ArrayBuffer): void {
    this.#buffers.push(buffer);
  }

  /** Leaves all to the collector. */
  clear(): void {
    this.#buffers = [];
  }
}

/**
 * Starts the frame worker. The expression stands in the package as it is here, so that the application's
 * bundler finds the script beside the module.
 *
 * @throws what the browser throws where the page may have no workers from there
 */
export function createFrameWorker(): Worker {
  return new Worker(new URL('./frameWorker.js', import.meta.url), { type: 'module' });
}

import { isStreamingVolumeError } from '../../base/errors.js';
import { browserClock, raceAbort } from '../../base/timers.js';
import type { Clock } from '../../base/timers.js';
import { isCompressedSyntax } from '../../base/transferSyntaxUids.js';
import type { Decoding, FrameOutcome, FrameRequest } from './frameMessages.js';
import { FrameWorkerClient, FrameWorkerHung, FrameWorkerLost } from './FrameWorkerClient.js';
import type { FrameJobOptions } from './FrameWorkerClient.js';
import { hungOutcome, requestAnew } from './hungDecoder.js';

/** Number of workers, and for how long they run. */
export interface FrameWorkersOptions {
  /** Default: {@link defaultFrameWorkers}. */
  readonly count?: number | undefined;
  /** Whether they decode compressed frames. Default true. */
  readonly decodes?: boolean | undefined;
  /** Time without a frame after which the workers are ended, in ms. */
  readonly idleMs?: number;
  /** Longest time until a worker runs, in ms. */
  readonly startLimitMs?: number;
  /** Longest time until a worker answers the abort of the frame that it decodes, in ms. */
  readonly abortLimitMs?: number;
  readonly clock?: Clock;
  readonly createWorker?: () => Worker;
}

/**
 * Workaround: a Chromium worker that has read many responses holds hundreds of megabytes of garbage, which only
 * its end gives back at once. So workers end when they are idle: long enough for one load after another, short
 * enough for a user who looks at the memory. In other browsers too, as each worker has the memory of its codecs. Remove
 * when workers collect the memory of responses by themselves.
 */
const IDLE_TIME = 500;
const START_LIMIT = 10_000;
/**
 * A worker reads the abort of the frame that it decodes when it has decoded it: after some ten milliseconds, or seconds
 * where a frame is large and the machine slow. The limit begins with the abort, so that no decoding is ended that is still
 * waited for. One that lasts longer holds the other frames of the worker up, and costs little to do again.
 */
const ABORT_LIMIT = 2000;

/** Two workers take what a fast link gives: others are started for compressed frames only. */
const ENOUGH_FETCHERS = 2;
/** Each worker has a codec with its memory. */
const MOST_WORKERS = 8;

/**
 * The default number of frame workers: as many as cores, of which two run where frames are not compressed.
 *
 * @param cores - `navigator.hardwareConcurrency`, which not every browser has
 */
export function defaultFrameWorkers(cores = 1): number {
  return Math.max(1, Math.min(MOST_WORKERS, cores));
}

/**
 * The frame workers of a page. They are started on demand and ended when they are idle. Where they do not
 * start, because of the page's policy or the bundler, and after one has broken, the pool is closed for good.
 */
export class FrameWorkerPool {
  readonly #options: Required<Omit<FrameWorkersOptions, 'count' | 'decodes'>>;
  readonly #count: number;
  readonly #decodes: boolean;
  /** Why compressed frames are not decoded, by transfer syntax. */
  readonly #undecoded = new Map<string, string>();
  readonly #spare = new SpareBuffers();
  #clients: FrameWorkerClient[] = [];
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #running = 0;
  /** How many workers take frames that are not compressed. */
  readonly #fetchers: number;
  /** Whether the last frame was compressed, as headers do not always say. */
  #hasDecoded = false;
  #closedReason: string | undefined;
  /** imageIds of frames that a worker did not return from in time. */
  readonly #hung = new Set<string>();

  constructor({
    count,
    decodes = true,
    idleMs = IDLE_TIME,
    startLimitMs = START_LIMIT,
    abortLimitMs = ABORT_LIMIT,
    clock = browserClock,
    createWorker = createFrameWorker,
  }: FrameWorkersOptions = {}) {
    this.#options = { idleMs, startLimitMs, abortLimitMs, clock, createWorker };
    this.#count = count ?? defaultFrameWorkers(navigator.hardwareConcurrency);
    this.#fetchers = count ?? Math.min(ENOUGH_FETCHERS, this.#count);
    this.#decodes = decodes;
    this.#closedReason = count === 0 ? 'the option frameWorkers is 0' : undefined;
  }

  /** Whether workers may be used; false once they have failed. */
  get isOpen(): boolean {
    return this.#closedReason === undefined;
  }

  /** Why the pool is closed; undefined while it is open. */
  get closedReason(): string | undefined {
    return this.#closedReason;
  }

  /**
   * Why the workers do not decode frames of a transfer syntax; undefined where they do, as far as is known.
   */
  whyUndecoded(transferSyntax: string): string | undefined {
    return this.#decodes
      ? (this.#closedReason ?? this.#undecoded.get(transferSyntax))
      : 'the option decodeInFrameWorkers is false';
  }

  /** How workers decode now; undefined where they do not. */
  decodingFrom(wasmBasePath: string | undefined): Decoding | undefined {
    return this.#decodes ? { wasmBasePath, except: [...this.#undecoded.keys()] } : undefined;
  }

  /** Number of workers that run now. */
  get size(): number {
    return this.#clients.length;
  }

  /** Starts the workers before the first frame is requested, so that it need not wait for them. */
  start(): void {
    if (this.isOpen && this.#clients.length === 0) {
      this.#createClients(this.#fetchers);
      this.#endWhenIdle();
    }
  }

  /**
   * Sends a request to the worker with the fewest frames under way; of compressed frames, each worker has one before
   * one has two. Where the worker hangs in another frame, the request is sent to another worker; a frame that a worker
   * has hung in is not sent again.
   *
   * @returns how it ended, or undefined where no worker runs; rejects with `signal.reason` after an abort
   */
  async fetch(request: FrameRequest, options: FrameJobOptions): Promise<FrameOutcome | undefined> {
    this.#running += 1;
    clearTimeout(this.#idleTimer);
    try {
      const outcome = await this.#fetch(request, options);
      if (outcome) {
        this.#learn(outcome);
      }
      return outcome;
    } catch (error) {
      if (error instanceof FrameWorkerLost) {
        return undefined;
      }
      throw error;
    } finally {
      this.#running -= 1;
      this.#endWhenIdle();
    }
  }

  /** Takes memory of exactly this size for a frame that comes with the report, if there is some to be used again. */
  takeSpare(byteLength: number): ArrayBuffer | undefined {
    return this.#spare.take(byteLength);
  }

  /** Gives memory of a frame back that came with a report; the caller must not use it any more. */
  giveSpare(buffer: ArrayBuffer): void {
    if (this.#clients.length > 0) {
      this.#spare.give(buffer);
    }
  }

  /** Closes the pool; frames that are under way are still fetched. */
  close(): void {
    this.#closedReason = 'the volume loader was unregistered';
    this.#endWhenIdle();
  }

  async #fetch(first: FrameRequest, options: FrameJobOptions): Promise<FrameOutcome | undefined> {
    const { imageId } = first;
    let request: FrameRequest | undefined = first;
    while (request) {
      const doubt = this.#clients.map((client) => client.doubtAbout(imageId)).find(Boolean);
      if (doubt) {
        await raceAbort(doubt, options.signal);
        continue;
      }
      if (this.#hung.has(imageId)) {
        return hungOutcome(imageId);
      }
      this.start();
      const client = this.#leastBusy(this.#isCompressed(request));
      if (!this.isOpen || !client) {
        return undefined;
      }
      try {
        return await client.fetch(request, options);
      } catch (error) {
        if (!(error instanceof FrameWorkerHung)) {
          throw error;
        }
        request = requestAnew(request, options, error);
      }
    }
    return undefined;
  }

  #isCompressed({ source, storedSyntax, decoding }: FrameRequest): boolean {
    const isStated = 'transferSyntax' in source || isCompressedSyntax(storedSyntax);
    return decoding !== undefined && (isStated || this.#hasDecoded);
  }

  #leastBusy(isCompressed: boolean): FrameWorkerClient | undefined {
    const fetchers = this.#clients.slice(0, this.#fetchers);
    const mayDecode = isCompressed || fetchers.every(({ isHeldUp }) => isHeldUp);
    const clients = mayDecode ? this.#clients : fetchers;
    const free = clients.filter(({ isHeldUp }) => !isHeldUp);
    const [first, ...others] = free.length > 0 ? free : clients;
    if (!first) {
      return undefined;
    }
    const best = others.reduce((least, other) => (other.load < least.load ? other : least), first);
    // One more where all may hang: frames are not to be late because of another one.
    const most = clients.every(({ isLate }) => isLate) ? this.#count + 1 : this.#count;
    if (!mayDecode || best.load === 0 || clients.length >= most) {
      return best;
    }
    this.#createClients(1);
    return this.#clients.at(-1);
  }

  #learn(outcome: FrameOutcome): void {
    if (outcome.type === 'pixels') {
      this.#hasDecoded = outcome.isDecoded === true;
    } else if (outcome.type === 'bytes' && outcome.undecoded) {
      this.#undecoded.set(outcome.undecoded.transferSyntax, outcome.undecoded.reason);
    }
  }

  #createClients(count: number): void {
    const { createWorker, ...options } = this.#options;
    const closePool = (): void => {
      this.#closedReason = 'the page cannot start frame workers, or one has broken';
      this.#endClients();
    };
    try {
      for (let i = 0; i < count; i++) {
        const client = new FrameWorkerClient(createWorker, {
          ...options,
          onLost: closePool,
          onHung: (imageId, reason) => {
            // An abort for another reason may have come soon after the decoding began: it may be long, and end.
            if (isStreamingVolumeError(reason, 'frame-timeout')) {
              this.#hung.add(imageId);
            }
            this.#replace(client);
          },
        });
        this.#clients.push(client);
      }
    } catch {
      // Not an error: the main thread fetches the frames.
      closePool();
    }
  }

  #replace(client: FrameWorkerClient): void {
    this.#clients = this.#clients.filter((other) => other !== client);
    if (this.isOpen && this.#clients.length < this.#count) {
      this.#createClients(1);
    }
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#running > 0) {
      return;
    }
    if (!this.isOpen) {
      this.#endClients();
      return;
    }
    const doubt = this.#clients.map((client) => client.doubtAbout()).find(Boolean);
    if (doubt) {
      // A frame that hangs in a worker which ends as an idle one would be tried in another.
      void doubt.then(() => {
        this.#endWhenIdle();
      });
      return;
    }
    this.#idleTimer = setTimeout(() => {
      this.#endClients();
    }, this.#options.idleMs);
  }

  #endClients(): void {
    clearTimeout(this.#idleTimer);
    this.#spare.clear();
    for (const client of this.#clients.splice(0)) {
      client.end();
    }
  }
}

/**
 * Memory of frames that were copied into a volume. It is used for later frames: it goes back to a worker instead
 * of to the garbage collector.
 */
export class SpareBuffers {
  #buffers: ArrayBuffer[] = [];

  /** Memory of exactly this size, if there is some; its content is undefined. */
  take(byteLength: number): ArrayBuffer | undefined {
    const buffer = this.#buffers.pop();
    if (buffer && buffer.byteLength !== byteLength) {
      // Frames of another series follow: no buffer of the one before fits.
      this.clear();
      return undefined;
    }
    return buffer;
  }

  /** Adds memory that has no other user. */
  give(buffer: ArrayBuffer): void {
    this.#buffers.push(buffer);
  }

  /** Drops all buffers. */
  clear(): void {
    this.#buffers = [];
  }
}

/**
 * Starts a frame worker. The expression is kept as it is in the built package: bundlers find the script of the
 * worker by this very form.
 *
 * @throws what the browser throws where the page's policy forbids the worker
 */
export function createFrameWorker(): Worker {
  return new Worker(new URL('./frameWorker.js', import.meta.url), { type: 'module' });
}

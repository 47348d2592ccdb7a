/** How an {@link AdaptiveConcurrency} works. */
interface AdaptiveConcurrencyOptions {
  /** Most frames in flight, at least 1. */
  readonly most: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** A measurement with a number of frames in flight. */
interface Measured {
  readonly limit: number;
  readonly msPerFrame: number;
}

/** One frame on the line while the next one is requested. */
const LEAST = 2;
/** A wait in ms that is hardly noticed while scrolling. */
const SHORT_WAIT = 60;
/** Gain in throughput that outweighs a longer wait for a single frame. */
const WORTH = 1.3;
/** In ms: starts with a shorter gap are not held back. */
const LEAST_GAP = 4;
/** Frames until a larger limit is tried again: the bandwidth may have changed. */
const RETRY_AFTER = 64;

/**
 * The number of frames in flight that saturates the line, and no more (congestion control): frames in flight share
 * the bandwidth with the frame that a user scrolls to.
 *
 * It begins with two, and doubles as long as a frame takes little time, or the throughput rises.
 * Otherwise it goes back to the half, and tries again later. Starts are spread over the duration of a frame:
 * frames that start together end together, and the line is idle until the next ones arrive.
 */
export class AdaptiveConcurrency {
  readonly #most: number;
  readonly #now: () => number;
  #current: number;
  /** Number of changes of the limit: frames that began before the last one do not count. */
  #change = 0;
  #hasEnded = false;
  #durations: number[] = [];
  #before: Measured | undefined;
  #framesUntilRetry = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  /**
   * Least time between two starts in ms: that between the ends of two frames, so that no frame is requested before
   * the line can take it. Undefined before the first measurement.
   */
  #gap: number | undefined;

  constructor({ most, now }: AdaptiveConcurrencyOptions) {
    this.#most = most;
    this.#now = now;
    this.#current = Math.min(LEAST, most);
  }

  /** Frames to have in flight now. */
  get current(): number {
    return this.#current;
  }

  /** Time in ms for which the next start is to wait while others are in flight. */
  get delay(): number {
    return Math.max(0, this.#lastStart + (this.#gap ?? 0) - this.#now());
  }

  /** Whether a frame has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Records that a frame begins; returns a function to be called at its end. */
  begin(): () => void {
    const change = this.#change;
    const startedAt = this.#now();
    this.#lastStart = startedAt;
    // The first frames include the time to open their connections.
    const counts = this.#hasEnded;
    return () => {
      this.#hasEnded = true;
      if (counts && change === this.#change) {
        this.#learn(this.#now() - startedAt);
      }
    };
  }

  #learn(duration: number): void {
    this.#durations.push(duration);
    this.#framesUntilRetry -= 1;
    if (this.#durations.length < this.#current || this.#framesUntilRetry > 0) {
      return;
    }
    const wait = this.#durations.reduce((sum, ms) => sum + ms, 0) / this.#durations.length;
    const measured = { limit: this.#current, msPerFrame: wait / this.#current };
    this.#durations = [];
    const isWorth = !this.#before || this.#before.msPerFrame >= WORTH * measured.msPerFrame;
    if (this.#gap === undefined) {
      // Frames that started together are slower than frames spread over time.
      this.#set(this.#current, undefined, measured.msPerFrame);
    } else if (this.#before && wait > SHORT_WAIT && !isWorth) {
      this.#framesUntilRetry = RETRY_AFTER;
      this.#set(this.#before.limit, undefined, this.#before.msPerFrame);
    } else if (this.#current < this.#most) {
      const limit = Math.min(2 * this.#current, this.#most);
      this.#set(limit, measured, wait / limit);
    } else {
      this.#spread(measured.msPerFrame);
    }
  }

  #spread(msPerFrame: number): void {
    this.#gap = msPerFrame < LEAST_GAP ? 0 : msPerFrame;
  }

  #set(limit: number, before: Measured | undefined, msPerFrame: number): void {
    this.#spread(msPerFrame);
    this.#current = limit;
    this.#before = before;
    this.#change += 1;
  }
}

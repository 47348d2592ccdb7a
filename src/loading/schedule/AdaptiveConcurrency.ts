/** How a {@link AdaptiveConcurrency} works. */
export interface FlightLimitOptions {
  /** Most frames in flight, at least 1. */
  readonly most: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** What was measured with so many frames in flight. */
interface Measured {
  readonly limit: number;
  readonly msPerFrame: number;
}

/** One frame in flight, and one that is on its way while the next is asked for. */
const LEAST = 2;
/** A wait in ms that a person who scrolls hardly notices. */
const SHORT_WAIT = 60;
/** How many times faster frames must come for it to be worth a longer wait. */
const WORTH = 1.3;
/** In ms: starts that are to be nearer to each other than this are not held back. */
const LEAST_GAP = 4;
/** Frames after which it is tried again whether more in flight are faster: lines change. */
const RETRY_AFTER = 64;

/**
 * How many frames to have in flight: so many that the line is busy, but no more. What is in flight shares
 * the line with the frame that a person scrolls to.
 *
 * Begins with two, and doubles as long as a frame takes not much time, or frames come faster for it.
 * Otherwise it goes back to the half, and tries again later. Starts are spread over the time that a frame
 * takes: frames that start together end together, and the line is idle until the next ones come.
 */
export class AdaptiveConcurrency {
  readonly #most: number;
  readonly #now: () => number;
  #current: number;
  /** Rises with each change, so that frames are not counted that began before it. */
  #change = 0;
  #hasEnded = false;
  #durations: number[] = [];
  #before: Measured | undefined;
  #framesUntilRetry = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  /**
   * Least time between two starts in ms: that between two frames, so that none is asked for before the line
   * can take it. Undefined before anything was measured.
   */
  #gap: number | undefined;

  constructor({ most, now }: FlightLimitOptions) {
    this.#most = most;
    this.#now = now;
    this.#current = Math.min(LEAST, most);
  }

  /** Frames to have in flight now. */
  get current(): number {
    return this.#current;
  }

  /** How long the next start is better held back while others are in flight, in ms. */
  get delay(): number {
    return Math.max(0, this.#lastStart + (this.#gap ?? 0) - this.#now());
  }

  /** Whether it is more than a guess. */
  get hasMeasured(): boolean {
    return this.#change > 0 || this.#most <= LEAST;
  }

  /** Says that a frame begins; what is returned is to be called when it has ended. */
  begin(): () => void {
    const change = this.#change;
    const startedAt = this.#now();
    this.#lastStart = startedAt;
    // The first ones have to open their connections.
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
      // What starts together is slower than so many in flight have to be.
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

import type { FrameQueueOptions } from './frameQueueOptions.js';

/**
 * Where a frame in flight is.
 *
 * - `scheduled`: the pool has it and has not called it
 * - `started`: it runs
 * - `over`: it ended, or was dropped before it began
 */
type FlightState = 'scheduled' | 'started' | 'over';

interface Flight {
  readonly frameIndex: number;
  state: FlightState;
}

/** One run of a `FrameQueue`, from its order to the end of its last frame. */
export class FrameRun {
  readonly #signal: AbortSignal;
  readonly #options: Required<FrameQueueOptions>;
  readonly #inFlight = new Set<Flight>();
  readonly #faults: unknown[] = [];
  /** Frames that are not started, the next one first. */
  #waiting: Set<number>;
  #settle: () => void = () => undefined;
  #abandoned = false;

  constructor(order: readonly number[], signal: AbortSignal, options: Required<FrameQueueOptions>) {
    this.#waiting = new Set(order);
    this.#signal = signal;
    this.#options = options;
  }

  /** Starts the frames; settles as `FrameQueue.run` says. To be called once. */
  async finish(): Promise<void> {
    const onAbort = (): void => this.#abandon();
    this.#signal.addEventListener('abort', onAbort);
    try {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        this.#advance();
      });
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
    }
    if (this.#faults.length > 0) {
      throw this.#faults[0];
    }
    if (this.#abandoned) {
      throw this.#signal.reason;
    }
  }

  /** Puts the waiting frames into another order. */
  reorder(order: readonly number[]): void {
    const first = order.filter((frameIndex) => this.#waiting.has(frameIndex));
    this.#waiting = new Set([...first, ...this.#waiting]);
  }

  #advance(): void {
    while (this.#inFlight.size < this.#options.maxInFlight) {
      const [next] = this.#waiting;
      if (next === undefined) {
        break;
      }
      this.#waiting.delete(next);
      this.#schedule({ frameIndex: next, state: 'scheduled' });
    }
    if (this.#inFlight.size === 0) {
      this.#settle();
    }
  }

  #schedule(flight: Flight): void {
    this.#inFlight.add(flight);
    try {
      this.#options.schedule(() => this.#start(flight), flight.frameIndex);
    } catch (error) {
      this.#faults.push(error);
      if (flight.state === 'scheduled') {
        this.#end(flight);
      }
    }
  }

  async #start(flight: Flight): Promise<void> {
    if (flight.state !== 'scheduled') {
      return;
    }
    flight.state = 'started';
    try {
      await this.#options.start(flight.frameIndex, this.#signal);
    } catch (error) {
      if (!this.#signal.aborted || error !== this.#signal.reason) {
        this.#faults.push(error);
      }
    }
    this.#end(flight);
    this.#advance();
  }

  #end(flight: Flight): void {
    flight.state = 'over';
    this.#inFlight.delete(flight);
  }

  #abandon(): void {
    // An abort that comes between the last end and the settling takes nothing away.
    this.#abandoned = this.#waiting.size + this.#inFlight.size > 0;
    this.#waiting.clear();
    for (const flight of this.#inFlight) {
      if (flight.state === 'scheduled') {
        this.#end(flight);
      }
    }
    this.#advance();
  }
}

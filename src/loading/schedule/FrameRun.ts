import type { FrameQueueOptions } from './frameQueueOptions.js';

/**
 * Where a place in flight is.
 *
 * - `scheduled`: the pool has it and has not called it; no frame is chosen yet
 * - `started`: a frame runs in it
 * - `over`: its frame ended, or it was dropped before it had one
 */
type FlightState = 'scheduled' | 'started' | 'over';

interface Flight {
  state: FlightState;
  /** The frame that runs in it. */
  frameIndex?: number;
}

/** One run of a `FrameQueue`, from its order to the end of its last frame. */
export class FrameRun {
  readonly #signal: AbortSignal;
  readonly #options: Required<FrameQueueOptions>;
  readonly #inFlight = new Set<Flight>();
  readonly #faults: unknown[] = [];
  #scheduled = 0;
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
        this.advance();
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

  /** The frame that is started next; undefined when none waits. */
  get next(): number | undefined {
    const [next] = this.#upcoming();
    return next;
  }

  /** Lets a frame wait for one more start; it comes last until it is ordered. */
  add(frameIndex: number): void {
    if (!this.#signal.aborted) {
      this.#waiting.add(frameIndex);
    }
  }

  /** Puts the waiting frames into another order. */
  reorder(order: readonly number[]): void {
    const first = order.filter((frameIndex) => this.#waiting.has(frameIndex));
    this.#waiting = new Set([...first, ...this.#waiting]);
    this.advance();
  }

  /** Starts what there is a place for. */
  advance(): void {
    while (this.#scheduled < this.#waiting.size) {
      const next = nth(this.#upcoming(), this.#scheduled);
      if (!this.#hasPlace(next)) {
        break;
      }
      this.#schedule({ state: 'scheduled' }, next);
    }
    if (this.#inFlight.size === 0) {
      this.#settle();
    }
  }

  #hasPlace(frameIndex: number): boolean {
    const { maxInFlight, limit, isHeldBack, isUrgent } = this.#options;
    const inFlight = this.#inFlight.size;
    if (inFlight === 0) {
      return true;
    }
    if (isUrgent(frameIndex)) {
      return inFlight < Math.min(limit() + 1, maxInFlight);
    }
    const flights = [...this.#inFlight];
    const isAwaited = flights.some((flight) => isUrgent(flight.frameIndex ?? -1));
    const isFree = inFlight < Math.min(limit(), maxInFlight) && (inFlight === 1 || !isAwaited);
    return isFree && !isHeldBack();
  }

  #schedule(flight: Flight, nextFrame: number): void {
    this.#inFlight.add(flight);
    this.#scheduled += 1;
    try {
      this.#options.schedule(() => this.#start(flight), nextFrame);
    } catch (error) {
      this.#faults.push(error);
      if (flight.state === 'scheduled') {
        this.#takeNext();
        this.#end(flight);
      }
    }
  }

  async #start(flight: Flight): Promise<void> {
    if (flight.state !== 'scheduled') {
      return;
    }
    // Chosen now and not before: the order may have changed while the pool was busy.
    const frameIndex = this.#takeNext();
    if (frameIndex !== undefined) {
      Object.assign(flight, { state: 'started', frameIndex });
      this.#scheduled -= 1;
      try {
        await this.#options.start(frameIndex, this.#signal);
      } catch (error) {
        if (!this.#signal.aborted || error !== this.#signal.reason) {
          this.#faults.push(error);
        }
      }
    }
    this.#end(flight);
    this.advance();
  }

  #takeNext(): number | undefined {
    const { next } = this;
    if (next !== undefined) {
      this.#waiting.delete(next);
    }
    return next;
  }

  *#upcoming(): Generator<number> {
    const { isUnderWay } = this.#options;
    const last: number[] = [];
    for (const frameIndex of this.#waiting) {
      if (isUnderWay(frameIndex)) {
        last.push(frameIndex);
      } else {
        yield frameIndex;
      }
    }
    yield* last;
  }

  #end(flight: Flight): void {
    this.#scheduled -= flight.state === 'scheduled' ? 1 : 0;
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
    this.advance();
  }
}

function nth(values: Iterable<number>, place: number): number {
  let passed = 0;
  for (const value of values) {
    if (passed === place) {
      return value;
    }
    passed += 1;
  }
  throw new RangeError(`Expected more than ${place} values`);
}

/** How a {@link FrameScheduler} works. */
export interface FrameSchedulerOptions {
  /** Most frames in flight at once, at least 1. */
  readonly maxInFlight: number;
  /** How many of these to have in flight now, at least 1; asked again for each start. Default: all. */
  readonly limit?: () => number;
  /**
   * Whether a start is to wait although there is a place, as long as another frame is in flight; asked again
   * for each start. The option's owner calls `advance` when the wait is over. Default: false.
   */
  readonly isHeldBack?: () => boolean;
  /**
   * Whether a viewport shows a slice. Its frame is started beyond the limit, as far as `maxInFlight` allows,
   * and nothing is started behind it until it has ended or all others have. Default: no slice.
   */
  readonly isOnScreen?: (index: number) => boolean;
  /**
   * Whether a frame is being loaded by another caller; it is started after all others then. Asked again for
   * each start. Default: no frame.
   */
  readonly isUnderWay?: (index: number) => boolean;
  /**
   * Loads one frame; settles when the frame has ended, well or not. It handles the errors of the frame: a
   * rejection is a fault of the program, and `run` rejects with it after all frames have ended.
   */
  readonly start: (index: number, signal: AbortSignal) => Promise<void>;
  /**
   * Hands a start to an outside pool, which calls `run` when there is room, or never. The start counts as in
   * flight meanwhile; its frame is chosen when `run` is called (late binding), and is `nextIndex` unless
   * the order changes. The promise of `run` does not reject. Default: runs at once.
   */
  readonly schedule?: (run: () => Promise<void>, nextIndex: number) => void;
}

/**
 * What a place in flight is doing.
 *
 * - `scheduled`: the pool has it and has not called it; no frame is chosen yet
 * - `started`: a frame is loaded in it
 * - `over`: its frame has ended, or it was dropped before it had one
 */
type FlightState = 'scheduled' | 'started' | 'over';

interface Flight {
  state: FlightState;
  /** The frame that is loaded in it. */
  index?: number;
}

/** Starts frames in an order, a limited number at a time. Knows neither their content nor how they end. */
export class FrameScheduler {
  readonly #options: Required<FrameSchedulerOptions>;
  readonly #flights = new Set<Flight>();
  /** Frames that are not started, the next one first. */
  #waiting = new Set<number>();
  /** Number of flights without a frame. */
  #scheduled = 0;
  /** Of the run that goes on. */
  #signal: AbortSignal | undefined;
  #faults: unknown[] = [];
  #isAbandoned = false;
  #settle: () => void = () => undefined;

  /** @throws TypeError when `maxInFlight` is not a positive integer */
  constructor({
    maxInFlight,
    limit = () => maxInFlight,
    isHeldBack = () => false,
    isOnScreen = () => false,
    isUnderWay = () => false,
    start,
    schedule = (run) => void run(),
  }: FrameSchedulerOptions) {
    if (!Number.isInteger(maxInFlight) || maxInFlight < 1) {
      throw new TypeError(`Expected maxInFlight to be a positive integer, got ${maxInFlight}`);
    }
    this.#options = { maxInFlight, limit, isHeldBack, isOnScreen, isUnderWay, start, schedule };
  }

  /**
   * Starts every frame of the order, each once unless {@link add} asks for more, the next whenever one
   * ends.
   *
   * On an abort nothing more is started, and starts that the pool has not called yet are dropped:
   * called later, they do nothing.
   *
   * @param signal - is passed to each start
   * @returns resolves when all frames have ended. After an abort rejects with `signal.reason` as
   *   soon as the frames that were started have ended. Rejects with an Error during an earlier run
   */
  async run(order: readonly number[], signal: AbortSignal): Promise<void> {
    if (this.#signal) {
      throw new Error('Cannot run the scheduler: an earlier run goes on');
    }
    signal.throwIfAborted();
    this.#signal = signal;
    this.#waiting = new Set(order);
    this.#faults = [];
    this.#isAbandoned = false;
    const onAbort = (): void => this.#abandon();
    signal.addEventListener('abort', onAbort);
    try {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        this.advance();
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#signal = undefined;
    }
    if (this.#faults.length > 0) {
      throw this.#faults[0];
    }
    if (this.#isAbandoned) {
      throw signal.reason;
    }
  }

  /** The frame that is started next; undefined when none waits. */
  get next(): number | undefined {
    const [next] = this.#upcoming();
    return next;
  }

  /**
   * Lets a frame wait for one more start, behind all others. For a `start` whose frame has not ended;
   * does nothing after an abort and outside of a run.
   */
  add(index: number): void {
    if (this.#signal?.aborted === false) {
      this.#waiting.add(index);
    }
  }

  /**
   * Puts the frames that are not started yet into another order. Others in it are passed over;
   * frames that are not in it come after it, in their present order. Does nothing outside of a run.
   */
  reorder(order: readonly number[]): void {
    if (this.#signal) {
      const first = order.filter((index) => this.#waiting.has(index));
      this.#waiting = new Set([...first, ...this.#waiting]);
      this.advance();
    }
  }

  /** Fills the places that are free; to be called when the limit has risen or a wait is over. */
  advance(): void {
    while (this.#scheduled < this.#waiting.size) {
      const next = nth(this.#upcoming(), this.#scheduled);
      if (!this.#hasPlace(next)) {
        break;
      }
      const flight: Flight = { state: 'scheduled' };
      this.#flights.add(flight);
      this.#scheduled += 1;
      try {
        this.#options.schedule(this.#start.bind(this, flight), next);
      } catch (error) {
        this.#faults.push(error);
        if (flight.state === 'scheduled') {
          this.#waiting.delete(next);
          this.#end(flight);
        }
      }
    }
    if (this.#flights.size === 0) {
      this.#settle();
    }
  }

  #hasPlace(index: number): boolean {
    const { maxInFlight, limit, isHeldBack, isOnScreen } = this.#options;
    const inFlight = this.#flights.size;
    if (inFlight === 0) {
      return true;
    }
    if (isOnScreen(index)) {
      return inFlight < Math.min(limit() + 1, maxInFlight);
    }
    const flights = [...this.#flights];
    const hasOnScreen = flights.some((flight) => isOnScreen(flight.index ?? -1));
    const isFree = inFlight < Math.min(limit(), maxInFlight) && (inFlight === 1 || !hasOnScreen);
    return isFree && !isHeldBack();
  }

  async #start(flight: Flight): Promise<void> {
    const signal = this.#signal;
    if (flight.state !== 'scheduled' || !signal) {
      return;
    }
    // Chosen now and not before: the order may have changed while the pool was busy.
    const index = this.next;
    if (index !== undefined) {
      this.#waiting.delete(index);
      Object.assign(flight, { state: 'started', index });
      this.#scheduled -= 1;
      try {
        await this.#options.start(index, signal);
      } catch (error) {
        if (!signal.aborted || error !== signal.reason) {
          this.#faults.push(error);
        }
      }
    }
    this.#end(flight);
    this.advance();
  }

  *#upcoming(): Generator<number> {
    const { isUnderWay } = this.#options;
    const last: number[] = [];
    for (const index of this.#waiting) {
      if (isUnderWay(index)) {
        last.push(index);
      } else {
        yield index;
      }
    }
    yield* last;
  }

  #end(flight: Flight): void {
    this.#scheduled -= flight.state === 'scheduled' ? 1 : 0;
    flight.state = 'over';
    this.#flights.delete(flight);
  }

  #abandon(): void {
    // An abort that comes between the last end and the settling takes nothing away.
    this.#isAbandoned = this.#waiting.size + this.#flights.size > 0;
    this.#waiting.clear();
    for (const flight of this.#flights) {
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

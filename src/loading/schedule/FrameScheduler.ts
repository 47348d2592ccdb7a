/** Starts frames in an order, so many at a time. Knows neither what they are nor how they end. */
export class FrameQueue {
  readonly #options: Required<FrameQueueOptions>;
  #current: FrameRun | undefined;

  /** @throws TypeError when `maxInFlight` is not a positive integer */
  constructor({
    maxInFlight,
    limit = () => maxInFlight,
    isHeldBack = () => false,
    isUrgent = () => false,
    isUnderWay = () => false,
    start,
    schedule = (run) => void run(),
  }: FrameQueueOptions) {
    if (!Number.isInteger(maxInFlight) || maxInFlight < 1) {
      throw new TypeError(`Expected a positive integer for maxInFlight, got ${maxInFlight}`);
    }
    this.#options = { maxInFlight, limit, isHeldBack, isUrgent, isUnderWay, start, schedule };
  }

  /**
   * Starts every frame of the order, each once unless {@link add} asks for more, the next whenever one
   * ends.
   *
   * On an abort nothing more is started, and starts that the pool has not called yet are dropped:
   * called later, they do nothing.
   *
   * @param signal - goes to each start too
   * @returns resolves when all frames have ended. After an abort rejects with `signal.reason` as
   *   soon as the frames that were started have ended. Rejects with an Error while an earlier run
   *   goes on
   */
  async run(order: readonly number[], signal: AbortSignal): Promise<void> {
    if (this.#current) {
      throw new Error('Cannot run the queue: an earlier run goes on');
    }
    signal.throwIfAborted();
    const run = new FrameRun(order, signal, this.#options);
    this.#current = run;
    try {
      await run.finish();
    } finally {
      this.#current = undefined;
    }
  }

  /**
   * Lets a frame wait for one more start, behind all others. For a `start` whose frame has not ended;
   * does nothing after an abort or while no run goes on.
   */
  add(frameIndex: number): void {
    this.#current?.add(frameIndex);
  }

  /** The frame that is started next; undefined when none waits. */
  get next(): number | undefined {
    return this.#current?.next;
  }

  /** Starts what there is a place for; to be called when the limit has risen or nothing is held back any more. */
  advance(): void {
    this.#current?.advance();
  }

  /**
   * Puts the frames that are not started yet into another order. Others in it are passed over;
   * those that it leaves out come after it, as they were. Does nothing while no run goes on.
   */
  reorder(order: readonly number[]): void {
    this.#current?.reorder(order);
  }
}

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

/** How a `FrameQueue` works. */
export interface FrameQueueOptions {
  /** Most frames in flight at once, at least 1. */
  readonly maxInFlight: number;
  /** How many of these to have in flight now, at least 1; asked for each start anew. Default: all. */
  readonly limit?: () => number;
  /**
   * Whether no other frame is to start behind those in flight for now, though there is a place; asked for
   * each start anew. Who says so calls `advance` later. Default: false.
   */
  readonly isHeldBack?: () => boolean;
  /**
   * Whether somebody waits for a frame. It is started beyond the limit, as far as `maxInFlight` allows,
   * and nothing is started behind it until it has ended or all others have. Default: no frame.
   */
  readonly isUrgent?: (frameIndex: number) => boolean;
  /**
   * Whether somebody else is at a frame already; it comes after all others then. Asked for each start anew.
   * Default: no frame.
   */
  readonly isUnderWay?: (frameIndex: number) => boolean;
  /**
   * Loads one frame; settles when the frame has ended, well or not. It handles its own errors: a
   * rejection is a fault of the program and comes out of `run`, after all frames have ended.
   */
  readonly start: (frameIndex: number, signal: AbortSignal) => Promise<void>;
  /**
   * Hands a start to an outside pool, which calls `run` when there is room, or never. It counts as in
   * flight meanwhile; which frame is started is chosen when `run` is called, and is `nextFrame` unless
   * the order changes. The promise of `run` does not reject. Default: runs at once.
   */
  readonly schedule?: (run: () => Promise<void>, nextFrame: number) => void;
}

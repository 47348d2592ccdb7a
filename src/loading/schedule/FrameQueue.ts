import type { FrameQueueOptions } from './frameQueueOptions.js';
import { FrameRun } from './FrameRun.js';

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

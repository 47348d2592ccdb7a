/**
 * The one state that a frame is in.
 *
 * - `idle`: nobody asked for it, or its load was cancelled
 * - `queued`: it waits for its turn
 * - `loading`: its pixels are on the way
 * - `loaded`: its pixels are in the store; final
 * - `failed`: its load ended with an error, which is in `failures`; final until it is reset
 */
export type FrameState = 'idle' | 'queued' | 'loading' | 'loaded' | 'failed';

/** What happens to a frame: the states that it may happen in, and the state that it leads to. */
const TRANSITIONS = {
  enqueue: { from: ['idle'], to: 'queued' },
  start: { from: ['queued'], to: 'loading' },
  succeed: { from: ['loading'], to: 'loaded' },
  fail: { from: ['loading'], to: 'failed' },
  cancel: { from: ['queued', 'loading'], to: 'idle' },
  reset: { from: ['failed'], to: 'idle' },
} as const satisfies Record<string, { from: readonly FrameState[]; to: FrameState }>;

/**
 * The states of all frames, and how many are in each.
 *
 * Each transition throws an Error, and changes nothing, when the frame is not in a state where it
 * may happen (so a frame ends once), and a RangeError when there is no such frame.
 */
export class FrameStates {
  readonly #states: FrameState[];
  readonly #counts: Record<FrameState, number>;
  readonly #failures = new Map<number, unknown>();

  /** @param frameCount - number of frames, all of them idle */
  constructor(frameCount: number) {
    this.#states = Array.from({ length: frameCount }, () => 'idle');
    this.#counts = { idle: frameCount, queued: 0, loading: 0, loaded: 0, failed: 0 };
  }

  /** State of one frame. */
  get(frameIndex: number): FrameState {
    const state = this.#states[frameIndex];
    if (state === undefined) {
      throw new RangeError(
        `Expected a frame index below ${this.#states.length}, got ${frameIndex}`,
      );
    }
    return state;
  }

  /** The states of all frames, as they are now. */
  snapshot(): FrameState[] {
    return [...this.#states];
  }

  /** Number of frames in a state. */
  count(state: FrameState): number {
    return this.#counts[state];
  }

  /** Number of frames that are loaded or failed. */
  get ended(): number {
    return this.#counts.loaded + this.#counts.failed;
  }

  /** Whether every frame has ended, well or not. */
  get isComplete(): boolean {
    return this.ended === this.#states.length;
  }

  /** Live view: the error of each failed frame, by frame index. */
  get failures(): ReadonlyMap<number, unknown> {
    return this.#failures;
  }

  /** idle to queued. */
  enqueue(frameIndex: number): void {
    this.#move(frameIndex, 'enqueue');
  }

  /** queued to loading. */
  start(frameIndex: number): void {
    this.#move(frameIndex, 'start');
  }

  /** loading to loaded. */
  succeed(frameIndex: number): void {
    this.#move(frameIndex, 'succeed');
  }

  /** loading to failed. */
  fail(frameIndex: number, error: unknown): void {
    this.#move(frameIndex, 'fail');
    this.#failures.set(frameIndex, error);
  }

  /** queued or loading back to idle. */
  cancel(frameIndex: number): void {
    this.#move(frameIndex, 'cancel');
  }

  /** failed back to idle, so that it can be loaded again; its error is forgotten. */
  reset(frameIndex: number): void {
    this.#move(frameIndex, 'reset');
    this.#failures.delete(frameIndex);
  }

  #move(frameIndex: number, transition: keyof typeof TRANSITIONS): void {
    const state = this.get(frameIndex);
    const { from, to }: { from: readonly FrameState[]; to: FrameState } = TRANSITIONS[transition];
    if (!from.includes(state)) {
      throw new Error(`Cannot ${transition} frame ${frameIndex}: it is ${state}`);
    }
    this.#states[frameIndex] = to;
    this.#counts[state]--;
    this.#counts[to]++;
  }
}

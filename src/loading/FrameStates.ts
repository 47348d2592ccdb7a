import { IMAGE_QUALITY } from '../base/types.js';

/**
 * The one state that a frame is in.
 *
 * - `idle`: nobody asked for it, or its load was cancelled
 * - `queued`: it waits for its turn
 * - `loading`: its pixels are on the way
 * - `partial`: the store has pixels of lower quality, its own or a neighbour's; better ones are to come
 * - `loaded`: its pixels are in the store; final
 * - `failed`: its load ended with an error, which is in `failures`; final until it is reset
 * - `absent`: the series has no frame there, so that there is nothing to load; final from the beginning
 */
export type FrameState = 'idle' | 'queued' | 'loading' | 'partial' | 'loaded' | 'failed' | 'absent';

/** What happens to a frame: the states that it may happen in, and the state that it leads to. */
const TRANSITIONS = {
  enqueue: { from: ['idle'], to: 'queued' },
  start: { from: ['queued', 'partial'], to: 'loading' },
  show: { from: ['idle', 'queued', 'partial', 'loading'], to: 'partial' },
  succeed: { from: ['loading'], to: 'loaded' },
  fail: { from: ['loading'], to: 'failed' },
  cancel: { from: ['queued', 'partial', 'loading'], to: 'idle' },
  reset: { from: ['failed'], to: 'idle' },
  leaveOut: { from: ['idle'], to: 'absent' },
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
  readonly #qualities = new Map<number, number>();

  /** Called after each transition. */
  onMoved: ((frameIndex: number, state: FrameState) => void) | undefined;

  /**
   * @param frameCount - number of frames, all of them idle
   * @param loaded - but for these, which are loaded
   * @param absent - and for these, which are absent
   */
  constructor(frameCount: number, loaded: readonly number[] = [], absent: readonly number[] = []) {
    this.#states = Array.from({ length: frameCount }, () => 'idle');
    this.#counts = {
      idle: frameCount,
      queued: 0,
      loading: 0,
      partial: 0,
      loaded: 0,
      failed: 0,
      absent: 0,
    };
    for (const frameIndex of absent) {
      this.#move(frameIndex, 'leaveOut');
    }
    for (const frameIndex of loaded) {
      this.enqueue(frameIndex);
      this.start(frameIndex);
      this.succeed(frameIndex, IMAGE_QUALITY.full);
    }
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

  /** Whether there is such a frame. */
  has(frameIndex: number): boolean {
    return this.#states[frameIndex] !== undefined;
  }

  /** The states of all frames, as they are now. */
  snapshot(): FrameState[] {
    return [...this.#states];
  }

  /** Indices of the frames in a state, ascending. */
  framesIn(state: FrameState): number[] {
    return [...this.#states.keys()].filter((frameIndex) => this.#states[frameIndex] === state);
  }

  /** Number of frames in a state. */
  count(state: FrameState): number {
    return this.#counts[state];
  }

  /** Number of frames that are loaded, failed or absent. */
  get ended(): number {
    return this.#counts.loaded + this.#counts.failed + this.#counts.absent;
  }

  /** Whether every frame has ended, well or not. */
  get isComplete(): boolean {
    return this.ended === this.#states.length;
  }

  /** Whether every frame that there is has been loaded. */
  get isLoaded(): boolean {
    return this.#counts.loaded + this.#counts.absent === this.#states.length;
  }

  /** Live view: the error of each failed frame, by frame index. */
  get failures(): ReadonlyMap<number, unknown> {
    return this.#failures;
  }

  /**
   * Quality of the pixels that a frame has, as Cornerstone's ImageQualityStatus counts it; undefined
   * while it has none.
   */
  quality(frameIndex: number): number | undefined {
    this.get(frameIndex);
    return this.#qualities.get(frameIndex);
  }

  /** idle to queued. */
  enqueue(frameIndex: number): void {
    this.#move(frameIndex, 'enqueue');
  }

  /** queued or partial to loading. */
  start(frameIndex: number): void {
    this.#move(frameIndex, 'start');
  }

  /** idle, queued, partial or loading to partial: it has pixels, but not its last ones. */
  show(frameIndex: number, quality: number): void {
    this.#move(frameIndex, 'show');
    this.#qualities.set(frameIndex, quality);
  }

  /** loading to loaded. */
  succeed(frameIndex: number, quality: number): void {
    this.#move(frameIndex, 'succeed');
    this.#qualities.set(frameIndex, quality);
  }

  /** loading to failed. */
  fail(frameIndex: number, error: unknown): void {
    this.#move(frameIndex, 'fail');
    this.#failures.set(frameIndex, error);
  }

  /** queued, partial or loading back to idle; what pixels it has stay. */
  cancel(frameIndex: number): void {
    this.#move(frameIndex, 'cancel');
  }

  /** Number of frames that have pixels, of whatever quality. */
  get shown(): number {
    return this.#qualities.size;
  }

  /** Whether a frame is loaded, has failed or is absent. */
  hasEnded(frameIndex: number): boolean {
    const state = this.get(frameIndex);
    return state === 'loaded' || state === 'failed' || state === 'absent';
  }

  /** Says that a frame has no pixels any more. */
  forgetQuality(frameIndex: number): void {
    this.#qualities.delete(frameIndex);
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
    this.onMoved?.(frameIndex, to);
  }
}

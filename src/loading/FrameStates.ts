import { IMAGE_QUALITY } from '../base/types.js';

/**
 * The state of a frame; it has exactly one.
 *
 * - `idle`: not requested, or its load was cancelled
 * - `queued`: it waits for its turn
 * - `loading`: its pixels are on the way
 * - `partial`: the store has pixels of lower quality, its own or a neighbour's, and better ones will follow
 * - `loaded`: its pixels are in the store; final
 * - `failed`: its load ended with an error; final until it is reset
 * - `absent`: the series has no frame for this slice, so there is nothing to load; final from the beginning
 */
export type FrameState = 'idle' | 'queued' | 'loading' | 'partial' | 'loaded' | 'failed' | 'absent';

/** The transitions: the states that each is allowed in, and the state that it leads to. */
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

/** How one step of a frame has ended: with the quality of its pixels, or without pixels. */
interface StepResult {
  readonly quality?: number | undefined;
  /** Why it has none. */
  readonly failure?: unknown;
}

/** All that is known of one frame while it loads. */
interface FrameRecord {
  state: FrameState;
  /** Quality of the pixels that are in the store; undefined while there are none. */
  quality: number | undefined;
  /** Why the frame has failed. */
  failure: unknown;
}

/**
 * The state, the quality and the failure of each frame, and the number of frames in each state.
 *
 * Each transition throws an Error, and changes nothing, when the frame is in a state where it is not
 * allowed (so a frame ends once), and a RangeError when there is no such frame.
 */
export class FrameStates {
  readonly #frames: readonly FrameRecord[];
  readonly #counts: Record<FrameState, number>;
  #version = 0;

  /** Called after each transition, with the new state. */
  onMoved: ((sliceIndex: number, state: FrameState) => void) | undefined;

  /**
   * @param frameCount - number of slices of the volume, all of them idle except the following
   * @param loaded - slices that are loaded
   * @param absent - slices that are absent
   */
  constructor(frameCount: number, loaded: readonly number[] = [], absent: readonly number[] = []) {
    this.#frames = Array.from({ length: frameCount }, () => ({
      state: 'idle',
      quality: undefined,
      failure: undefined,
    }));
    this.#counts = {
      idle: frameCount,
      queued: 0,
      loading: 0,
      partial: 0,
      loaded: 0,
      failed: 0,
      absent: 0,
    };
    for (const sliceIndex of absent) {
      this.#move(sliceIndex, 'leaveOut');
    }
    for (const sliceIndex of loaded) {
      this.take(sliceIndex);
    }
  }

  /** A number that grows with each change of a state or a quality. */
  get version(): number {
    return this.#version;
  }

  /** State of one frame. */
  get(sliceIndex: number): FrameState {
    return this.#record(sliceIndex).state;
  }

  /** Whether there is such a frame. */
  has(sliceIndex: number): boolean {
    return this.#frames[sliceIndex] !== undefined;
  }

  /** The states of all frames, as they are now. */
  snapshot(): FrameState[] {
    return this.#frames.map(({ state }) => state);
  }

  /** Indices of the frames in a state, ascending. */
  framesIn(state: FrameState): number[] {
    return [...this.#frames.keys()].filter((index) => this.#frames[index]?.state === state);
  }

  /** Number of frames in a state. */
  count(state: FrameState): number {
    return this.#counts[state];
  }

  /** Number of slices of the volume. */
  get total(): number {
    return this.#frames.length;
  }

  /** Number of frames that are loaded, failed or absent. */
  get ended(): number {
    return this.#counts.loaded + this.#counts.failed + this.#counts.absent;
  }

  /** Whether every frame is loaded, failed or absent. */
  get isComplete(): boolean {
    return this.ended === this.#frames.length;
  }

  /** Whether every frame is loaded or absent. */
  get isLoaded(): boolean {
    return this.#counts.loaded + this.#counts.absent === this.#frames.length;
  }

  /** Whether a frame is loaded, failed or absent. */
  hasEnded(sliceIndex: number): boolean {
    const state = this.get(sliceIndex);
    return state === 'loaded' || state === 'failed' || state === 'absent';
  }

  /** The errors of the frames that are failed, by slice index, ascending. */
  get failures(): ReadonlyMap<number, unknown> {
    return new Map(this.framesIn('failed').map((index) => [index, this.#frames[index]?.failure]));
  }

  /** The error of a frame; undefined unless it is failed. */
  failure(sliceIndex: number): unknown {
    return this.#record(sliceIndex).failure;
  }

  /**
   * Quality of the pixels that a frame has, as Cornerstone's ImageQualityStatus counts it; undefined
   * while it has none.
   */
  quality(sliceIndex: number): number | undefined {
    return this.#record(sliceIndex).quality;
  }

  /** Number of frames that have pixels, of any quality. */
  get shown(): number {
    return this.#frames.filter(({ quality }) => quality !== undefined).length;
  }

  /** idle to queued. */
  enqueue(sliceIndex: number): void {
    this.#move(sliceIndex, 'enqueue');
  }

  /** queued or partial to loading. */
  start(sliceIndex: number): void {
    this.#move(sliceIndex, 'start');
  }

  /** idle, queued, partial or loading to partial: it has pixels, but not its last ones. */
  show(sliceIndex: number, quality: number): void {
    this.#move(sliceIndex, 'show').quality = quality;
  }

  /**
   * Ends one step of a frame: loading to loaded or failed where it was the last one or gave the full quality;
   * otherwise to partial with pixels, and to queued without.
   *
   * @param isLastStep - whether no better pixels will be requested
   * @returns the new state
   */
  endStep(
    sliceIndex: number,
    { failure, quality = 0 }: StepResult,
    isLastStep: boolean,
  ): FrameState {
    if (failure && isLastStep) {
      this.#move(sliceIndex, 'fail').failure = failure;
    } else if (failure) {
      this.cancel(sliceIndex);
      this.enqueue(sliceIndex);
    } else if (isLastStep || quality >= IMAGE_QUALITY.full) {
      this.#move(sliceIndex, 'succeed').quality = quality;
    } else {
      this.show(sliceIndex, quality);
    }
    return this.get(sliceIndex);
  }

  /** idle to loaded, for a frame whose pixels are in the store without a load: all three steps at once. */
  take(sliceIndex: number): void {
    this.enqueue(sliceIndex);
    this.start(sliceIndex);
    this.endStep(sliceIndex, { quality: IMAGE_QUALITY.full }, true);
  }

  /** queued, partial or loading back to idle; the pixels that it has stay. */
  cancel(sliceIndex: number): void {
    this.#move(sliceIndex, 'cancel');
  }

  /** failed back to idle, so that it can be loaded again; its error is forgotten. */
  reset(sliceIndex: number): void {
    this.#move(sliceIndex, 'reset').failure = undefined;
  }

  /** Records that a frame has no pixels any more. */
  forgetQuality(sliceIndex: number): void {
    this.#record(sliceIndex).quality = undefined;
    this.#version += 1;
  }

  #record(sliceIndex: number): FrameRecord {
    const record = this.#frames[sliceIndex];
    if (record === undefined) {
      throw new RangeError(
        `Expected a slice index below ${this.#frames.length}, got ${sliceIndex}`,
      );
    }
    return record;
  }

  #move(sliceIndex: number, transition: keyof typeof TRANSITIONS): FrameRecord {
    const record = this.#record(sliceIndex);
    const { from, to }: { from: readonly FrameState[]; to: FrameState } = TRANSITIONS[transition];
    if (!from.includes(record.state)) {
      throw new Error(`Cannot ${transition} frame ${sliceIndex}: it is ${record.state}`);
    }
    this.#counts[record.state]--;
    this.#counts[to]++;
    record.state = to;
    this.#version += 1;
    this.onMoved?.(sliceIndex, to);
    return record;
  }
}

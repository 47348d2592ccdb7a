import type { ValueRange } from './types.js';

const NOT_WRITTEN = 0;
const CURRENT = 1;
const STALE = 2;

/**
 * The value range of each written frame, so that the range of all is cheap.
 *
 * Stale ranges are measured again only when somebody asks.
 */
export class FrameRanges {
  readonly #measure: (frameIndex: number) => ValueRange | undefined;
  readonly #states: Uint8Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;

  /**
   * @param frameCount - number of frames, none of them written
   * @param measure - scans the values of a frame; `undefined` when none of them is finite
   */
  constructor(frameCount: number, measure: (frameIndex: number) => ValueRange | undefined) {
    this.#measure = measure;
    this.#states = new Uint8Array(frameCount);
    this.#min = new Float64Array(frameCount);
    this.#max = new Float64Array(frameCount);
  }

  /** Marks a frame as written. `undefined`: it has no finite value. */
  set(frameIndex: number, range: ValueRange | undefined): void {
    this.#states[frameIndex] = CURRENT;
    // An empty range, which takes no part in the merge.
    this.#min[frameIndex] = range?.min ?? Infinity;
    this.#max[frameIndex] = range?.max ?? -Infinity;
  }

  /** Whether a frame is written. */
  has(frameIndex: number): boolean {
    return (this.#states[frameIndex] ?? NOT_WRITTEN) !== NOT_WRITTEN;
  }

  /** Marks a frame as not written. */
  forget(frameIndex: number): void {
    this.#states[frameIndex] = NOT_WRITTEN;
  }

  /** Marks the range of a written frame as stale; a frame that is not written stays so. */
  invalidate(frameIndex: number): void {
    if (this.has(frameIndex)) {
      this.#states[frameIndex] = STALE;
    }
  }

  /** Range of one frame; `undefined` while it is not written or when no value is finite. */
  get(frameIndex: number): ValueRange | undefined {
    if (!this.has(frameIndex)) {
      return undefined;
    }
    this.#refresh(frameIndex);
    return rangeOrNone(this.#min[frameIndex], this.#max[frameIndex]);
  }

  /** Range of all written frames; `undefined` while there is none with a finite value. */
  merged(): ValueRange | undefined {
    let min = Infinity;
    let max = -Infinity;
    for (let frameIndex = 0; frameIndex < this.#states.length; frameIndex++) {
      if (this.has(frameIndex)) {
        this.#refresh(frameIndex);
        min = Math.min(min, this.#min[frameIndex] ?? Infinity);
        max = Math.max(max, this.#max[frameIndex] ?? -Infinity);
      }
    }
    return rangeOrNone(min, max);
  }

  #refresh(frameIndex: number): void {
    if (this.#states[frameIndex] === STALE) {
      this.set(frameIndex, this.#measure(frameIndex));
    }
  }
}

function rangeOrNone(min = Infinity, max = -Infinity): ValueRange | undefined {
  return min <= max ? { min, max } : undefined;
}

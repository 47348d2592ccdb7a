import type { ValueRange } from '../types.js';

const NOT_WRITTEN = 0;
const CURRENT = 1;
const STALE = 2;

/**
 * The value range of each written frame, so that the range of all is cheap. Stale ranges are measured again on the
 * next read.
 */
export class FrameRanges {
  readonly #measure: (sliceIndex: number) => ValueRange | undefined;
  readonly #states: Uint8Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;

  /**
   * @param frameCount - number of frames, none of them written
   * @param measure - scans the values of a frame; `undefined` when none of them is finite
   */
  constructor(frameCount: number, measure: (sliceIndex: number) => ValueRange | undefined) {
    this.#measure = measure;
    this.#states = new Uint8Array(frameCount);
    this.#min = new Float64Array(frameCount);
    this.#max = new Float64Array(frameCount);
  }

  /** Marks a frame as written. `undefined`: it has no finite value. */
  set(sliceIndex: number, range: ValueRange | undefined): void {
    this.#states[sliceIndex] = CURRENT;
    // An empty range, which takes no part in the merge.
    this.#min[sliceIndex] = range?.min ?? Infinity;
    this.#max[sliceIndex] = range?.max ?? -Infinity;
  }

  /** Whether a frame is written. */
  has(sliceIndex: number): boolean {
    return (this.#states[sliceIndex] ?? NOT_WRITTEN) !== NOT_WRITTEN;
  }

  /** Marks a frame as not written. */
  forget(sliceIndex: number): void {
    this.#states[sliceIndex] = NOT_WRITTEN;
  }

  /** Marks the range of a written frame as stale; a frame that is not written stays so. */
  invalidate(sliceIndex: number): void {
    if (this.has(sliceIndex)) {
      this.#states[sliceIndex] = STALE;
    }
  }

  /** Range of one frame; `undefined` while it is not written or when no value is finite. */
  get(sliceIndex: number): ValueRange | undefined {
    if (!this.has(sliceIndex)) {
      return undefined;
    }
    this.#refresh(sliceIndex);
    return rangeOrNone(this.#min[sliceIndex], this.#max[sliceIndex]);
  }

  /** Range of all written frames; `undefined` while there is none with a finite value. */
  merged(): ValueRange | undefined {
    let min = Infinity;
    let max = -Infinity;
    for (let sliceIndex = 0; sliceIndex < this.#states.length; sliceIndex++) {
      if (this.has(sliceIndex)) {
        this.#refresh(sliceIndex);
        min = Math.min(min, this.#min[sliceIndex] ?? Infinity);
        max = Math.max(max, this.#max[sliceIndex] ?? -Infinity);
      }
    }
    return rangeOrNone(min, max);
  }

  #refresh(sliceIndex: number): void {
    if (this.#states[sliceIndex] === STALE) {
      this.set(sliceIndex, this.#measure(sliceIndex));
    }
  }
}

function rangeOrNone(min = Infinity, max = -Infinity): ValueRange | undefined {
  return min <= max ? { min, max } : undefined;
}

/** The facts about the slices of a source that decide which slice is drawn in place of which; indices from 0. */
export interface SliceFacts {
  /** Differs from before whenever an answer of the methods may have changed. */
  readonly version: number;
  /** Whether a slice without pixels gets some: its frame is requested, or is to be requested by a load under way. */
  isToCome(sliceIndex: number): boolean;
  /** Whether a slice has pixels of its own, of any quality: neither a replica nor interpolated from others. */
  canLend(sliceIndex: number): boolean;
}

/**
 * Which slices are drawn in place of slices whose pixels are to come: the nearest ones that have pixels (of two
 * equally near, the lower one). Holds no pixels.
 *
 * A slice that is not to come any more, because its frame has failed or the load was cancelled, has no stand-in: a gap
 * must not look like data when nothing follows.
 */
export class StandIns {
  readonly #frameCount: number;
  readonly #facts: SliceFacts;
  #lenders: readonly (number | undefined)[] = [];
  #version: number | undefined;

  /** @param frameCount - number of slices */
  constructor(frameCount: number, facts: SliceFacts) {
    this.#frameCount = frameCount;
    this.#facts = facts;
  }

  /** The slice that is drawn in place of each one; undefined for a slice that is drawn as it is. */
  get lenders(): readonly (number | undefined)[] {
    const { version } = this.#facts;
    if (version !== this.#version) {
      this.#version = version;
      this.#lenders = this.#find();
    }
    return this.#lenders;
  }

  /** One pass up for the lender below each slice, and one down for the lender above. */
  #find(): (number | undefined)[] {
    const lenders = new Array<number | undefined>(this.#frameCount).fill(undefined);
    const canLend = lenders.map((_, sliceIndex) => this.#facts.canLend(sliceIndex));
    let below: number | undefined;
    canLend.forEach((isLender, sliceIndex) => {
      below = isLender ? sliceIndex : below;
      lenders[sliceIndex] = below;
    });
    let above: number | undefined;
    for (let sliceIndex = this.#frameCount - 1; sliceIndex >= 0; sliceIndex--) {
      above = canLend[sliceIndex] ? sliceIndex : above;
      const lower = lenders[sliceIndex];
      if (above !== undefined && (lower === undefined || above - sliceIndex < sliceIndex - lower)) {
        lenders[sliceIndex] = above;
      }
      if (canLend[sliceIndex] || !this.#facts.isToCome(sliceIndex)) {
        lenders[sliceIndex] = undefined;
      }
    }
    return lenders;
  }
}

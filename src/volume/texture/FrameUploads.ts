import { centerOut } from '../../loading/schedule/frameOrder.js';
import type { StandIns } from './StandIns.js';

/** How much {@link FrameUploads.upload} may do. */
interface UploadBudget {
  /** In milliseconds. */
  readonly budgetMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Most bytes of stand-ins; one is begun as long as fewer are uploaded. Default 0. */
  readonly standInBytes?: number;
}

/**
 * Uploads one slice, blank where `from` is not written.
 *
 * @param from - the slice whose values are uploaded: another one for a stand-in
 * @returns the bytes uploaded
 */
type UploadFrame = (sliceIndex: number, from: number) => number;

/** A stand-in that the texture has not got: what it is to show of a slice that is not written. */
interface PendingStandIn {
  readonly sliceIndex: number;
  /** Undefined where a stand-in is to be taken away. */
  readonly lender: number | undefined;
  /** Smaller comes first, number by number. */
  readonly rank: readonly [kind: number, value: number];
}

/**
 * Which slices of one texture differ from the array behind it.
 *
 * A new texture is empty, so all slices start out dirty, from the middle outwards, where viewports
 * open. A dirty slice is uploaded once it is written; until then it waits and does not count as
 * pending. Marked slices are uploaded in the order of their marks, as frames arrive in the order
 * in which they are needed. A slice that was cleared after its upload is uploaded once more, as blank.
 *
 * A slice that is not written shows its stand-in, which is uploaded with what the written ones leave of the budget.
 * Which slice that is, is asked for at each upload, so that one that another has replaced meanwhile is not uploaded.
 */
export class FrameUploads {
  readonly #frameCount: number;
  /** In the order of the uploads. */
  #dirty: Set<number>;
  /** Slices whose values the texture holds. */
  readonly #uploaded = new Set<number>();
  /** The slices whose values the texture shows in place of others, by the others. */
  readonly #lent = new Map<number, number>();
  /** Slices whose stand-in has got other values since. */
  readonly #outdated = new Set<number>();
  readonly #isWritten: (sliceIndex: number) => boolean;
  readonly #standIns: StandIns | undefined;

  /**
   * @param frameCount - number of slices
   * @param isWritten - whether a slice may be uploaded; called before each upload
   * @param standIns - default: slices that are not written are blank
   */
  constructor(frameCount: number, isWritten: (sliceIndex: number) => boolean, standIns?: StandIns) {
    this.#frameCount = frameCount;
    this.#dirty = new Set(centerOut(frameCount));
    this.#isWritten = isWritten;
    this.#standIns = standIns;
  }

  /**
   * Marks a slice whose values have changed.
   *
   * @param isOnScreen - whether a viewport shows it: then it goes before all others
   */
  markDirty(sliceIndex: number, isOnScreen = false): void {
    this.#dirty.delete(sliceIndex);
    this.#dirty = isOnScreen ? new Set([sliceIndex, ...this.#dirty]) : this.#dirty.add(sliceIndex);
    for (const [borrower, lender] of this.#lent) {
      if (lender === sliceIndex) {
        this.#outdated.add(borrower);
      }
    }
  }

  /** Marks all slices, for a texture that has lost its storage. */
  markAllDirty(): void {
    this.#uploaded.clear();
    this.#lent.clear();
    this.#outdated.clear();
    this.#dirty = new Set(centerOut(this.#frameCount));
  }

  /** Whether a written slice waits for its upload. */
  hasPending(): boolean {
    return this.#findPending() !== undefined;
  }

  /** Whether a slice that is not written shows another stand-in than it should, or none. */
  hasPendingStandIns(): boolean {
    return this.#pendingStandIns().length > 0;
  }

  /** The slice whose values the texture shows in place of another one; undefined where it shows its own or none. */
  shownInPlaceOf(sliceIndex: number): number | undefined {
    return this.#lent.get(sliceIndex);
  }

  /** Whether no slice was uploaded since all were marked. */
  isEmpty(): boolean {
    return this.#dirty.size === this.#frameCount;
  }

  /** For each slice, whether it waits for its upload. */
  getPending(): boolean[] {
    return Array.from({ length: this.#frameCount }, (_, frame) => this.#isPending(frame));
  }

  /**
   * Uploads pending slices until the time is used up, at least one; then stand-ins, if no written slice is left. The
   * remaining ones stay pending, and so does a slice whose upload throws.
   *
   * @returns the number of slices uploaded
   */
  upload(
    uploadFrame: UploadFrame,
    { budgetMs, now, standInBytes: bytesLeft = 0 }: UploadBudget,
  ): number {
    const start = now();
    let uploaded = 0;
    // Stops where one more slice, at the mean pace so far, would exceed the budget.
    const hasTime = (): boolean =>
      uploaded === 0 || ((now() - start) * (uploaded + 1)) / uploaded <= budgetMs;
    let next = this.#findPending();
    while (next !== undefined && hasTime()) {
      this.#uploadWritten(next, uploadFrame);
      uploaded += 1;
      next = this.#findPending();
    }
    const standIns = next === undefined && bytesLeft > 0 ? this.#pendingStandIns() : [];
    for (const { sliceIndex, lender } of standIns.sort(byRank)) {
      if (bytesLeft <= 0 || !hasTime()) {
        break;
      }
      bytesLeft -= uploadFrame(sliceIndex, lender ?? sliceIndex);
      this.#forgetStandIn(sliceIndex);
      if (lender !== undefined) {
        this.#lent.set(sliceIndex, lender);
      }
      uploaded += 1;
    }
    return uploaded;
  }

  #uploadWritten(sliceIndex: number, uploadFrame: UploadFrame): void {
    const isWritten = this.#isWritten(sliceIndex);
    uploadFrame(sliceIndex, sliceIndex);
    this.#dirty.delete(sliceIndex);
    this.#forgetStandIn(sliceIndex);
    if (isWritten) {
      this.#uploaded.add(sliceIndex);
    } else {
      this.#uploaded.delete(sliceIndex);
    }
  }

  #forgetStandIn(sliceIndex: number): void {
    this.#lent.delete(sliceIndex);
    this.#outdated.delete(sliceIndex);
  }

  #isPending(sliceIndex: number): boolean {
    return this.#dirty.has(sliceIndex) && this.#hasNews(sliceIndex);
  }

  #findPending(): number | undefined {
    for (const sliceIndex of this.#dirty) {
      if (this.#hasNews(sliceIndex)) {
        return sliceIndex;
      }
    }
    return undefined;
  }

  /** A slice that is not written has nothing to upload, unless it was cleared after its upload. */
  #hasNews(sliceIndex: number): boolean {
    return this.#isWritten(sliceIndex) || this.#uploaded.has(sliceIndex);
  }

  /** Of two lenders at the same distance, the one that is shown stays. */
  #isAsNear(sliceIndex: number, lender: number | undefined, present: number | undefined): boolean {
    return (
      lender === present ||
      (lender !== undefined &&
        present !== undefined &&
        Math.abs(lender - sliceIndex) === Math.abs(present - sliceIndex) &&
        this.#isWritten(present))
    );
  }

  #pendingStandIns(): PendingStandIn[] {
    const pending: PendingStandIn[] = [];
    this.#standIns?.lenders.forEach((lender, sliceIndex) => {
      const present = this.#lent.get(sliceIndex);
      const isPending =
        !this.#isAsNear(sliceIndex, lender, present) || this.#outdated.has(sliceIndex);
      // A written slice shows what it has, also where that is a replica of another frame.
      if (isPending && !this.#hasNews(sliceIndex)) {
        pending.push({ sliceIndex, lender, rank: rankOf(sliceIndex, lender, present) });
      }
    });
    return pending;
  }
}

/**
 * Gaps that must not be hidden any more come first; then slices that show nothing, those near their lender
 * first, as a nearer one may arrive for the others; then those that get the most nearer to their own place.
 */
function rankOf(
  sliceIndex: number,
  lender: number | undefined,
  present: number | undefined,
): PendingStandIn['rank'] {
  if (lender === undefined) {
    return [0, sliceIndex];
  }
  const distance = Math.abs(lender - sliceIndex);
  return present === undefined ? [1, distance] : [2, distance - Math.abs(present - sliceIndex)];
}

function byRank({ rank: a }: PendingStandIn, { rank: b }: PendingStandIn): number {
  return a[0] - b[0] || a[1] - b[1];
}

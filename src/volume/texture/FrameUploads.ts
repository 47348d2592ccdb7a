import { centerOut } from '../../loading/schedule/frameOrder.js';

/** How long {@link FrameUploads.upload} may take. */
export interface UploadBudget {
  /** In milliseconds. */
  readonly budgetMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Which slices of one texture differ from the array behind it.
 *
 * A new texture is empty, so all slices start out dirty, from the middle outwards, where viewports
 * open. A dirty slice is uploaded once it is written; until then it waits and does not count as
 * pending. Slices that are marked come after those that were before them: frames arrive in the order
 * in which they are wanted. A slice that was written and is not any more is uploaded once, as blank.
 */
export class FrameUploads {
  readonly #frameCount: number;
  /** The one to be uploaded next comes first. */
  #dirty: Set<number>;
  /** Slices that the texture holds values of. */
  readonly #uploaded = new Set<number>();
  readonly #isWritten: (frameIndex: number) => boolean;

  /**
   * @param frameCount - number of slices
   * @param isWritten - whether a slice may be uploaded; asked each time anew
   */
  constructor(frameCount: number, isWritten: (frameIndex: number) => boolean) {
    this.#frameCount = frameCount;
    this.#dirty = new Set(centerOut(frameCount));
    this.#isWritten = isWritten;
  }

  /**
   * Says that the values of a slice changed.
   *
   * @param isFirst - whether it comes before all others
   */
  markDirty(frameIndex: number, isFirst = false): void {
    this.#dirty.delete(frameIndex);
    this.#dirty = isFirst ? new Set([frameIndex, ...this.#dirty]) : this.#dirty.add(frameIndex);
  }

  /** Says that the texture has lost all it held. */
  markAllDirty(): void {
    this.#uploaded.clear();
    this.#dirty = new Set(centerOut(this.#frameCount));
  }

  /** Whether a written slice waits for its upload. */
  hasPending(): boolean {
    return this.#findPending() !== undefined;
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
   * Uploads pending slices until the time is used up; at least one, where one is pending. What is
   * left stays pending, and so does a slice whose upload throws.
   *
   * @param uploadFrame - uploads one slice
   * @returns the number of slices uploaded
   */
  upload(uploadFrame: (frameIndex: number) => void, { budgetMs, now }: UploadBudget): number {
    const start = now();
    let uploaded = 0;
    let next = this.#findPending();
    // Stops where one more slice, at the pace of those before, would end too late.
    while (
      next !== undefined &&
      (uploaded === 0 || ((now() - start) * (uploaded + 1)) / uploaded <= budgetMs)
    ) {
      uploadFrame(next);
      this.#dirty.delete(next);
      this.#uploaded.add(next);
      uploaded += 1;
      next = this.#findPending();
    }
    return uploaded;
  }

  #isPending(frameIndex: number): boolean {
    return this.#dirty.has(frameIndex) && this.#hasNews(frameIndex);
  }

  #findPending(): number | undefined {
    for (const frameIndex of this.#dirty) {
      if (this.#hasNews(frameIndex)) {
        return frameIndex;
      }
    }
    return undefined;
  }

  /** Of a slice that is not written there is nothing to show, unless it was and has been cleared. */
  #hasNews(frameIndex: number): boolean {
    return this.#isWritten(frameIndex) || this.#uploaded.has(frameIndex);
  }
}

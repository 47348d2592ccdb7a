/** Slices that lie side by side. */
export interface FrameRun {
  /** The first slice, from 0. */
  readonly firstFrame: number;
  /** At least 1. */
  readonly frameCount: number;
}

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
 * A new texture is empty, so all slices start out dirty. A dirty slice is uploaded once it is
 * written; until then it waits and does not count as pending.
 */
export class FrameUploads {
  readonly #dirty: boolean[];
  readonly #isWritten: (frameIndex: number) => boolean;

  /**
   * @param frameCount - number of slices
   * @param isWritten - whether a slice may be uploaded; asked each time anew
   */
  constructor(frameCount: number, isWritten: (frameIndex: number) => boolean) {
    this.#dirty = new Array<boolean>(frameCount).fill(true);
    this.#isWritten = isWritten;
  }

  /** Says that the values of a slice changed. */
  markDirty(frameIndex: number): void {
    this.#dirty[frameIndex] = true;
  }

  /** Says that the texture has lost all it held. */
  markAllDirty(): void {
    this.#dirty.fill(true);
  }

  /** Whether a written slice waits for its upload. */
  hasPending(): boolean {
    return this.#dirty.some((_, frameIndex) => this.#isPending(frameIndex));
  }

  /** Whether no slice was uploaded since all were marked. */
  isEmpty(): boolean {
    return this.#dirty.every(Boolean);
  }

  /** For each slice, whether it waits for its upload. */
  getPending(): boolean[] {
    return this.#dirty.map((_, frameIndex) => this.#isPending(frameIndex));
  }

  /**
   * The pending slices to upload next: those nearest to the middle slice, where viewports open.
   *
   * @param maxFrames - the most slices to take, at least 1
   * @returns undefined when nothing is pending
   */
  getNextRun(maxFrames: number): FrameRun | undefined {
    const seed = this.#getPendingNearestToMiddle();
    if (seed === undefined) {
      return undefined;
    }
    let first = seed;
    let last = seed;
    let grows = true;
    while (grows && last - first + 1 < maxFrames) {
      grows = false;
      if (this.#isPending(last + 1)) {
        last += 1;
        grows = true;
      }
      if (last - first + 1 < maxFrames && this.#isPending(first - 1)) {
        first -= 1;
        grows = true;
      }
    }
    return { firstFrame: first, frameCount: last - first + 1 };
  }

  /**
   * Uploads pending slices until the time is used up; at least one, where one is pending. What is
   * left stays pending, and so does a run whose upload throws.
   *
   * @param uploadRun - uploads the slices of a run
   * @returns the number of slices uploaded
   */
  upload(uploadRun: (run: FrameRun) => void, { budgetMs, now }: UploadBudget): number {
    const start = now();
    let uploaded = 0;
    let maxFrames = 1;
    let run = this.getNextRun(maxFrames);
    while (run) {
      uploadRun(run);
      this.#dirty.fill(false, run.firstFrame, run.firstFrame + run.frameCount);
      uploaded += run.frameCount;
      const elapsed = now() - start;
      const remaining = budgetMs - elapsed;
      const affordable = elapsed > 0 ? Math.floor((remaining * uploaded) / elapsed) : Infinity;
      if (remaining <= 0 || affordable < 1) {
        break;
      }
      // A run cannot be interrupted, and clocks are coarse: grow step by step.
      maxFrames = Math.min(maxFrames * 2, affordable);
      run = this.getNextRun(maxFrames);
    }
    return uploaded;
  }

  #isPending(frameIndex: number): boolean {
    return this.#dirty[frameIndex] === true && this.#isWritten(frameIndex);
  }

  #getPendingNearestToMiddle(): number | undefined {
    const middle = this.#dirty.length >> 1;
    for (let distance = 0; distance <= middle; distance++) {
      if (this.#isPending(middle + distance)) {
        return middle + distance;
      }
      if (this.#isPending(middle - distance)) {
        return middle - distance;
      }
    }
    return undefined;
  }
}

import { centerOut } from '../frames/frameOrder.js';

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
 * A new texture is empty, so all slices start out dirty, from the middle outwards, where viewports
 * open. A dirty slice is uploaded once it is written; until then it waits and does not count as
 * pending. Slices that are marked come after those that were before them: frames arrive in the order
 * in which they are wanted.
 */
export class FrameUploads {
  readonly #frameCount: number;
  /** The one to be uploaded next comes first. */
  #dirty: Set<number>;
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

  /** Says that the values of a slice changed. */
  markDirty(frameIndex: number): void {
    this.#dirty.delete(frameIndex);
    this.#dirty.add(frameIndex);
  }

  /** Says that the texture has lost all it held. */
  markAllDirty(): void {
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
   * The pending slices to upload next: the first of them, with its pending neighbours.
   *
   * @param maxFrames - the most slices to take, at least 1
   * @returns undefined when nothing is pending
   */
  getNextRun(maxFrames: number): FrameRun | undefined {
    const seed = this.#findPending();
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
      for (let frame = run.firstFrame; frame < run.firstFrame + run.frameCount; frame++) {
        this.#dirty.delete(frame);
      }
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
    return this.#dirty.has(frameIndex) && this.#isWritten(frameIndex);
  }

  #findPending(): number | undefined {
    for (const frameIndex of this.#dirty) {
      if (this.#isWritten(frameIndex)) {
        return frameIndex;
      }
    }
    return undefined;
  }
}

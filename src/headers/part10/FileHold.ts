import { claimContent, dropUnused, findPart10File } from './part10Files.js';
import type { Part10File } from './part10Files.js';

/**
 * Keeps the content of Part-10 files for one volume: a reference count per file, of the slices that are still
 * to be loaded from it. The content is dropped when no volume has a reference any more, and no prefetched
 * frame is awaited.
 */
export class FileHold {
  readonly #imageIdsOf: (sliceIndex: number) => readonly string[];
  /** By slice, the files that it has a reference to. */
  readonly #files = new Map<number, readonly Part10File[]>();
  readonly #slices = new Map<Part10File, Set<number>>();

  /** @param imageIdsOf - the frames that a slice is made of; empty for a slice that is not loaded */
  constructor(imageIdsOf: (sliceIndex: number) => readonly string[]) {
    this.#imageIdsOf = imageIdsOf;
  }

  /** Adds the references of a slice, once; frames that are not of a known file have none. */
  hold(sliceIndex: number): void {
    if (this.#files.has(sliceIndex)) {
      return;
    }
    const files: Part10File[] = [];
    for (const imageId of this.#imageIdsOf(sliceIndex)) {
      const file = findPart10File(imageId);
      if (file) {
        files.push(file);
        file.holders.add(this);
        // What was prefetched is the volume's from now on.
        file.awaited.delete(imageId);
        claimContent(file);
        const slices = this.#slices.get(file) ?? new Set();
        this.#slices.set(file, slices.add(sliceIndex));
      }
    }
    if (files.length > 0) {
      this.#files.set(sliceIndex, files);
    }
  }

  /** Takes the references of a slice back, after it was loaded, has failed, or was cancelled. */
  release(sliceIndex: number): void {
    for (const file of this.#files.get(sliceIndex) ?? []) {
      const slices = this.#slices.get(file);
      slices?.delete(sliceIndex);
      if (slices?.size === 0) {
        this.#slices.delete(file);
        file.holders.delete(this);
        dropUnused(file);
      }
    }
    this.#files.delete(sliceIndex);
  }

  /** Takes all references back, at the end of the volume. */
  releaseAll(): void {
    for (const sliceIndex of this.#files.keys()) {
      this.release(sliceIndex);
    }
  }
}

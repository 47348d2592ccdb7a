/**
 * Memory of frames that have been copied, for the frames that come: it goes back to a worker instead of
 * to the collector.
 */
export class SpareBuffers {
  #buffers: ArrayBuffer[] = [];

  /** Memory of exactly this size, if there is some; what it holds is of no meaning. */
  take(byteLength: number): ArrayBuffer | undefined {
    const buffer = this.#buffers.pop();
    if (buffer && buffer.byteLength !== byteLength) {
      // Frames of another series: what was left of the one before is of no use.
      this.clear();
      return undefined;
    }
    return buffer;
  }

  /** Takes memory that nobody else has any more. */
  give(buffer: ArrayBuffer): void {
    this.#buffers.push(buffer);
  }

  /** Leaves all to the collector. */
  clear(): void {
    this.#buffers = [];
  }
}

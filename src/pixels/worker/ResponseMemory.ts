/** Room for what stands around a frame in a multipart body. */
const ENVELOPE = 4096;

/**
 * Collects responses one after the other in memory that is used again, so that a stream of frames leaves
 * no garbage of its own behind.
 */
export class ResponseMemory {
  #memory = new Uint8Array(0);
  #length = 0;

  /** What was appended since the last {@link ResponseMemory.begin}: a view, good until the next one. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#length);
  }

  /** Forgets what was collected. `frameLength` is how many bytes a frame will probably have. */
  begin(frameLength: number): void {
    this.#length = 0;
    if (this.#memory.length < frameLength) {
      this.#memory = new Uint8Array(frameLength + ENVELOPE);
    }
  }

  /** Adds a piece. */
  append(piece: Uint8Array): void {
    const end = this.#length + piece.length;
    if (end > this.#memory.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#memory.length));
      larger.set(this.bytes);
      this.#memory = larger;
    }
    this.#memory.set(piece, this.#length);
    this.#length = end;
  }
}

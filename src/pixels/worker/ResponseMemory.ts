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

/** How much of responses may pile up until the collector runs. */
const GARBAGE_LIMIT = 8 * 2 ** 20;
/** Chromium waits until so much has piled up outside of the collector's heap. */
const COLLECTOR_LIMIT = 64 * 2 ** 20;
/** After so much it is pushed. What is allocated then is so large that it comes from the system, untouched. */
const STEP = GARBAGE_LIMIT / 2;

/**
 * Has the collector run more often than it would by itself. The pieces of a response lie outside of its
 * heap, and each worker lets {@link COLLECTOR_LIMIT} of them pile up before it collects them. So arrays are
 * allocated that count as well, but are never touched: they take addresses and no memory.
 */
export class GarbageCollectionNudge {
  #received = 0;

  /** @param bytes - of pieces that are garbage from now on */
  add(bytes: number): void {
    this.#received += bytes;
    if (this.#received < STEP) {
      return;
    }
    const weight = this.#received * (COLLECTOR_LIMIT / GARBAGE_LIMIT - 1);
    this.#received = 0;
    try {
      void new ArrayBuffer(weight);
    } catch {
      // No addresses are left: the browser has run the collector by itself before it said so.
    }
  }
}

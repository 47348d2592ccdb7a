/** Bytes around a frame in a multipart body. */
const ENVELOPE = 4096;

/**
 * Collects responses one after the other in memory that is used again, so that a stream of frames leaves
 * no garbage of its own behind.
 */
export class ResponseMemory {
  #memory = new Uint8Array(0);
  #length = 0;

  /** The bytes since the last {@link ResponseMemory.begin}: a view, valid until the next one. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#length);
  }

  /**
   * Begins a response.
   *
   * @param frameLength - the expected number of bytes of its frame, by a header that may claim any
   * @param maxBytes - no longer response is read
   */
  begin(frameLength: number, maxBytes = Infinity): void {
    this.#length = 0;
    const expected = Math.min(frameLength, maxBytes);
    if (this.#memory.length < expected) {
      this.#memory = new Uint8Array(expected + ENVELOPE);
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

  /** Drops memory that is far larger than a frame needs, such as that of a page of HTML in place of a frame. */
  trim(frameLength: number): void {
    if (this.#memory.length > 4 * (frameLength + ENVELOPE)) {
      this.#memory = new Uint8Array(0);
      this.#length = 0;
    }
  }
}

/** Garbage outside the collector's heap, in bytes, at which the collector is to run. */
const GARBAGE_LIMIT = 8 * 2 ** 20;
/** The garbage outside its heap, in bytes, at which Chromium's collector runs by itself. */
const COLLECTOR_LIMIT = 64 * 2 ** 20;
/** Bytes received between two nudges. Arrays of the size that follows come from the system and are not touched. */
const STEP = GARBAGE_LIMIT / 2;

/** Chromium in all its shapes (Chrome, Edge, Electron, headless), but not Chrome on iOS, which is WebKit (`CriOS/`). */
const CHROMIUM = /Chrom(e|ium)\//;

/**
 * Makes the garbage collector of Chromium run more often. In other browsers it does nothing: their collectors have other
 * limits, so that the allocations might be zeroed for nothing.
 *
 * Workaround: the pieces of a response lie outside the collector's heap, and each Chromium worker lets
 * {@link COLLECTOR_LIMIT} of them pile up before it collects them. Arrays are allocated that count as well but are
 * never touched: they take addresses and no memory. Remove when Chromium collects the pieces of read responses
 * early, or `fetch` can read into memory of the caller (BYOB readers of response bodies).
 */
export class GarbageCollectionNudge {
  readonly #isOn: boolean;
  #received = 0;

  /** @param userAgent - `navigator.userAgent` */
  constructor(userAgent: string) {
    this.#isOn = CHROMIUM.test(userAgent);
  }

  /** @param bytes - of pieces that have become garbage */
  add(bytes: number): void {
    this.#received += bytes;
    if (!this.#isOn || this.#received < STEP) {
      return;
    }
    const weight = this.#received * (COLLECTOR_LIMIT / GARBAGE_LIMIT - 1);
    this.#received = 0;
    try {
      void new ArrayBuffer(weight);
    } catch {
      // No addresses are left: the browser has run the collector by itself before it threw.
    }
  }
}

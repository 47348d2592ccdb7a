/** The bits of a packet header: behind a byte FF, the highest bit of the next one is stuffed (ITU-T T.800 B.10.1). */
export class PacketBits {
  readonly #bytes: Uint8Array;
  readonly #limit: number;
  #next: number;
  #byte = 0;
  #left = 0;
  #isExhausted = false;

  /** @param limit - index behind the last byte that may be read */
  constructor(bytes: Uint8Array, start: number, limit: number) {
    this.#bytes = bytes;
    this.#next = start;
    this.#limit = limit;
  }

  /** Whether bits behind the last byte were asked for; they are 0. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** The next bit. */
  read(): number {
    if (this.#left === 0) {
      this.#isExhausted ||= this.#next >= this.#limit;
      const wasFull = this.#byte === 0xff;
      this.#byte = this.#isExhausted ? 0 : (this.#bytes[this.#next] as number);
      this.#next += 1;
      this.#left = wasFull ? 7 : 8;
    }
    this.#left -= 1;
    return (this.#byte >> this.#left) & 1;
  }

  /** A number of so many bits, the highest first. */
  readNumber(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      value = value * 2 + this.read();
    }
    return value;
  }

  /** @returns the index behind the header, which ends with its byte, and never with FF */
  align(): number {
    return this.#byte === 0xff ? this.#next + 1 : this.#next;
  }
}

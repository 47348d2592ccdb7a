/** Number of Huffman codes of 1, 2, ... 16 bits; short ones for the small differences of a smooth picture. */
const CODES_OF_LENGTH = [0, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0];
/** Categories of differences (ITU-T T.81 table H.2), by code. */
const CATEGORIES = Array.from({ length: 17 }, (_, category) => category);
/** The predictor that JPEG Lossless SV1 has: the pixel on the left. */
const SELECTION_VALUE = 1;

/**
 * JPEG Lossless, Non-Hierarchical, First-Order Prediction (ITU-T T.81 annex H; 1.2.840.10008.1.2.4.70).
 *
 * @param {Uint16Array} pixels
 * @param {{ columns: number, bits: number }} options `bits` that are stored of each pixel
 * @returns {Buffer}
 */
export function encodeJpegLossless(pixels, { columns, bits }) {
  const rows = pixels.length / columns;
  const word = (/** @type {number} */ value) => [value >> 8, value & 0xff];
  const segment = (/** @type {number} */ marker, /** @type {number[]} */ content) => [
    0xff,
    marker,
    ...word(content.length + 2),
    ...content,
  ];
  return Buffer.concat([
    Buffer.from([
      0xff,
      0xd8,
      ...segment(0xc4, [0, ...CODES_OF_LENGTH, ...CATEGORIES]),
      ...segment(0xc3, [bits, ...word(rows), ...word(columns), 1, 1, 0x11, 0]),
      ...segment(0xda, [1, 1, 0, SELECTION_VALUE, 0, 0]),
    ]),
    encodeDifferences(pixels, { columns, bits }),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/**
 * @param {Uint16Array} pixels
 * @param {{ columns: number, bits: number }} options
 */
function encodeDifferences(pixels, { columns, bits }) {
  const codes = huffmanCodes();
  const writer = new BitWriter(4 * pixels.length);
  for (let index = 0; index < pixels.length; index++) {
    // The first pixel of a row is predicted by the one above, the first one of all by half of the range.
    const predictor = index === 0 ? -1 : index % columns === 0 ? index - columns : index - 1;
    const predicted = predictor < 0 ? 2 ** (bits - 1) : /** @type {number} */ (pixels[predictor]);
    const difference = /** @type {number} */ (pixels[index]) - predicted;
    const category = 32 - Math.clz32(Math.abs(difference));
    const { code, length } = /** @type {{ code: number, length: number }} */ (codes[category]);
    writer.write(code, length);
    writer.write(difference < 0 ? difference + 2 ** category - 1 : difference, category);
  }
  return writer.end();
}

/** The canonical codes of the table (ITU-T T.81 annex C), by category. */
function huffmanCodes() {
  let code = 0;
  return CODES_OF_LENGTH.flatMap((count, index) => {
    const codes = Array.from({ length: count }, () => ({ code: code++, length: index + 1 }));
    code <<= 1;
    return codes;
  });
}

/** Writes bits, the highest first, with a zero byte after each 0xff (ITU-T T.81 F.1.2.3). */
class BitWriter {
  #bytes;
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** @param {number} capacity in bytes */
  constructor(capacity) {
    this.#bytes = Buffer.alloc(capacity);
  }

  /**
   * @param {number} value
   * @param {number} length in bits, at most 16
   */
  write(value, length) {
    this.#pending = (this.#pending << length) | value;
    this.#pendingBits += length;
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8;
      this.#push((this.#pending >> this.#pendingBits) & 0xff);
    }
    this.#pending &= (1 << this.#pendingBits) - 1;
  }

  /** The bytes, the last one filled with ones. */
  end() {
    const missing = (8 - this.#pendingBits) % 8;
    this.write((1 << missing) - 1, missing);
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param {number} byte */
  #push(byte) {
    this.#bytes[this.#length++] = byte;
    if (byte === 0xff) this.#bytes[this.#length++] = 0;
  }
}

const HEADER_BYTES = 64;
const MOST_RUN = 128;
/** A repeated byte takes two bytes; shorter repetitions are part of a literal run. */
const LEAST_REPEATED = 3;

/**
 * RLE Lossless (PS3.5 annex G): a segment with the high bytes of all pixels and one with the low bytes. Each row
 * is encoded separately.
 *
 * @param {Uint16Array} pixels
 * @param {{ columns: number }} options
 * @returns {Buffer}
 */
export function encodeRle(pixels, { columns }) {
  const segments = [8, 0].map((shift) => {
    const bytes = Uint8Array.from(pixels, (value) => (value >> shift) & 0xff);
    /** @type {number[]} */
    const encoded = [];
    for (let at = 0; at < bytes.length; at += columns) {
      encodeRow(bytes.subarray(at, at + columns), encoded);
    }
    if (encoded.length % 2 === 1) encoded.push(0);
    return Buffer.from(encoded);
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(segments.length, 0);
  let offset = HEADER_BYTES;
  segments.forEach((segment, index) => {
    header.writeUInt32LE(offset, 4 * (index + 1));
    offset += segment.length;
  });
  return Buffer.concat([header, ...segments]);
}

/**
 * @param {Uint8Array} row
 * @param {number[]} encoded gets the runs
 */
function encodeRow(row, encoded) {
  let literalFrom = 0;
  const writeLiteral = (/** @type {number} */ end) => {
    for (let at = literalFrom; at < end; at += MOST_RUN) {
      const run = row.subarray(at, Math.min(at + MOST_RUN, end));
      encoded.push(run.length - 1, ...run);
    }
  };
  let at = 0;
  while (at < row.length) {
    let end = at + 1;
    while (end < row.length && row[end] === row[at] && end - at < MOST_RUN) end++;
    if (end - at >= LEAST_REPEATED) {
      writeLiteral(at);
      encoded.push(257 - (end - at), /** @type {number} */ (row[at]));
      literalFrom = end;
    }
    at = end;
  }
  writeLiteral(row.length);
}

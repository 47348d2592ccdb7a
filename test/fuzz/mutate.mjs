/** Changes of inputs of the parsers, by a seed. */

/** What parsers look for, so that it is found in odd places. */
const TOKENS = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  '--',
  '--abc',
  '\r\n--abc--\r\n',
  'Content-Length: 4\r\n',
  'Content-Type: ',
  'boundary=abc',
  '"',
  'DICM',
  'SQ',
  'UN',
  'OB',
  '\xfe\xff\x00\xe0',
  '\xfe\xff\x0d\xe0',
  '\xfe\xff\xdd\xe0',
  '\xe0\x7f\x10\x00',
  '\xff\xff\xff\xff',
  '\xff\xff\xff\x7f',
  '\x00\x00\x00\x00',
  '1.2.840.10008.1.2.1.99',
  '[',
  ']',
  '{',
  '}',
  'null',
  '1e999',
  '"__proto__":',
  '"constructor":',
  '"Value":',
  '\x1f\x8b\x08',
  'frame=',
  '&frame=2',
  '?frame=99999999999999999999',
  '#',
  '?',
  '@',
  '//',
  '%',
  ':',
].map((text) => Uint8Array.from(text, (character) => character.charCodeAt(0)));

const LARGEST_INPUT = 64 * 1024;

/**
 * Numbers from 0 up to 1, the same for one seed on every machine (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Makes an input of others, by one to eight changes.
 *
 * @param {readonly Uint8Array[]} corpus - at least one
 * @param {() => number} random
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function mutate(corpus, random) {
  const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
  const chosen = () => corpus[below(corpus.length)] ?? new Uint8Array(0);
  let bytes = new Uint8Array(chosen());
  const splice = (
    /** @type {number} */ at,
    /** @type {number} */ removed,
    /** @type {Uint8Array} */ inserted,
  ) => {
    bytes = Uint8Array.from([
      ...bytes.subarray(0, at),
      ...inserted,
      ...bytes.subarray(at + removed),
    ]);
  };
  for (let changes = 1 + below(8); changes > 0; changes--) {
    const at = below(bytes.length + 1);
    const length = below(Math.min(64, bytes.length - at) + 1);
    const kind = below(8);
    if (kind === 0 && at < bytes.length) {
      bytes[at] = below(256);
    } else if (kind === 1 && at < bytes.length) {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    } else if (kind === 2) {
      splice(at, length, new Uint8Array(0));
    } else if (kind === 3) {
      splice(at, 0, bytes.subarray(at, at + length));
    } else if (kind === 4) {
      splice(at, 0, TOKENS[below(TOKENS.length)] ?? new Uint8Array(0));
    } else if (kind === 5) {
      const token = TOKENS[below(TOKENS.length)] ?? new Uint8Array(0);
      splice(at, token.length, token);
    } else if (kind === 6) {
      const other = chosen();
      const from = below(other.length + 1);
      splice(at, bytes.length - at, other.subarray(from));
    } else {
      bytes = bytes.slice(0, at);
    }
  }
  return bytes.slice(0, LARGEST_INPUT);
}

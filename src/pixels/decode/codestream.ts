import { RLE_LOSSLESS } from '../../base/transferSyntaxUids.js';

/** The encoding of a compressed frame, as far as its first bytes determine it. */
export interface Codestream {
  /** The transfer syntax of such frames where neither the response nor the header names another. */
  readonly syntax: string;
  /** All transfer syntaxes whose frames may begin so. */
  readonly fitting: ReadonlySet<string>;
}

const JPEG = '1.2.840.10008.1.2.4.';

/** Markers of JPEG, JPEG-LS and JPEG 2000 (ITU-T T.81 B.1, T.87 C.1, T.800 A.2, T.814 A.2). */
const SOI = 0xffd8;
const SOS = 0xffda;
const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const CAP = 0xff50;
const SOT = 0xff90;

/** The most segments before the first scan that are read, whatever a damaged codestream claims. */
const MOST_SEGMENTS = 256;

/**
 * Recognises a codestream by its own markers: JPEG by its frame header and the predictor of its scan,
 * JPEG-LS by its NEAR, JPEG 2000 by its wavelet and whether it is one of high throughput, RLE by its
 * header of offsets (PS3.5 G.5), JPEG XL by its signature.
 *
 * @returns undefined for anything else
 */
export function readCodestream(bytes: Uint8Array): Codestream | undefined {
  switch (word(bytes, 0)) {
    case SOI:
      return readJpeg(bytes);
    case SOC:
      return readJpeg2000(bytes, 0);
    case 0xff0a:
      return JPEG_XL;
    case 0:
      return readBoxes(bytes);
    default:
      return isRle(bytes) ? codestream(RLE_LOSSLESS) : undefined;
  }
}

function codestream(syntax: string, ...others: readonly string[]): Codestream {
  return { syntax, fitting: new Set([syntax, ...others]) };
}

const jpeg = (number: number, ...others: readonly number[]): Codestream =>
  codestream(`${JPEG}${number}`, ...others.map((other) => `${JPEG}${other}`));

/** Whether JPEG XL is lossless or made of a JPEG, its first bytes do not say. */
const JPEG_XL = jpeg(112, 110, 111);

/** Big endian; NaN behind the end. */
function word(bytes: Uint8Array, index: number): number {
  return index + 1 < bytes.length
    ? ((bytes[index] as number) << 8) | (bytes[index + 1] as number)
    : Number.NaN;
}

/**
 * The marker segments between the first marker and the one that ends them.
 *
 * @param start - index of the first marker
 * @returns each marker, and the index of its content behind the length
 */
export function* segments(
  bytes: Uint8Array,
  start: number,
): Generator<{ readonly marker: number; readonly at: number }> {
  let at = start + 2;
  for (let count = 0; count < MOST_SEGMENTS; count++) {
    // Any number of bytes FF may stand before a marker (T.81 B.1.1.2).
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) {
      at += 1;
    }
    const marker = word(bytes, at);
    const length = word(bytes, at + 2);
    if (!(marker > 0xff01) || !(length >= 2)) {
      return;
    }
    yield { marker, at: at + 4 };
    at += 2 + length;
  }
}

function readJpeg(bytes: Uint8Array): Codestream | undefined {
  let frame = 0;
  let precision = 0;
  for (const { marker, at } of segments(bytes, 0)) {
    if (marker === SOS) {
      // Behind the components of the scan: the predictor of lossless JPEG, NEAR of JPEG-LS.
      const selection = bytes[at + 1 + 2 * (bytes[at] as number)];
      return selection === undefined ? undefined : jpegProcess(frame, precision, selection);
    }
    if (FRAME_HEADERS.has(marker)) {
      frame = marker;
      precision = bytes[at] ?? 0;
    }
  }
  return undefined;
}

/** Of baseline, extended, progressive, lossless (Huffman) and JPEG-LS. */
const FRAME_HEADERS: ReadonlySet<number> = new Set([0xffc0, 0xffc1, 0xffc2, 0xffc3, 0xfff7]);

function jpegProcess(frame: number, precision: number, selection: number): Codestream | undefined {
  switch (frame) {
    case 0xffc0:
      return jpeg(50, 51);
    case 0xffc1:
      return precision === 8 ? jpeg(51, 50) : jpeg(51);
    case 0xffc2:
      return jpeg(55, 53);
    case 0xffc3:
      return selection === 1 ? jpeg(70, 57) : jpeg(57);
    case 0xfff7:
      return selection === 0 ? jpeg(80, 81) : jpeg(81);
    default:
      return undefined;
  }
}

function readJpeg2000(bytes: Uint8Array, start: number): Codestream | undefined {
  if (word(bytes, start + 2) !== SIZ) {
    return undefined;
  }
  let isHighThroughput = false;
  for (const { marker, at } of segments(bytes, start)) {
    if (marker === SOT) {
      return undefined;
    }
    isHighThroughput ||= marker === CAP;
    if (marker === COD) {
      const isReversible = bytes[at + 9] === 1;
      if (isHighThroughput) {
        return isReversible ? jpeg(201, 202, 203) : jpeg(203);
      }
      return isReversible ? jpeg(90, 91, 92, 93) : jpeg(91, 93);
    }
  }
  return undefined;
}

/** JPEG 2000 and JPEG XL in a file of boxes (T.800 I.4, ISO/IEC 18181-2 9), which some servers send. */
function readBoxes(bytes: Uint8Array): Codestream | undefined {
  const lengthAndType = [0, 2, 4, 6].map((index) => word(bytes, index));
  if (lengthAndType[1] === 12 && lengthAndType[2] === 0x4a58 && lengthAndType[3] === 0x4c20) {
    return JPEG_XL;
  }
  const start = findJpeg2000(bytes);
  return start === undefined ? undefined : readJpeg2000(bytes, start);
}

/** The index of the first marker of JPEG 2000, bare or in a file of boxes. */
function findJpeg2000(bytes: Uint8Array): number | undefined {
  if (word(bytes, 0) === SOC) {
    return 0;
  }
  const isFile =
    word(bytes, 0) === 0 &&
    word(bytes, 2) === 12 &&
    word(bytes, 4) === 0x6a50 &&
    word(bytes, 6) === 0x2020;
  if (!isFile) {
    return undefined;
  }
  for (let at = 0, count = 0; count < MOST_SEGMENTS; count++) {
    const length = word(bytes, at) * 0x10000 + word(bytes, at + 2);
    if (word(bytes, at + 4) === 0x6a70 && word(bytes, at + 6) === 0x3263) {
      return word(bytes, at + 8) === SOC ? at + 8 : undefined;
    }
    if (!(length >= 8)) {
      return undefined;
    }
    at += length;
  }
  return undefined;
}

const JPEG_2000: ReadonlySet<string> = new Set(
  [90, 91, 92, 93, 201, 202, 203].map((number) => `${JPEG}${number}`),
);
/** Bytes of the tile-part header up to its length, and the least that a length counts (T.800 A.4.2). */
const TILE_PART_HEADER = 12;

/**
 * Finds the fault of a frame of JPEG 2000 or HTJ2K that is cut off: a tile-part goes beyond its end.
 *
 * Workaround: the decoders of JPEG 2000 and HTJ2K make pixels of codestreams that are cut off, and the one of JPEG 2000
 * gives those of the frame before where it makes none (@cornerstonejs/codec-openjpeg 1.3.6 in
 * `shared/decoders/decodeJPEG2000.js`, codec-openjph 2.4.11). Remove when they reject such codestreams.
 *
 * @returns undefined for another transfer syntax, and for a frame that is whole
 */
export function jpeg2000Fault(bytes: Uint8Array, transferSyntax: string): string | undefined {
  if (!JPEG_2000.has(transferSyntax)) {
    return undefined;
  }
  const start = findJpeg2000(bytes);
  if (start === undefined || word(bytes, start + 2) !== SIZ) {
    return 'the frame does not begin as JPEG 2000 does';
  }
  const at = firstTilePart(bytes, start);
  return at === undefined ? 'the header of a JPEG 2000 frame has no end' : tilePartFault(bytes, at);
}

function firstTilePart(bytes: Uint8Array, start: number): number | undefined {
  for (const { marker, at } of segments(bytes, start)) {
    if (marker === SOT) {
      return at - 4;
    }
  }
  return undefined;
}

function tilePartFault(bytes: Uint8Array, first: number): string | undefined {
  for (let at = first; word(bytes, at) === SOT;) {
    const length = word(bytes, at + 6) * 0x10000 + word(bytes, at + 8);
    // The last one may leave its length open: it goes to the end.
    if (length === 0) {
      return undefined;
    }
    if (!(length >= TILE_PART_HEADER) || at + length > bytes.length) {
      return `a tile-part of a JPEG 2000 frame ends at byte ${at + length} of ${bytes.length}`;
    }
    at += length;
  }
  return undefined;
}

/** The size that a codestream states. */
export interface CodestreamSize {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
}

/** SOF of any process, and of JPEG-LS; DHT, JPG and DAC lie between them (T.81 table B.1). */
function isFrameHeader(marker: number): boolean {
  return (
    marker === 0xfff7 ||
    (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker))
  );
}

/**
 * The sizes that a codestream of JPEG, JPEG-LS or JPEG 2000 states: decoders allocate by them. A JPEG has one, unless it is
 * damaged.
 *
 * @returns undefined for codestreams of other kinds; empty where none is found in the header
 */
export function readSizes(
  bytes: Uint8Array,
  transferSyntax: string,
): readonly CodestreamSize[] | undefined {
  if (JPEG_2000.has(transferSyntax)) {
    const start = findJpeg2000(bytes);
    const at = start === undefined || word(bytes, start + 2) !== SIZ ? undefined : start + 6;
    if (at === undefined || at + 36 > bytes.length) {
      return [];
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    const [columns, rows] = [2, 6].map(
      (field) => view.getUint32(field) - view.getUint32(field + 8),
    );
    return [{ columns: columns as number, rows: rows as number, components: view.getUint16(34) }];
  }
  if (!transferSyntax.startsWith(JPEG) || word(bytes, 0) !== SOI) {
    return undefined;
  }
  const sizes: CodestreamSize[] = [];
  for (const { marker, at } of segments(bytes, 0)) {
    if (marker === SOS) {
      break;
    }
    if (isFrameHeader(marker)) {
      const [rows, columns] = [word(bytes, at + 1), word(bytes, at + 3)];
      sizes.push({ columns, rows, components: bytes[at + 5] ?? 0 });
    }
  }
  return sizes;
}

const RLE_HEADER = 64;

/** The number of segments and their offsets, little endian: ascending from 64, the rest 0 (PS3.5 G.5). */
function isRle(bytes: Uint8Array): boolean {
  if (bytes.length <= RLE_HEADER) {
    return false;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, RLE_HEADER);
  const count = view.getUint32(0, true);
  if (count < 1 || count > 15 || view.getUint32(4, true) !== RLE_HEADER) {
    return false;
  }
  return Array.from({ length: 14 }, (_, index) => index + 2).every((index) => {
    const offset = view.getUint32(4 * index, true);
    return index <= count
      ? offset > view.getUint32(4 * index - 4, true) && offset < bytes.length
      : offset === 0;
  });
}

/**
 * The bits of the samples of a JPEG, by its frame header (ITU-T T.81 B.2.2).
 *
 * @returns undefined for anything else
 */
export function readJpegPrecision(bytes: Uint8Array): number | undefined {
  if (word(bytes, 0) !== SOI) {
    return undefined;
  }
  for (const { marker, at } of segments(bytes, 0)) {
    if (FRAME_HEADERS.has(marker)) {
      return bytes[at];
    }
  }
  return undefined;
}

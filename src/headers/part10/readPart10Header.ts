import type { Element } from 'dicom-parser';
import {
  DEFLATED_EXPLICIT,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../../base/transferSyntaxUids.js';
import { dataLimits, limitError } from '../../base/limits.js';
import { inflateDataSet } from './inflateDataSet.js';
import type { InflatedBytes } from './inflateDataSet.js';
import {
  bigEndianByteArrayParser,
  littleEndianByteArrayParser,
  readElement,
  readElements,
  readFixedString,
} from './readElements.js';
import type {
  ElementCursor,
  ElementEncoding,
  ElementsReading,
  HeaderReading,
  Interruption,
  Part10Header,
  VrLookup,
} from './readElements.js';

/** The first piece of a deflated header that is inflated, enough for nearly all; the next is larger. */
const FIRST_INFLATED_BYTES = 256 * 1024;
/** No header needs more when it is inflated; the option `limits` can allow less. */
const MAX_INFLATED_BYTES = 16 * 1024 * 1024;

/**
 * Reads the header of a Part-10 file (PS3.10 7) from its first bytes: all elements before the pixel
 * data, in any transfer syntax. Only a deflated header is copied.
 *
 * @param bytes - the first bytes of the file, or all; the header keeps a reference to them
 * @param totalBytes - length of the file, where it is known
 * @param lookUpVr - for files with implicit VRs
 */
export async function readPart10Header(
  bytes: Uint8Array,
  totalBytes: number | undefined,
  lookUpVr: VrLookup,
): Promise<HeaderReading> {
  const meta = readFileMeta(bytes);
  if (meta.kind !== 'done') {
    return settle(meta, bytes.length, totalBytes);
  }
  const { transferSyntaxUID, elements: metaElements, end: start } = meta;
  const isDeflated = transferSyntaxUID === DEFLATED_EXPLICIT;
  const encoding = encodingOf(transferSyntaxUID, lookUpVr);
  const { data, reading } = isDeflated
    ? await inflateHeader(bytes, start, encoding)
    : { data: { bytes, fault: undefined }, reading: readElements(bytes, start, encoding) };
  const hasPixels = reading.kind === 'done' && reading.hasPixels;
  if (data.fault !== undefined && !hasPixels) {
    return { kind: 'error', fault: 'malformed', message: data.fault };
  }
  if (reading.kind !== 'done') {
    // The number of inflated bytes in the next bytes of a deflated file is unknown.
    const isCutOff = isDeflated && reading.kind === 'more';
    const interruption = isCutOff
      ? { ...reading, needed: bytes.length * 2, isGuess: true }
      : reading;
    return settle(interruption, bytes.length, totalBytes);
  }
  const isWhole = totalBytes !== undefined && bytes.length >= totalBytes;
  if (!hasPixels && !isWhole) {
    return { kind: 'more', byteLength: bytes.length * 2 };
  }
  if (!isDeflated && totalBytes !== undefined && reading.pixelDataEnd > totalBytes) {
    const message = `the file has ${totalBytes} bytes, and its pixel data end at ${reading.pixelDataEnd}`;
    return { kind: 'error', fault: 'truncated', message };
  }
  const header: Part10Header = {
    bytes: data.bytes,
    parser: encoding.parser,
    elements: { ...metaElements, ...reading.elements },
    transferSyntaxUID,
  };
  return { kind: 'header', header, byteLength: reading.end };
}

/**
 * The most elements and items of a deflated header: fewer than of others, as 40 KB may hold millions. At 16 bytes each they
 * are all of what is inflated; real ones are longer.
 */
const MOST_INFLATED_PARTS = 2 ** 20;

/** Inflates no more than the header needs, and what comes with it. */
async function inflateHeader(
  bytes: Uint8Array,
  start: number,
  encoding: ElementEncoding,
): Promise<{ data: InflatedBytes; reading: ElementsReading }> {
  const limit = Math.min(MAX_INFLATED_BYTES, dataLimits().inflatedBytes);
  for (let maxBytes = FIRST_INFLATED_BYTES; ; maxBytes *= 4) {
    const data = await inflateDataSet(bytes, start, Math.min(maxBytes, limit));
    const reading = readElements(data.bytes, start, encoding, MOST_INFLATED_PARTS);
    const isRead = reading.kind === 'fault' || (reading.kind === 'done' && reading.hasPixels);
    if (!data.isCutOff || isRead || maxBytes >= limit) {
      return { data, reading };
    }
  }
}

/** How the data set of a file is encoded (PS3.5 A.1 to A.3; all others are in explicit little endian). */
export function encodingOf(transferSyntaxUID: string, lookUpVr: VrLookup): ElementEncoding {
  const isBigEndian = transferSyntaxUID === EXPLICIT_BIG_ENDIAN;
  return {
    parser: isBigEndian ? bigEndianByteArrayParser : littleEndianByteArrayParser,
    isImplicit: transferSyntaxUID === IMPLICIT_LITTLE_ENDIAN,
    lookUpVr,
  };
}

/** An incomplete reading continues with more bytes; where the file has no more, it is truncated. */
function settle(
  reading: Interruption,
  available: number,
  totalBytes: number | undefined,
): HeaderReading {
  if (reading.kind === 'fault') {
    return { kind: 'error', fault: reading.fault, message: reading.message };
  }
  const { needed, isGuess = false } = reading;
  if (totalBytes === undefined || (available < totalBytes && (isGuess || needed <= totalBytes))) {
    const byteLength = Math.min(Math.max(needed, available + 1), totalBytes ?? Infinity);
    return { kind: 'more', byteLength };
  }
  const claim = isGuess ? 'a sequence of its header has no end' : `its header ends at ${needed}`;
  const message = `the file has ${totalBytes} bytes, and ${claim}`;
  return { kind: 'error', fault: 'truncated', message };
}

/** Begin and encoding of the data set. */
export interface FileMeta {
  readonly kind: 'done';
  readonly elements: Readonly<Record<string, Element>>;
  readonly transferSyntaxUID: string;
  /** First byte behind the File Meta Information. */
  readonly end: number;
}

/** Length of the preamble and of the prefix `DICM` behind it. */
const PREFIX_END = 132;
const META_GROUP = 0x0002;

/**
 * Reads the File Meta Information (PS3.10 7.1), which is in explicit VR little endian in every file, up to
 * the first element of another group.
 */
export function readFileMeta(bytes: Uint8Array): FileMeta | Interruption {
  if (bytes.length < PREFIX_END) {
    return bytes.length > 0 && bytes[0] !== 0 && looksLikeText(bytes)
      ? NOT_DICOM
      : { kind: 'more', needed: PREFIX_END };
  }
  if (readFixedString(bytes, PREFIX_END - 4, 4) !== 'DICM') {
    return NOT_DICOM;
  }
  if (bytes.length === PREFIX_END) {
    return { kind: 'more', needed: PREFIX_END + 2 };
  }
  const parser = littleEndianByteArrayParser;
  const cursor: ElementCursor = {
    bytes,
    position: PREFIX_END,
    depth: 0,
    parser,
    isImplicit: false,
    lookUpVr: () => undefined,
  };
  const elements: Record<string, Element> = {};
  while (cursor.position + 2 <= bytes.length) {
    if (parser.readUint16(bytes, cursor.position) !== META_GROUP) {
      return withTransferSyntax(bytes, elements, cursor.position);
    }
    const element = readElement(cursor);
    if ('kind' in element) {
      return element;
    }
    // The data set that follows may have another byte order.
    element.parser = parser;
    elements[element.tag] = element;
  }
  return { kind: 'more', needed: bytes.length * 2 };
}

const NOT_DICOM = {
  kind: 'fault',
  fault: 'not-dicom',
  message: 'it does not begin as a DICOM Part 10 file',
} as const;

function withTransferSyntax(
  bytes: Uint8Array,
  elements: Record<string, Element>,
  end: number,
): FileMeta | Interruption {
  const element = elements['x00020010'];
  const transferSyntaxUID =
    element && readFixedString(bytes, element.dataOffset, element.length).trim();
  return transferSyntaxUID === undefined || transferSyntaxUID === ''
    ? { kind: 'fault', fault: 'malformed', message: 'it names no transfer syntax' }
    : { kind: 'done', elements, transferSyntaxUID, end };
}

/** A preamble that is not blank may belong to a DICOM file of which too few bytes are available. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/**
 * Inflates a Part-10 file: the result is an inflated copy in Explicit VR Little Endian (PS3.5 A.5), up to the end
 * of the pixel data, or the file itself where it is not deflated.
 *
 * @throws Error when it cannot be inflated, or would inflate to much more than its frames need;
 *   StreamingVolumeError with code `limit-exceeded`
 */
export async function inflateFile(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const meta = readFileMeta(bytes);
  if (meta.kind !== 'done' || meta.transferSyntaxUID !== DEFLATED_EXPLICIT) {
    return bytes;
  }
  const { bytes: inflated, fault, isCutOff } = await inflateUpToPixels(bytes, meta.end);
  if (fault !== undefined && !isCutOff) {
    throw new Error(fault);
  }
  const syntax = meta.elements['x00020010'];
  if (syntax) {
    // UIDs are padded with nulls (PS3.5 9.1), so that a shorter one fits.
    const end = syntax.dataOffset + syntax.length;
    inflated.fill(0, syntax.dataOffset + EXPLICIT_LITTLE_ENDIAN.length, end);
  }
  return inflated;
}

/** Pixel data may have so much padding, besides as much as its frames need. */
const MAX_PADDING_BYTES = 1024 * 1024;

async function inflateUpToPixels(bytes: Uint8Array, start: number): Promise<InflatedBytes> {
  const encoding = encodingOf(DEFLATED_EXPLICIT, () => undefined);
  const { data, reading } = await inflateHeader(bytes, start, encoding);
  if (!data.isCutOff) {
    return data;
  }
  if (reading.kind !== 'done' || !reading.hasPixels) {
    throw new Error(data.fault);
  }
  const needed = neededBytes(data.bytes, reading.elements);
  const limit = reading.end + 2 * needed + MAX_PADDING_BYTES;
  const end = reading.pixelDataEnd || limit;
  if (end > limit) {
    const claim = `its pixel data have ${end - reading.end} bytes when inflated`;
    throw new Error(`${claim}, and its frames need ${needed}`);
  }
  const { inflatedBytes } = dataLimits();
  if (end > inflatedBytes) {
    throw limitError('inflatedBytes', 'A file, when it is inflated,', inflatedBytes);
  }
  return inflateDataSet(bytes, start, end - start);
}

/** How many bytes the frames of an image take when they are not compressed; 0 where the header says too little. */
function neededBytes(bytes: Uint8Array, elements: Readonly<Record<string, Element>>): number {
  const { readUint16 } = littleEndianByteArrayParser;
  const [rows, columns, samples, bits] = ['x00280010', 'x00280011', 'x00280002', 'x00280100'].map(
    (tag) => {
      const element = elements[tag];
      return element && element.length >= 2 ? readUint16(bytes, element.dataOffset) : 0;
    },
  ) as [number, number, number, number];
  const frames = elements['x00280008'];
  const text = frames ? readFixedString(bytes, frames.dataOffset, frames.length) : '';
  return (
    Math.ceil((rows * columns * samples * bits) / 8) * Math.max(1, Number.parseInt(text, 10) || 1)
  );
}

import { bigEndianByteArrayParser, littleEndianByteArrayParser } from './dicomParser.js';
import type { HeaderReading, Part10Header, VrLookup } from './HeaderReading.js';
import { inflateDataSet } from './inflateDataSet.js';
import { readElements } from './readElements.js';
import type { ElementEncoding, Interruption } from './readElements.js';
import { readFileMeta } from './readFileMeta.js';
import {
  DEFLATED_EXPLICIT,
  EXPLICIT_BIG_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../../base/transferSyntaxUids.js';

/** No header needs more when it is inflated. */
const MAX_INFLATED_BYTES = 16 * 1024 * 1024;

/**
 * Reads the header of a Part-10 file (PS3.10 7) from its first bytes: all elements before the pixel
 * data. Any transfer syntax will do; only a deflated header is copied.
 *
 * @param bytes - the first bytes of the file, or all; the header holds on to them
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
  const data = isDeflated
    ? await inflateDataSet(bytes, start, MAX_INFLATED_BYTES)
    : { bytes, fault: undefined };
  const encoding = encodingOf(transferSyntaxUID, lookUpVr);
  const reading = readElements(data.bytes, start, encoding);
  const hasPixels = reading.kind === 'done' && reading.hasPixels;
  if (data.fault !== undefined && !hasPixels) {
    return { kind: 'error', fault: 'malformed', message: data.fault };
  }
  if (reading.kind !== 'done') {
    // How far more bytes of a deflated file reach cannot be told.
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
  return { kind: 'header', header };
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

/** What is not all there is either read on or, where the file has no more, cut off. */
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
  const claim = isGuess
    ? 'a sequence of its header does not end'
    : `its header goes on to ${needed}`;
  const message = `the file has ${totalBytes} bytes, and ${claim}`;
  return { kind: 'error', fault: 'truncated', message };
}

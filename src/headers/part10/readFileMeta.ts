import type { Element } from 'dicom-parser';
import { littleEndianByteArrayParser, readFixedString } from './dicomParser.js';
import { readElement } from './readElements.js';
import type { ElementCursor, Interruption } from './readElements.js';

/** Where the data set begins, and how it is encoded. */
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

/** A preamble that is not blank may still belong to a file of which too few bytes are there. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

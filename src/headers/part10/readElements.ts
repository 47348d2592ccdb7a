/**
 * Reads encoded elements (PS3.5 7) in the first bytes of a file.
 *
 * Workaround: dicom-parser is CommonJS in a form whose named exports Node does not find, so that only its default
 * import works in Node, bundlers and test runners (1.8.21, dist/dicomParser.min.js); other modules import its parts
 * from here. Remove when dicom-parser has an ES module.
 */
import dicomParser from 'dicom-parser';
import type { ByteArrayParser, DataSet, Element } from 'dicom-parser';

export const { bigEndianByteArrayParser, littleEndianByteArrayParser, readFixedString } =
  dicomParser;

/** The elements of a header, as dicom-parser finds them. */
export interface Part10Header {
  /** The bytes of the file; of a deflated file, the inflated ones. */
  readonly bytes: Uint8Array;
  /** Reads numbers in the byte order of the data set; the File Meta Information is little endian. */
  readonly parser: ByteArrayParser;
  /** By tag, `x00280010`. */
  readonly elements: Readonly<Record<string, Element>>;
  readonly transferSyntaxUID: string;
}

/**
 * Why a file has no header that can be read.
 *
 * - `not-dicom`: it does not begin as a Part-10 file does (PS3.10 7.1)
 * - `truncated`: it ends before its elements say that it does
 * - `malformed`: it begins as a Part-10 file, and what follows is no data set
 */
export type HeaderFault = 'not-dicom' | 'truncated' | 'malformed';

/** The outcome of reading the first bytes of a Part-10 file. */
export type HeaderReading =
  /** `byteLength` bytes from the start of the file are the header; of a deflated file, when it is inflated. */
  | { readonly kind: 'header'; readonly header: Part10Header; readonly byteLength: number }
  /** `byteLength` bytes from the start of the file are needed, or all where it has fewer. */
  | { readonly kind: 'more'; readonly byteLength: number }
  | { readonly kind: 'error'; readonly fault: HeaderFault; readonly message: string };

/** The VR of a tag (`00280010`) that the file does not state; undefined for an unknown tag. */
export type VrLookup = (tag: string) => string | undefined;

/** The elements in the available bytes. */
export type ElementsReading =
  | {
      readonly kind: 'done';
      readonly elements: Readonly<Record<string, Element>>;
      /** Whether pixel data follow; otherwise all bytes are elements. */
      readonly hasPixels: boolean;
      /** Offset of the first byte behind the elements: of the pixel data, where there are any. */
      readonly end: number;
      /** Offset of the first byte behind native pixel data, by their length; 0 where no length is stated. */
      readonly pixelDataEnd: number;
    }
  | Interruption;

/** Why elements cannot be read to their end. */
export type Interruption =
  /** `needed` bytes from the start are enough, or, as a guess, bring the reading further. */
  | { readonly kind: 'more'; readonly needed: number; readonly isGuess?: boolean }
  | { readonly kind: 'fault'; readonly fault: HeaderFault; readonly message: string };

/** How elements are encoded. */
export interface ElementEncoding {
  /** Reads numbers in their byte order. */
  readonly parser: ByteArrayParser;
  /** Whether elements have no VR (PS3.5 7.1.3). */
  readonly isImplicit: boolean;
  readonly lookUpVr: VrLookup;
}

/** A place among encoded elements. */
export interface ElementCursor extends ElementEncoding {
  readonly bytes: Uint8Array;
  position: number;
  /** Number of enclosing sequences. */
  readonly depth: number;
  /** Whether the encoding is not that of the data set. */
  readonly isForeign?: boolean;
  /** How many elements and items there may be from here on, at any depth; undefined for any number. */
  readonly room?: { left: number };
}

export const PIXEL_GROUP = 0x7fe0;

/** The `length` of elements, sequences and items that end with a delimiter (PS3.5 7.1, 7.5). */
export const UNDEFINED_LENGTH = 0xffffffff;

/** Float, double float and integer pixel data (PS3.3 C.7.6.24, C.7.6.25, C.7.6.3). */
const PIXEL_ELEMENTS: ReadonlySet<number> = new Set([0x0008, 0x0009, 0x0010]);

export const ITEM = 'xfffee000';
const ITEM_END = 'xfffee00d';
export const SEQUENCE_END = 'xfffee0dd';

/**
 * The most elements and items of a header. Each takes some hundred bytes of memory, and may have eight in the file; the
 * functional groups of an enhanced image have some forty for each frame.
 */
const MOST_PARTS = 2 ** 22;

/** Far deeper than real sequences; each level takes a frame of the call stack. */
const MAX_DEPTH = 64;

/** VRs with a length of 16 bits (PS3.5 7.1.2). */
const SHORT_VRS = new Set(
  'AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '),
);

/** VRs with a length of 32 bits, behind two bytes of 0. New VRs will have such a length too (PS3.5 6.2). */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** Reads all elements before the pixel data. */
export function readElements(
  bytes: Uint8Array,
  start: number,
  encoding: ElementEncoding,
  mostParts = MOST_PARTS,
): ElementsReading {
  const elements: Record<string, Element> = {};
  const room = { left: mostParts };
  const cursor: ElementCursor = { ...encoding, bytes, position: start, depth: 0, room };
  while (cursor.position < bytes.length) {
    if (cursor.position + 4 > bytes.length) {
      return { kind: 'more', needed: cursor.position + 8 };
    }
    if (encoding.parser.readUint16(bytes, cursor.position) === PIXEL_GROUP) {
      const pixelDataEnd = nativePixelDataEnd(cursor);
      return { kind: 'done', elements, hasPixels: true, end: cursor.position, pixelDataEnd };
    }
    const element = readElement(cursor);
    if ('kind' in element) {
      return element;
    }
    elements[element.tag] = element;
  }
  return { kind: 'done', elements, hasPixels: false, end: cursor.position, pixelDataEnd: 0 };
}

/**
 * Reads one element with its items, and moves the cursor behind it.
 *
 * @param limit - end of the enclosing item
 */
export function readElement(cursor: ElementCursor, limit = Infinity): Element | Interruption {
  const { bytes, room } = cursor;
  if (room && --room.left < 0) {
    return TOO_MANY_PARTS;
  }
  const head = readHead(cursor, limit);
  if ('kind' in head) {
    return head;
  }
  const { tag, vr, length, dataOffset } = head;
  const element: Element = { tag, length, dataOffset, ...(vr !== undefined && { vr }) };
  if (cursor.isForeign) {
    element.parser = cursor.parser;
  }
  const isDelimited = length === UNDEFINED_LENGTH;
  const end = isDelimited ? undefined : dataOffset + length;
  if (end !== undefined && end > limit) {
    return malformed(`element ${tag} is longer than its item`);
  }
  if (end !== undefined && end > bytes.length) {
    return lackOf(cursor, end);
  }
  cursor.position = dataOffset;
  const known = vr === undefined || vr === 'UN' ? cursor.lookUpVr(tag.slice(1).toUpperCase()) : vr;
  const isSequence = known === 'SQ' || (isDelimited && (vr === undefined || vr === 'UN'));
  if (isSequence && !isFragmented(tag)) {
    // The value of an element with the VR UN is in implicit VR little endian, in any file (PS3.5 6.2.2).
    const foreign = { parser: littleEndianByteArrayParser, isImplicit: true, isForeign: true };
    const inner = { ...cursor, ...(vr === 'UN' && foreign), depth: cursor.depth + 1 };
    const items = readItems(inner, end, end ?? limit);
    if (!('kind' in items)) {
      element.items = items;
      cursor.position = inner.position;
    } else if (vr === 'UN' && items.kind === 'fault' && end !== undefined) {
      // The bytes of an unknown element may be no sequence.
      cursor.position = end;
      return element;
    } else {
      return items;
    }
  } else if (isDelimited) {
    const interruption = skipFragments(cursor, limit);
    if (interruption) {
      return interruption;
    }
  } else {
    cursor.position = end as number;
    return element;
  }
  if (isDelimited) {
    element.hadUndefinedLength = true;
    element.length = cursor.position - dataOffset;
  }
  return element;
}

/** Pixel data in fragments, of the image or of an icon. */
function isFragmented(tag: string): boolean {
  return tag === 'x7fe00010';
}

export interface ElementHead {
  readonly tag: string;
  readonly vr: string | undefined;
  readonly length: number;
  readonly dataOffset: number;
}

/** Reads tag, VR and length of an element (PS3.5 7.1) without moving the cursor. */
export function readHead(cursor: ElementCursor, limit: number): ElementHead | Interruption {
  const { bytes, parser, position, isImplicit } = cursor;
  const shortage = shortageOf(cursor, 8, limit);
  if (shortage) {
    return shortage;
  }
  const tag = readTag(cursor);
  if (tag.startsWith('xfffe')) {
    return malformed(`a delimiter (${tag}) is at the place of an element`);
  }
  if (isImplicit) {
    const length = parser.readUint32(bytes, position + 4);
    return { tag, vr: undefined, length, dataOffset: position + 8 };
  }
  const vr = String.fromCharCode(bytes[position + 4] ?? 0, bytes[position + 5] ?? 0);
  const short = parser.readUint16(bytes, position + 6);
  const isLong = LONG_VRS.has(vr) || (!SHORT_VRS.has(vr) && /^[A-Z]{2}$/.test(vr) && short === 0);
  if (!isLong) {
    return { tag, vr, length: short, dataOffset: position + 8 };
  }
  return (
    shortageOf(cursor, 12, limit) ?? {
      tag,
      vr,
      length: parser.readUint32(bytes, position + 8),
      dataOffset: position + 12,
    }
  );
}

/**
 * The items of a sequence (PS3.5 7.5).
 *
 * @param end - of the sequence; undefined where a delimiter ends it
 * @param limit - end of the enclosing item
 */
function readItems(
  cursor: ElementCursor,
  end: number | undefined,
  limit: number,
): { tag: string; length: number; dataOffset: number; dataSet: DataSet }[] | Interruption {
  const { bytes, parser, room } = cursor;
  if (cursor.depth > MAX_DEPTH) {
    return malformed(`its sequences are nested more than ${MAX_DEPTH} deep`);
  }
  const items = [];
  while (end === undefined || cursor.position < end) {
    const shortage = shortageOf(cursor, 8, limit);
    if (shortage) {
      return shortage;
    }
    const tag = readTag(cursor);
    const length = parser.readUint32(bytes, cursor.position + 4);
    cursor.position += 8;
    if (tag === SEQUENCE_END) {
      if (end === undefined) {
        break;
      }
      continue;
    }
    if (tag !== ITEM) {
      return malformed(`${tag} is at the place of an item of a sequence`);
    }
    if (room && --room.left < 0) {
      return TOO_MANY_PARTS;
    }
    const dataOffset = cursor.position;
    const elements = readItem(cursor, length, limit);
    if (isInterruption(elements)) {
      return elements;
    }
    const dataSet = createDataSet(parser, bytes, elements);
    items.push({ tag, length: cursor.position - dataOffset, dataOffset, dataSet });
  }
  return items;
}

function readItem(
  cursor: ElementCursor,
  length: number,
  limit: number,
): Record<string, Element> | Interruption {
  const isDelimited = length === UNDEFINED_LENGTH;
  const end = isDelimited ? limit : cursor.position + length;
  if (end > limit) {
    return malformed('an item is longer than its sequence');
  }
  if (!isDelimited && end > cursor.bytes.length) {
    return lackOf(cursor, end);
  }
  const elements: Record<string, Element> = {};
  while (isDelimited || cursor.position < end) {
    if (isDelimited) {
      const shortage = shortageOf(cursor, 8, limit);
      if (shortage) {
        return shortage;
      }
      if (readTag(cursor) === ITEM_END) {
        cursor.position += 8;
        break;
      }
    }
    const element = readElement(cursor, end);
    if ('kind' in element) {
      return element;
    }
    elements[element.tag] = element;
  }
  return elements;
}

/** Skips fragments up to their delimiter (PS3.5 A.4). */
function skipFragments(cursor: ElementCursor, limit: number): Interruption | undefined {
  for (;;) {
    const shortage = shortageOf(cursor, 8, limit);
    if (shortage) {
      return shortage;
    }
    const tag = readTag(cursor);
    const length = cursor.parser.readUint32(cursor.bytes, cursor.position + 4);
    cursor.position += 8;
    if (tag === SEQUENCE_END) {
      return undefined;
    }
    if (tag !== ITEM || length === UNDEFINED_LENGTH || cursor.position + length > limit) {
      return malformed(`${tag} is at the place of a fragment`);
    }
    cursor.position += length;
  }
}

/** The interruption where fewer than `count` bytes are available. */
function shortageOf(cursor: ElementCursor, count: number, limit: number): Interruption | undefined {
  const end = cursor.position + count;
  if (end > limit) {
    return malformed('an item ends within an element');
  }
  return end > cursor.bytes.length ? lackOf(cursor, end) : undefined;
}

/** More bytes are needed. The end of a sequence of undefined length is not known beforehand. */
function lackOf({ bytes, depth }: ElementCursor, end: number): Interruption {
  return depth === 0
    ? { kind: 'more', needed: end }
    : { kind: 'more', needed: Math.max(end, bytes.length * 2), isGuess: true };
}

/** In the notation of dicom-parser: `x00280010`. */
export function readTag({ bytes, parser, position }: ElementCursor): string {
  const group = parser.readUint16(bytes, position).toString(16).padStart(4, '0');
  return `x${group}${parser
    .readUint16(bytes, position + 2)
    .toString(16)
    .padStart(4, '0')}`;
}

function isInterruption(value: object): value is Interruption {
  return 'kind' in value;
}

function malformed(message: string): Interruption {
  return { kind: 'fault', fault: 'malformed', message };
}

const TOO_MANY_PARTS = malformed('it has more elements and items than are read of a header');

function nativePixelDataEnd(cursor: ElementCursor): number {
  const element = cursor.parser.readUint16(cursor.bytes, cursor.position + 2);
  const head = readHead(cursor, Infinity);
  const isNative =
    PIXEL_ELEMENTS.has(element) && !('kind' in head) && head.length !== UNDEFINED_LENGTH;
  return isNative ? head.dataOffset + head.length : 0;
}

/** Makes a data set of elements, as dicom-image-loader reads it. The types of dicom-parser omit the class. */
export function createDataSet(
  parser: ByteArrayParser,
  bytes: Uint8Array,
  elements: Record<string, Element>,
): DataSet {
  const { DataSet: Constructor } = dicomParser as unknown as {
    DataSet: new (...parts: [ByteArrayParser, Uint8Array, Record<string, Element>]) => DataSet;
  };
  return new Constructor(parser, bytes, elements);
}

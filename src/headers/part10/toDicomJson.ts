import { utilities } from '@cornerstonejs/metadata';
import type { ByteArrayParser, Element } from 'dicom-parser';
import type { Part10Header, VrLookup } from './readElements.js';

/** One attribute of the DICOM JSON model (PS3.18 F.2), with binary values as ArrayBuffers. */
export interface DicomJsonElement {
  readonly vr: string;
  readonly Value: readonly unknown[];
}

/** A data set in the DICOM JSON model, by tag (`00280010`). */
export type DicomJson = Record<string, DicomJsonElement>;

/** VRs with one value, whose text may contain backslashes (PS3.5 6.2). */
const TEXT_VRS = new Set(['LT', 'ST', 'UT', 'UR']);

/**
 * Converts a header to the DICOM JSON model, the form in which Cornerstone accepts metadata. All values are copied,
 * so that the bytes of the file can be released.
 *
 * @param vrOf - for elements whose VR the file does not state
 */
export function toDicomJson(header: Part10Header, vrOf: VrLookup): DicomJson {
  const characterSet = header.elements['x00080005'];
  const decode = characterSetDecoder(characterSet && readAscii(header.bytes, characterSet));
  const signed = header.elements['x00280103'];
  const isSigned =
    signed?.length === 2 && header.parser.readUint16(header.bytes, signed.dataOffset) === 1;
  return convertAll(header.elements, { header, vrOf, decode, isSigned });
}

interface Conversion {
  readonly header: Part10Header;
  readonly vrOf: VrLookup;
  readonly decode: (bytes: Uint8Array) => string;
  /** Pixel Representation is 1: it decides ambiguous VRs. */
  readonly isSigned: boolean;
}

function convertAll(elements: Readonly<Record<string, Element>>, how: Conversion): DicomJson {
  const json: DicomJson = {};
  for (const [key, element] of Object.entries(elements)) {
    const tag = key.slice(1).toUpperCase();
    // Group lengths and delimiters belong to the encoding (PS3.5 7.2, 7.5).
    if (!tag.endsWith('0000') && !tag.startsWith('FFFE')) {
      json[tag] = convert(tag, element, how);
    }
  }
  return json;
}

function convert(tag: string, element: Element, how: Conversion): DicomJsonElement {
  if (element.items) {
    const items = element.items.map(({ dataSet }) => convertAll(dataSet?.elements ?? {}, how));
    return { vr: 'SQ', Value: items };
  }
  const vr = valueRepresentation(tag, element, how);
  const { bytes } = how.header;
  const parser = element.parser ?? how.header.parser;
  if (element.length === 0) {
    return { vr, Value: [] };
  }
  if (BINARY_VRS.has(vr)) {
    return { vr, Value: [binaryValue(bytes, element, vr, parser)] };
  }
  const reader = READERS.get(vr);
  if (reader) {
    return { vr, Value: numberValues(bytes, element, reader, parser) };
  }
  const end = Math.min(element.dataOffset + element.length, bytes.length);
  const text = trimPadding(how.decode(bytes.subarray(element.dataOffset, end)));
  return {
    vr,
    Value: TEXT_VRS.has(vr) ? [text] : text.split('\\').map((each) => toValue(each, vr)),
  };
}

/** A value of a text VR in JSON, where decimal and integer strings are numbers. */
function toValue(text: string, vr: string): unknown {
  const trimmed = text.trim();
  if (vr === 'PN') {
    const [Alphabetic = '', Ideographic, Phonetic] = trimmed.split('=');
    return { Alphabetic, ...(Ideographic && { Ideographic }), ...(Phonetic && { Phonetic }) };
  }
  if (vr !== 'DS' && vr !== 'IS') {
    return trimmed;
  }
  const number = Number(trimmed);
  return trimmed === '' || Number.isNaN(number) ? null : number;
}

/** Text is padded with spaces or null characters (PS3.5 6.2). */
export function trimPadding(text: string): string {
  // A regular expression may look for the end at each of many blanks.
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) {
    end -= 1;
  }
  return text.slice(0, end);
}

/** Whether an element reserves a block of private ones; its VR is LO in any file (PS3.5 7.8.1). */
function isPrivateCreator(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1 && /^.{4}00[1-9A-F][0-9A-F]$/.test(tag);
}

/**
 * The VR of the file; or that of the dictionary for implicit VRs and for `UN`, with a decision where the dictionary
 * has two (`xs`: US or SS; `ox`, `lt`: OW and another).
 */
function valueRepresentation(tag: string, { vr }: Element, how: Conversion): string {
  const isUnknown = vr === undefined || vr === 'UN';
  const known = isUnknown ? (isPrivateCreator(tag) ? 'LO' : how.vrOf(tag)) : vr;
  if (known === 'xs') {
    return how.isSigned ? 'SS' : 'US';
  }
  if (known === 'ox' || known === 'lt') {
    return 'OW';
  }
  return known === undefined || !/^[A-Z]{2}$/.test(known) || known === 'SQ' ? 'UN' : known;
}

/** How binary numbers are read. */
interface NumberReader {
  /** Bytes of one value. */
  readonly bytes: number;
  readonly read: (parser: ByteArrayParser, bytes: Uint8Array, at: number) => number | string;
}

/** By VR (PS3.5 6.2). */
const READERS: ReadonlyMap<string, NumberReader> = new Map<string, NumberReader>([
  ['US', { bytes: 2, read: (parser, bytes, at) => parser.readUint16(bytes, at) }],
  ['SS', { bytes: 2, read: (parser, bytes, at) => parser.readInt16(bytes, at) }],
  ['UL', { bytes: 4, read: (parser, bytes, at) => parser.readUint32(bytes, at) }],
  ['SL', { bytes: 4, read: (parser, bytes, at) => parser.readInt32(bytes, at) }],
  ['FL', { bytes: 4, read: (parser, bytes, at) => parser.readFloat(bytes, at) }],
  ['FD', { bytes: 8, read: (parser, bytes, at) => parser.readDouble(bytes, at) }],
  [
    'SV',
    {
      bytes: 8,
      read: (parser, bytes, at) => exact(viewOf(bytes).getBigInt64(at, isLittle(parser))),
    },
  ],
  [
    'UV',
    {
      bytes: 8,
      read: (parser, bytes, at) => exact(viewOf(bytes).getBigUint64(at, isLittle(parser))),
    },
  ],
  // A tag as eight hexadecimal digits (PS3.18 F.2.3).
  [
    'AT',
    {
      bytes: 4,
      read: (parser, bytes, at) =>
        [at, at + 2]
          .map((each) => parser.readUint16(bytes, each).toString(16).padStart(4, '0').toUpperCase())
          .join(''),
    },
  ],
]);

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The two bytes of the number 1 in little endian. */
const ONE = Uint8Array.of(1, 0);

/** Parsers do not say their byte order, and those of dicom-image-loader may be of another copy of dicom-parser. */
function isLittle(parser: ByteArrayParser): boolean {
  return parser.readUint16(ONE, 0) === 1;
}

/** A number where it holds all digits, otherwise the digits (PS3.18 F.2.3). */
function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** VRs whose value is a block of bytes. */
const BINARY_VRS: ReadonlySet<string> = new Set('OB OD OF OL OV OW UN'.split(' '));

/** The values of an element; an incomplete last value is left out. */
function numberValues(
  bytes: Uint8Array,
  { dataOffset, length }: Element,
  { bytes: size, read }: NumberReader,
  parser: ByteArrayParser,
): (number | string)[] {
  const available = Math.min(length, bytes.length - dataOffset);
  return Array.from({ length: Math.floor(available / size) }, (_, index) =>
    read(parser, bytes, dataOffset + index * size),
  );
}

/** Bytes of one word of a block, by VR (PS3.5 6.2); 1 for others. */
const WORD_BYTES: ReadonlyMap<string, number> = new Map([
  ['OW', 2],
  ['OF', 4],
  ['OL', 4],
  ['OD', 8],
  ['OV', 8],
]);

/** A copy of a block of bytes, with words in little endian, as Cornerstone reads them. */
function binaryValue(
  bytes: Uint8Array,
  { dataOffset, length }: Element,
  vr: string,
  parser: ByteArrayParser,
): ArrayBuffer {
  const copy = bytes.slice(dataOffset, dataOffset + length);
  const size = WORD_BYTES.get(vr) ?? 1;
  if (size > 1 && !isLittle(parser)) {
    for (let at = 0; at + size <= copy.length; at += size) {
      copy.subarray(at, at + size).reverse();
    }
  }
  return copy.buffer;
}

/** The bytes of an element up to a null character, as text. */
function readAscii(bytes: Uint8Array, { dataOffset, length }: Element): string {
  const [text = ''] = new TextDecoder('iso-8859-1')
    .decode(bytes.subarray(dataOffset, dataOffset + length))
    .split('\0');
  return text;
}

/** Encodings by the defined term of Specific Character Set (0008,0005) (PS3.3 C.12.1.1.2). */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['ISO_IR 13', 'shift_jis'],
  ['ISO_IR 100', 'iso-8859-1'],
  ['ISO_IR 101', 'iso-8859-2'],
  ['ISO_IR 109', 'iso-8859-3'],
  ['ISO_IR 110', 'iso-8859-4'],
  ['ISO_IR 126', 'iso-8859-7'],
  ['ISO_IR 127', 'iso-8859-6'],
  ['ISO_IR 138', 'iso-8859-8'],
  ['ISO_IR 144', 'iso-8859-5'],
  ['ISO_IR 148', 'windows-1254'],
  ['ISO_IR 166', 'windows-874'],
  ['ISO_IR 192', 'utf-8'],
  ['ISO_IR 203', 'iso-8859-15'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/**
 * The decoder of the texts of a header. Of several character sets the first counts: texts switch to the others
 * within names only, which no volume is made of.
 *
 * @param specificCharacterSet - value of the element in the file
 */
function characterSetDecoder(
  specificCharacterSet: string | undefined,
): (bytes: Uint8Array) => string {
  const [term = ''] = (specificCharacterSet ?? '').split('\\');
  const decoder = new TextDecoder(ENCODINGS.get(term.trim()) ?? 'iso-8859-1');
  return (bytes) => decoder.decode(bytes);
}

/** The VR of a tag (`00280010`) in Cornerstone's data dictionary. */
export function lookUpVr(tag: string): string | undefined {
  return (utilities.Tags.dictionaryLookup(tag) as { vr?: string } | undefined)?.vr;
}

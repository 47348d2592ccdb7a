import type { Element } from 'dicom-parser';
import { characterSetDecoder } from './characterSet.js';
import { readFixedString } from './dicomParser.js';
import type { Part10Header, VrLookup } from './HeaderReading.js';
import { binaryValue, BINARY_VRS, numberValues, NUMBER_BYTES } from './numericValues.js';

/** One attribute of the DICOM JSON model (PS3.18 F.2). Binary values stand in it as ArrayBuffers. */
export interface DicomJsonElement {
  readonly vr: string;
  readonly Value: readonly unknown[];
}

/** A data set in the DICOM JSON model, by tag (`00280010`). */
export type DicomJson = Record<string, DicomJsonElement>;

/** VRs with one value, in which a backslash is a character (PS3.5 6.2). */
const TEXT_VRS = new Set(['LT', 'ST', 'UT', 'UR']);

/**
 * Turns a header into the DICOM JSON model, which Cornerstone takes metadata in. Everything is copied:
 * the file's bytes are not held on to.
 *
 * @param lookUpVr - for elements whose VR the file does not say
 */
export function toDicomJson(header: Part10Header, lookUpVr: VrLookup): DicomJson {
  const characterSet = header.elements['x00080005'];
  const decode = characterSetDecoder(
    characterSet && readFixedString(header.bytes, characterSet.dataOffset, characterSet.length),
  );
  const signed = header.elements['x00280103'];
  const isSigned =
    signed?.length === 2 && header.parser.readUint16(header.bytes, signed.dataOffset) === 1;
  return convertAll(header.elements, { header, lookUpVr, decode, isSigned });
}

interface Conversion {
  readonly header: Part10Header;
  readonly lookUpVr: VrLookup;
  readonly decode: (bytes: Uint8Array) => string;
  /** Pixel Representation, which ambiguous VRs depend on. */
  readonly isSigned: boolean;
}

function convertAll(elements: Readonly<Record<string, Element>>, how: Conversion): DicomJson {
  const json: DicomJson = {};
  for (const [key, element] of Object.entries(elements)) {
    const tag = key.slice(1).toUpperCase();
    // Group lengths and delimiters are of the encoding, not of the data (PS3.5 7.2, 7.5).
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
  if (NUMBER_BYTES.has(vr)) {
    return { vr, Value: numberValues(bytes, element, vr, parser) };
  }
  const end = Math.min(element.dataOffset + element.length, bytes.length);
  const text = trimPadding(how.decode(bytes.subarray(element.dataOffset, end)));
  return {
    vr,
    Value: TEXT_VRS.has(vr) ? [text] : text.split('\\').map((each) => toValue(each, vr)),
  };
}

/** A value of a text VR as JSON has it: decimal and integer strings are numbers there. */
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

/** Text is filled up with a space or a null character (PS3.5 6.2). */
function trimPadding(text: string): string {
  return text.replace(/[\0 ]+$/, '');
}

/** Elements that reserve a block of private ones have one VR, whatever a file says (PS3.5 7.8.1). */
function isPrivateCreator(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1 && /^.{4}00[1-9A-F][0-9A-F]$/.test(tag);
}

/**
 * The VR of the file, or that of the dictionary: for implicit VRs, for `UN`, and there where the
 * dictionary leaves two open (`xs`: US or SS; `ox`, `lt`: OW and another).
 */
function valueRepresentation(tag: string, { vr }: Element, how: Conversion): string {
  const isUnknown = vr === undefined || vr === 'UN';
  const known = isUnknown ? (isPrivateCreator(tag) ? 'LO' : how.lookUpVr(tag)) : vr;
  if (known === 'xs') {
    return how.isSigned ? 'SS' : 'US';
  }
  if (known === 'ox' || known === 'lt') {
    return 'OW';
  }
  return known === undefined || !/^[A-Z]{2}$/.test(known) || known === 'SQ' ? 'UN' : known;
}

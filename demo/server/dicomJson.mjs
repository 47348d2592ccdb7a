import { implicitVr } from './implicitVr.mjs';

/**
 * One element of the DICOM JSON model (PS3.18 F.2).
 * @typedef {{ vr: string, Value?: unknown[], InlineBinary?: string }} JsonElement
 * @typedef {Record<string, JsonElement>} DicomJson
 */

/** Limit of binary values; larger ones are omitted: clients of this server read pixels, not bulk data. */
const MAX_INLINE_BYTES = 16384;

const TEXT_VRS = new Set(['LT', 'ST', 'UR', 'UT']);
const BINARY_WORD_BYTES = new Map([
  ['OB', 1],
  ['UN', 1],
  ['OW', 2],
  ['OF', 4],
  ['OL', 4],
  ['OD', 8],
  ['OV', 8],
]);

/** @type {Record<string, { bytes: number, read: (view: DataView, at: number, little: boolean) => number }>} */
const NUMBER_READERS = {
  US: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  FD: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** Encodings of Specific Character Set (PS3.3 C.12.1.1.2), by the number in the defined term. */
const ENCODING_BY_TERM = new Map([
  ['100', 'windows-1252'],
  ['101', 'iso-8859-2'],
  ['109', 'iso-8859-3'],
  ['110', 'iso-8859-4'],
  ['144', 'iso-8859-5'],
  ['127', 'iso-8859-6'],
  ['126', 'iso-8859-7'],
  ['138', 'iso-8859-8'],
  ['148', 'windows-1254'],
  ['166', 'windows-874'],
  ['13', 'shift_jis'],
  ['87', 'iso-2022-jp'],
  ['149', 'euc-kr'],
  ['192', 'utf-8'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/**
 * Converts a parsed data set to the DICOM JSON model (PS3.18 F.2): every element before Pixel Data
 * except file meta information and group lengths. Text becomes UTF-8, numbers become numbers,
 * sequences nest, binary values are base64 in little endian or, when large, omitted.
 *
 * @param {import('dicom-parser').DataSet} dataSet
 * @param {{ littleEndian?: boolean }} [options]
 * @returns {DicomJson}
 */
export function dicomJson(dataSet, { littleEndian = true } = {}) {
  const charset = dataSet.string('x00080005');
  const context = {
    littleEndian,
    signedPixels: dataSet.uint16('x00280103') === 1,
    decoder: textDecoder(charset),
  };
  const json = convertDataSet(dataSet, context);
  if (charset !== undefined) json['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  return json;
}

/**
 * @typedef {{ littleEndian: boolean, signedPixels: boolean, decoder: InstanceType<typeof TextDecoder> }}
 *   Context
 * @param {import('dicom-parser').DataSet} dataSet
 * @param {Context} context
 */
function convertDataSet(dataSet, context) {
  /** @type {DicomJson} */
  const json = {};
  for (const key of Object.keys(dataSet.elements).sort()) {
    const tag = key.slice(1).toUpperCase();
    const element = dataSet.elements[key];
    if (element === undefined || isOutsideMetadata(tag)) continue;
    const converted = convertElement(dataSet, element, tag, context);
    if (converted !== undefined) json[tag] = converted;
  }
  return json;
}

/** @param {string} tag */
function isOutsideMetadata(tag) {
  return (
    tag.startsWith('0002') ||
    tag.startsWith('7FE0') ||
    tag.startsWith('FFFE') ||
    tag.endsWith('0000')
  );
}

/**
 * @param {import('dicom-parser').DataSet} dataSet
 * @param {import('dicom-parser').Element} element
 * @param {string} tag
 * @param {Context} context
 * @returns {JsonElement | undefined}
 */
function convertElement(dataSet, element, tag, context) {
  if (element.items !== undefined) {
    const items = element.items.map((item) =>
      item.dataSet === undefined ? {} : convertDataSet(item.dataSet, context),
    );
    return items.length > 0 ? { vr: 'SQ', Value: items } : { vr: 'SQ' };
  }
  const vr = element.vr ?? implicitVr(tag, context.signedPixels);
  if (vr === undefined) return undefined;
  const start = element.dataOffset;
  const bytes = dataSet.byteArray.subarray(start, start + element.length);
  const wordBytes = BINARY_WORD_BYTES.get(vr);
  if (wordBytes !== undefined) return binaryElement(vr, bytes, wordBytes, context);
  if (bytes.length === 0 || vr === 'SQ') return { vr };
  const values = convertValues(vr, bytes, context);
  return values.every((value) => value === null) ? { vr } : { vr, Value: values };
}

/**
 * @param {string} vr
 * @param {Uint8Array} bytes
 * @param {Context} context
 * @returns {unknown[]}
 */
function convertValues(vr, bytes, { littleEndian, decoder }) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = NUMBER_READERS[vr];
  if (reader !== undefined) {
    const count = Math.floor(bytes.length / reader.bytes);
    return Array.from({ length: count }, (_, index) =>
      reader.read(view, index * reader.bytes, littleEndian),
    );
  }
  if (vr === 'AT') {
    const hex = (/** @type {number} */ at) =>
      view.getUint16(at, littleEndian).toString(16).toUpperCase().padStart(4, '0');
    const count = Math.floor(bytes.length / 4);
    return Array.from({ length: count }, (_, index) => hex(index * 4) + hex(index * 4 + 2));
  }
  const text = decoder.decode(bytes).replace(/[\0 ]+$/, '');
  if (TEXT_VRS.has(vr)) return [text === '' ? null : text];
  return text.split('\\').map((part) => convertText(vr, part.trim()));
}

/**
 * @param {string} vr
 * @param {string} text
 */
function convertText(vr, text) {
  if (text === '') return null;
  if (vr === 'PN') return personName(text);
  if (vr !== 'DS' && vr !== 'IS') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** @param {string} text */
function personName(text) {
  const [alphabetic, ideographic, phonetic] = text.split('=');
  return {
    ...(alphabetic ? { Alphabetic: alphabetic } : {}),
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  };
}

/**
 * @param {string} vr
 * @param {Uint8Array} bytes
 * @param {number} wordBytes
 * @param {Context} context
 * @returns {JsonElement | undefined}
 */
function binaryElement(vr, bytes, wordBytes, { littleEndian }) {
  if (bytes.length > MAX_INLINE_BYTES) return undefined;
  if (bytes.length === 0) return { vr };
  const words = Buffer.from(bytes);
  if (!littleEndian && bytes.length % wordBytes === 0) {
    if (wordBytes === 2) words.swap16();
    if (wordBytes === 4) words.swap32();
    if (wordBytes === 8) words.swap64();
  }
  return { vr, InlineBinary: words.toString('base64') };
}

/** @param {string | undefined} specificCharacterSet */
function textDecoder(specificCharacterSet) {
  const terms = (specificCharacterSet ?? '').split('\\').filter((term) => term !== '');
  const term = terms[terms.length - 1] ?? 'ISO_IR 100';
  const number = term.replace(/^ISO(_| 2022 )IR /, '');
  return new TextDecoder(ENCODING_BY_TERM.get(number) ?? 'windows-1252');
}

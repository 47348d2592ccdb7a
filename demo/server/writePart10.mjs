/** @typedef {import('./dicomJson.mjs').DicomJson} DicomJson */
/** @typedef {import('./dicomJson.mjs').JsonElement} JsonElement */

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const IMPLEMENTATION_CLASS_UID = '2.25.146829273310474385013411046087325873416';
const UNDEFINED_LENGTH = 0xffffffff;

/** VRs with a 32-bit length (PS3.5 7.1.2). */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** @type {Record<string, { bytes: number, write: (buffer: Buffer, value: number, at: number) => void }>} */
const NUMBER_WRITERS = {
  US: { bytes: 2, write: (buffer, value, at) => buffer.writeUInt16LE(value, at) },
  SS: { bytes: 2, write: (buffer, value, at) => buffer.writeInt16LE(value, at) },
  UL: { bytes: 4, write: (buffer, value, at) => buffer.writeUInt32LE(value, at) },
  SL: { bytes: 4, write: (buffer, value, at) => buffer.writeInt32LE(value, at) },
  FL: { bytes: 4, write: (buffer, value, at) => buffer.writeFloatLE(value, at) },
  FD: { bytes: 8, write: (buffer, value, at) => buffer.writeDoubleLE(value, at) },
};

/**
 * @typedef {object} Part10Options
 * @property {string} studyUID
 * @property {string} seriesUID
 * @property {string} sopUID
 * @property {string} [sopClassUID] default secondary capture
 * @property {string} [transferSyntaxUID] default explicit little endian
 * @property {string} [modality]
 * @property {number} [instanceNumber]
 * @property {string} [frameOfReferenceUID]
 * @property {readonly number[]} [position] Image Position (Patient) in mm
 * @property {readonly number[]} [orientation] Image Orientation (Patient)
 * @property {readonly number[]} [pixelSpacing] between rows, between columns, in mm
 * @property {number} rows
 * @property {number} columns
 * @property {number} [bitsAllocated] default 16
 * @property {number} [bitsStored] default bitsAllocated
 * @property {0 | 1} [pixelRepresentation] default 0
 * @property {number} [samplesPerPixel] default 1
 * @property {string} [photometricInterpretation] default MONOCHROME2
 * @property {number} [frames] Number of Frames; omitted by default
 * @property {number} [slope] omitted, with the intercept, by default
 * @property {number} [intercept]
 * @property {DicomJson} [attributes] further elements, or replacements of the above
 * @property {Buffer | Buffer[]} pixelData native pixels in little endian, or one compressed fragment a
 *   frame, which are encapsulated without offsets
 */

/**
 * Writes an image as a DICOM Part-10 file (PS3.10) in explicit VR little endian.
 *
 * @param {Part10Options} options
 * @returns {Buffer}
 */
export function writePart10(options) {
  const { transferSyntaxUID = EXPLICIT_LITTLE_ENDIAN, sopUID, pixelData } = options;
  const sopClassUID = options.sopClassUID ?? SECONDARY_CAPTURE;
  const meta = encodeDataSet({
    '00020001': { vr: 'OB', InlineBinary: 'AAE=' },
    '00020002': element('UI', sopClassUID),
    '00020003': element('UI', sopUID),
    '00020010': element('UI', transferSyntaxUID),
    '00020012': element('UI', IMPLEMENTATION_CLASS_UID),
  });
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encodeDataSet({ '00020000': element('UL', meta.length) }),
    meta,
    encodeDataSet({ ...imageAttributes(options), ...options.attributes }),
    Array.isArray(pixelData) ? encapsulate(pixelData) : nativePixelData(pixelData, options),
  ]);
}

/**
 * @param {Part10Options} options
 * @returns {DicomJson}
 */
function imageAttributes(options) {
  const bitsAllocated = options.bitsAllocated ?? 16;
  const bitsStored = options.bitsStored ?? bitsAllocated;
  const samplesPerPixel = options.samplesPerPixel ?? 1;
  /** @type {Array<[tag: string, vr: string, value: unknown]>} */
  const elements = [
    ['00080016', 'UI', options.sopClassUID ?? SECONDARY_CAPTURE],
    ['00080018', 'UI', options.sopUID],
    ['00080060', 'CS', options.modality ?? 'OT'],
    ['0020000D', 'UI', options.studyUID],
    ['0020000E', 'UI', options.seriesUID],
    ['00200013', 'IS', options.instanceNumber],
    ['00200032', 'DS', options.position],
    ['00200037', 'DS', options.orientation],
    ['00200052', 'UI', options.frameOfReferenceUID],
    ['00280002', 'US', samplesPerPixel],
    ['00280004', 'CS', options.photometricInterpretation ?? 'MONOCHROME2'],
    ['00280006', 'US', samplesPerPixel > 1 ? 0 : undefined],
    ['00280008', 'IS', options.frames],
    ['00280010', 'US', options.rows],
    ['00280011', 'US', options.columns],
    ['00280030', 'DS', options.pixelSpacing],
    ['00280100', 'US', bitsAllocated],
    ['00280101', 'US', bitsStored],
    ['00280102', 'US', bitsStored - 1],
    ['00280103', 'US', options.pixelRepresentation ?? 0],
    ['00281052', 'DS', options.slope === undefined ? undefined : (options.intercept ?? 0)],
    ['00281053', 'DS', options.slope],
  ];
  return Object.fromEntries(
    elements
      .filter(([, , value]) => value !== undefined)
      .map(([tag, vr, value]) => [tag, element(vr, ...(Array.isArray(value) ? value : [value]))]),
  );
}

/**
 * One element of the DICOM JSON model.
 *
 * @param {string} vr
 * @param {...unknown} values
 * @returns {JsonElement}
 */
export function element(vr, ...values) {
  return { vr, Value: values };
}

/**
 * @param {DicomJson} json
 * @returns {Buffer}
 */
function encodeDataSet(json) {
  const tags = Object.keys(json).sort();
  return Buffer.concat(
    tags.map((tag) => {
      const found = /** @type {JsonElement} */ (json[tag]);
      return encodeElement(tag, found.vr, encodeValue(found));
    }),
  );
}

/**
 * @param {string} tag
 * @param {string} vr
 * @param {Buffer} value of even length
 * @param {number} [length] stated instead of the length of the value
 */
function encodeElement(tag, vr, value, length = value.length) {
  const long = LONG_VRS.has(vr);
  const header = Buffer.alloc(long ? 12 : 8);
  header.writeUInt16LE(parseInt(tag.slice(0, 4), 16), 0);
  header.writeUInt16LE(parseInt(tag.slice(4), 16), 2);
  header.write(vr, 4, 'latin1');
  if (long) header.writeUInt32LE(length, 8);
  else header.writeUInt16LE(length, 6);
  return Buffer.concat([header, value]);
}

/**
 * @param {JsonElement} json
 * @returns {Buffer}
 */
function encodeValue({ vr, Value = [], InlineBinary }) {
  if (InlineBinary !== undefined) return padded(Buffer.from(InlineBinary, 'base64'), 0);
  if (vr === 'SQ') {
    return Buffer.concat(
      Value.map((item) => encodeItem(encodeDataSet(/** @type {DicomJson} */ (item)))),
    );
  }
  const writer = NUMBER_WRITERS[vr];
  if (writer !== undefined) {
    const buffer = Buffer.alloc(Value.length * writer.bytes);
    Value.forEach((value, index) => writer.write(buffer, Number(value), index * writer.bytes));
    return buffer;
  }
  if (vr === 'AT') {
    const words = Value.flatMap((tag) => [String(tag).slice(0, 4), String(tag).slice(4)]);
    const buffer = Buffer.alloc(words.length * 2);
    words.forEach((word, index) => buffer.writeUInt16LE(parseInt(word, 16), index * 2));
    return buffer;
  }
  return padded(Buffer.from(Value.map(textOf).join('\\')), vr === 'UI' ? 0 : 0x20);
}

/** @param {unknown} value */
function textOf(value) {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null && 'Alphabetic' in value) {
    return String(value.Alphabetic);
  }
  throw new TypeError(`Expected text, a number or a person name, got ${typeof value}`);
}

/**
 * @param {Buffer} pixels
 * @param {Part10Options} options
 */
function nativePixelData(pixels, { bitsAllocated = 16 }) {
  return encodeElement('7FE00010', bitsAllocated > 8 ? 'OW' : 'OB', padded(pixels, 0));
}

/** @param {Buffer[]} fragments */
function encapsulate(fragments) {
  const items = [Buffer.alloc(0), ...fragments].map((fragment) => encodeItem(padded(fragment, 0)));
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return encodeElement('7FE00010', 'OB', Buffer.concat([...items, end]), UNDEFINED_LENGTH);
}

/** @param {Buffer} value */
function encodeItem(value) {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

/**
 * @param {Buffer} value
 * @param {number} filler
 */
function padded(value, filler) {
  return value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([filler])]);
}

import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { dicomJson } from './dicomJson.mjs';
import { implicitVr } from './implicitVr.mjs';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const FIRST_READ_BYTES = 65536;

/**
 * The part of a Part-10 file that is kept in memory: its header and the position of its pixels.
 *
 * @typedef {object} Part10File
 * @property {string} path
 * @property {string} transferSyntaxUID the transfer syntax of the file
 * @property {string} frameTransferSyntaxUID the transfer syntax of frames as they are sent: the same, except
 *   that frames of a deflated file are inflated (PS3.18 8.7.3 knows no deflated frames)
 * @property {boolean} deflated
 * @property {import('./dicomJson.mjs').DicomJson} json
 * @property {{ byteOffset: number, sizeInBytes: number, encapsulated: boolean } | undefined} pixelData
 *   `byteOffset` refers to the inflated file when the file is deflated
 * @property {ExtendedOffsetTable | undefined} extendedOffsetTable
 *
 * @typedef {{ offsets: number[], lengths: number[] }} ExtendedOffsetTable bytes, one per frame
 */

/**
 * Reads the header of a DICOM Part-10 file (PS3.10), in any transfer syntax, without its pixels.
 *
 * @param {string} path
 * @returns {Promise<Part10File | undefined>} undefined when the file is not DICOM
 * @throws {Error} when the file is marked as DICOM but cannot be parsed
 */
export async function readPart10Header(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    for (let bytesToRead = FIRST_READ_BYTES; ; bytesToRead *= 8) {
      const bytes = await readRange(file, 0, Math.min(bytesToRead, size));
      if (bytes.toString('latin1', 128, 132) !== 'DICM') return undefined;
      const complete = bytes.length === size;
      const parsed = parseHeader(path, bytes, complete);
      if (parsed !== undefined) return parsed;
    }
  } finally {
    await file.close();
  }
}

/**
 * Reads bytes of a file, counted after inflating if it is deflated.
 *
 * @param {Part10File} part10
 * @param {number} byteOffset
 * @param {number} sizeInBytes
 * @returns {Promise<Buffer>} shorter than requested only at the end of the file
 */
export async function readPart10Bytes(part10, byteOffset, sizeInBytes) {
  const file = await open(part10.path);
  try {
    if (!part10.deflated) return await readRange(file, byteOffset, sizeInBytes);
    const { size } = await file.stat();
    const inflated = inflateDataSet(await readRange(file, 0, size));
    return inflated.subarray(byteOffset, byteOffset + sizeInBytes);
  } finally {
    await file.close();
  }
}

/**
 * @param {string} path
 * @param {Buffer} bytes the start of the file
 * @param {boolean} complete whether `bytes` is the whole file
 * @returns {Part10File | undefined} undefined when more of the file is needed
 */
function parseHeader(path, bytes, complete) {
  const fileSyntax = readTransferSyntaxUID(bytes);
  const deflated = fileSyntax === DEFLATED;
  if (deflated && !complete) return undefined;
  const plain = deflated ? inflateDataSet(bytes) : renameUnknownVr(bytes);
  /** @type {import('dicom-parser').DataSet} */
  let dataSet;
  try {
    dataSet = dicomParser.parseDicom(plain, {
      untilTag: 'x7fe00010',
      vrCallback: (tag) => implicitVr(tag.slice(1).toUpperCase(), false),
    });
  } catch (cause) {
    if (!complete) return undefined;
    throw new Error(`${path} cannot be parsed: ${parserMessage(cause)}`, { cause });
  }
  const element = dataSet.elements['x7fe00010'];
  // The parser does not detect a value beyond the end, so only Pixel Data proves that the header is complete.
  if (element === undefined && !complete) return undefined;
  const littleEndian = fileSyntax !== EXPLICIT_BIG_ENDIAN;
  const frameTransferSyntaxUID = deflated ? EXPLICIT_LITTLE_ENDIAN : fileSyntax;
  return {
    path,
    transferSyntaxUID: fileSyntax,
    frameTransferSyntaxUID,
    deflated,
    json: {
      ...dicomJson(dataSet, { littleEndian }),
      '00083002': { vr: 'UI', Value: [frameTransferSyntaxUID] },
    },
    pixelData: element && {
      byteOffset: element.dataOffset,
      sizeInBytes: element.hadUndefinedLength ? 0 : element.length,
      encapsulated: element.hadUndefinedLength === true,
    },
    extendedOffsetTable: readExtendedOffsetTable(dataSet),
  };
}

/**
 * dicom-parser throws strings, or objects that carry one.
 *
 * @param {unknown} thrown
 */
function parserMessage(thrown) {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'exception' in thrown) {
    return String(thrown.exception);
  }
  return String(thrown);
}

/** @param {Buffer} bytes */
function readTransferSyntaxUID(bytes) {
  const uid = dicomParser.readPart10Header(bytes).string('x00020010');
  if (uid === undefined) throw new Error('the file meta information states no transfer syntax');
  return uid;
}

/**
 * The file in explicit VR little endian.
 *
 * @param {Buffer} bytes a whole file in the deflated transfer syntax
 */
function inflateDataSet(bytes) {
  const metaEnd = 144 + bytes.readUInt32LE(140);
  const meta = Buffer.from(bytes.subarray(0, metaEnd));
  meta.write(
    EXPLICIT_LITTLE_ENDIAN.padEnd(DEFLATED.length, '\0'),
    meta.indexOf(DEFLATED),
    'latin1',
  );
  return Buffer.concat([meta, inflateRawSync(bytes.subarray(metaEnd))]);
}

/**
 * Hides the VR "OV" of the extended offset tables, whose length dicom-parser reads as 16 bits.
 *
 * @param {Buffer} bytes changed in place
 */
function renameUnknownVr(bytes) {
  for (const element of ['\xe0\x7f\x01\x00OV', '\xe0\x7f\x02\x00OV']) {
    const at = bytes.indexOf(element, 0, 'latin1');
    if (at >= 0) bytes.write('OB', at + 4, 'latin1');
  }
  return bytes;
}

/**
 * @param {import('dicom-parser').DataSet} dataSet
 * @returns {ExtendedOffsetTable | undefined}
 */
function readExtendedOffsetTable(dataSet) {
  const offsets = readUint64s(dataSet, 'x7fe00001');
  const lengths = readUint64s(dataSet, 'x7fe00002');
  return offsets.length > 0 && offsets.length === lengths.length ? { offsets, lengths } : undefined;
}

/**
 * @param {import('dicom-parser').DataSet} dataSet
 * @param {string} tag
 */
function readUint64s(dataSet, tag) {
  const element = dataSet.elements[tag];
  if (element === undefined) return [];
  const { buffer, byteOffset } = dataSet.byteArray;
  const view = new DataView(buffer, byteOffset + element.dataOffset, element.length);
  return Array.from({ length: element.length / 8 }, (_, i) =>
    Number(view.getBigUint64(i * 8, true)),
  );
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} byteOffset
 * @param {number} sizeInBytes
 */
async function readRange(file, byteOffset, sizeInBytes) {
  const buffer = Buffer.alloc(sizeInBytes);
  let filled = 0;
  while (filled < sizeInBytes) {
    const { bytesRead } = await file.read(
      buffer,
      filled,
      sizeInBytes - filled,
      byteOffset + filled,
    );
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

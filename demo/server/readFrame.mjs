import { readPart10Bytes } from './part10File.mjs';

/** @typedef {import('./part10File.mjs').Part10File} Part10File */

/** @typedef {{ byteOffset: number, sizeInBytes: number }} ByteRange in the file */

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITATION_ITEM = 0xfffee0dd;
const ITEM_HEADER_BYTES = 8;

/** @type {WeakMap<Part10File, Promise<ByteRange[][]>>} */
const fragmentsByFile = new WeakMap();

/**
 * Reads one frame as it is stored: a slice of native pixel data, or the fragments of an encapsulated
 * frame one after another (PS3.5 A.4). Nothing is decoded.
 *
 * @param {Part10File} part10
 * @param {number} frameNumber from 1
 * @returns {Promise<Buffer | undefined>} undefined when there is no such frame
 * @throws {Error} when the file does not state where its frames begin, or ends within the frame
 */
export async function readFrame(part10, frameNumber) {
  const ranges = await frameRanges(part10, frameNumber - 1);
  if (ranges === undefined) return undefined;
  const pieces = await Promise.all(
    ranges.map(({ byteOffset, sizeInBytes }) => readPart10Bytes(part10, byteOffset, sizeInBytes)),
  );
  const expected = ranges.reduce((sum, range) => sum + range.sizeInBytes, 0);
  const frame = Buffer.concat(pieces);
  if (frame.length !== expected) {
    throw new Error(`${part10.path} ends within frame ${frameNumber}`);
  }
  return frame;
}

/**
 * @param {Part10File} part10
 * @param {number} frameIndex
 * @returns {Promise<ByteRange[] | undefined>}
 */
async function frameRanges(part10, frameIndex) {
  const { pixelData } = part10;
  if (pixelData === undefined || !(frameIndex >= 0 && frameIndex < frameCount(part10)))
    return undefined;
  if (!pixelData.encapsulated) {
    const sizeInBytes = nativeFrameSize(part10);
    return [{ byteOffset: pixelData.byteOffset + frameIndex * sizeInBytes, sizeInBytes }];
  }
  let fragments = fragmentsByFile.get(part10);
  if (fragments === undefined) {
    fragments = readEncapsulatedFrames(part10, pixelData.byteOffset);
    fragmentsByFile.set(part10, fragments);
  }
  return (await fragments)[frameIndex];
}

/** @param {Part10File} part10 */
function frameCount(part10) {
  return numberOf(part10, '00280008') ?? 1;
}

/** @param {Part10File} part10 */
function nativeFrameSize(part10) {
  const bits =
    (numberOf(part10, '00280010') ?? 0) *
    (numberOf(part10, '00280011') ?? 0) *
    (numberOf(part10, '00280002') ?? 1) *
    (numberOf(part10, '00280100') ?? 16);
  if (bits % 8 !== 0) throw new Error(`${part10.path} has frames that do not end on a byte`);
  return bits / 8;
}

/**
 * @param {Part10File} part10
 * @param {string} tag
 */
function numberOf(part10, tag) {
  const value = part10.json[tag]?.Value?.[0];
  return typeof value === 'number' ? value : undefined;
}

/**
 * Finds the fragments of each frame from the extended offset table, the basic offset table, or their number.
 *
 * @param {Part10File} part10
 * @param {number} start of the first item, which is the basic offset table
 * @returns {Promise<ByteRange[][]>}
 */
async function readEncapsulatedFrames(part10, start) {
  const [table, ...fragments] = await readItems(part10, start);
  if (table === undefined) throw new Error(`${part10.path} has no basic offset table item`);
  const base = table.byteOffset + table.sizeInBytes;
  const extended = part10.extendedOffsetTable;
  if (extended !== undefined) {
    return extended.offsets.map((offset, index) => [
      {
        byteOffset: base + offset + ITEM_HEADER_BYTES,
        sizeInBytes: extended.lengths[index] ?? 0,
      },
    ]);
  }
  const frames = frameCount(part10);
  if (frames === 1) return [fragments];
  if (table.sizeInBytes > 0) {
    const bytes = await readPart10Bytes(part10, table.byteOffset, table.sizeInBytes);
    const starts = Array.from({ length: frames }, (_, i) => base + bytes.readUInt32LE(i * 4));
    return starts.map((from, i) => {
      const to = starts[i + 1] ?? Infinity;
      return fragments.filter(({ byteOffset }) => byteOffset > from && byteOffset < to);
    });
  }
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  throw new Error(
    `${part10.path} has ${fragments.length} fragments for ${frames} frames and no offset table`,
  );
}

/**
 * @param {Part10File} part10
 * @param {number} start
 * @returns {Promise<ByteRange[]>} the values of the items, without their headers
 */
async function readItems(part10, start) {
  /** @type {ByteRange[]} */
  const items = [];
  for (let at = start; ;) {
    const header = await readPart10Bytes(part10, at, ITEM_HEADER_BYTES);
    if (header.length < ITEM_HEADER_BYTES) return items;
    const tag = header.readUInt16LE(0) * 0x10000 + header.readUInt16LE(2);
    if (tag === SEQUENCE_DELIMITATION_ITEM) return items;
    if (tag !== ITEM) throw new Error(`${part10.path} has no pixel data item at byte ${at}`);
    const sizeInBytes = header.readUInt32LE(4);
    items.push({ byteOffset: at + ITEM_HEADER_BYTES, sizeInBytes });
    at += ITEM_HEADER_BYTES + sizeInBytes;
  }
}

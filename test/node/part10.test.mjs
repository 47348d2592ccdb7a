import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { readPart10Header } from '../../demo/server/part10File.mjs';
import { readFrame } from '../../demo/server/readFrame.mjs';
import { element, writePart10 } from '../../demo/server/writePart10.mjs';

const PIXELS = Buffer.from([1, 0, 2, 0, 3, 0, 4, 0]);
const IMAGE = { studyUID: '1.2', seriesUID: '1.2.1', sopUID: '1.2.1.1', rows: 2, columns: 2 };
const JPEG_LS = '1.2.840.10008.1.2.4.80';

/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'part10-test-'));
});

after(() => rm(folder, { recursive: true }));

/** @param {Buffer} bytes */
async function readBack(bytes) {
  const path = join(folder, 'image.dcm');
  await writeFile(path, bytes);
  const part10 = await readPart10Header(path);
  assert.ok(part10);
  return part10;
}

/**
 * Replaces the pixel data element, which is the last, and names another transfer syntax.
 *
 * @param {string} transferSyntaxUID
 * @param {Buffer[]} elements
 */
function withPixelElements(transferSyntaxUID, elements) {
  const file = writePart10({ ...IMAGE, transferSyntaxUID, frames: 2, pixelData: PIXELS });
  const at = file.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  return Buffer.concat([file.subarray(0, at), ...elements]);
}

/**
 * @param {number} number
 * @param {string} vr
 * @param {number} length
 */
function elementHeader(number, vr, length) {
  const header = Buffer.from([0xe0, 0x7f, number, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.write(vr, 4, 'latin1');
  header.writeUInt32LE(length, 8);
  return header;
}

/** @param {Buffer} value */
function item(value) {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

const FRAGMENTS = [
  Buffer.from([1, 1, 1, 1]),
  Buffer.from([2, 2]),
  Buffer.from([3, 3, 3, 3, 3, 3]),
  Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
];
const ENCAPSULATED_ITEMS = FRAGMENTS.slice(0, 3).map(item);
const END = /** @type {Buffer} */ (FRAGMENTS[3]);
// The second frame begins at the third fragment.
const SECOND_FRAME_OFFSET = 12 + 10;

test('joins the fragments of a frame by the basic offset table', async () => {
  const table = Buffer.alloc(8);
  table.writeUInt32LE(SECOND_FRAME_OFFSET, 4);
  const part10 = await readBack(
    withPixelElements(JPEG_LS, [
      elementHeader(0x10, 'OB', 0xffffffff),
      item(table),
      ...ENCAPSULATED_ITEMS,
      END,
    ]),
  );
  assert.deepEqual(await readFrame(part10, 1), Buffer.from([1, 1, 1, 1, 2, 2]));
  assert.deepEqual(await readFrame(part10, 2), FRAGMENTS[2]);
  assert.equal(await readFrame(part10, 3), undefined);
});

test('takes the exact lengths of the extended offset table', async () => {
  const offsets = Buffer.alloc(16);
  offsets.writeBigUInt64LE(BigInt(SECOND_FRAME_OFFSET), 8);
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64LE(3n, 0);
  lengths.writeBigUInt64LE(5n, 8);
  const part10 = await readBack(
    withPixelElements(JPEG_LS, [
      elementHeader(0x01, 'OV', 16),
      offsets,
      elementHeader(0x02, 'OV', 16),
      lengths,
      elementHeader(0x10, 'OB', 0xffffffff),
      item(Buffer.alloc(0)),
      ...ENCAPSULATED_ITEMS,
      END,
    ]),
  );
  assert.deepEqual(await readFrame(part10, 1), Buffer.from([1, 1, 1]));
  assert.deepEqual(await readFrame(part10, 2), Buffer.from([3, 3, 3, 3, 3]));
});

test('refuses to guess where frames begin', async () => {
  const part10 = await readBack(
    withPixelElements(JPEG_LS, [
      elementHeader(0x10, 'OB', 0xffffffff),
      item(Buffer.alloc(0)),
      ...ENCAPSULATED_ITEMS,
      END,
    ]),
  );
  await assert.rejects(readFrame(part10, 1), /3 fragments for 2 frames/);
});

test('slices native frames', async () => {
  const part10 = await readBack(writePart10({ ...IMAGE, rows: 1, frames: 2, pixelData: PIXELS }));
  assert.deepEqual(await readFrame(part10, 2), PIXELS.subarray(4));
});

test('says that a file ends within a frame', async () => {
  const file = writePart10({ ...IMAGE, pixelData: PIXELS });
  const part10 = await readBack(file.subarray(0, file.length - 2));
  await assert.rejects(readFrame(part10, 1), /ends within frame 1/);
});

test('inflates a deflated file, and sends its frames as explicit little endian', async () => {
  const uid = '1.2.840.10008.1.2.1.99';
  const file = writePart10({ ...IMAGE, transferSyntaxUID: uid, pixelData: PIXELS });
  const metaEnd = 144 + file.readUInt32LE(140);
  const deflated = deflateRawSync(file.subarray(metaEnd));
  const part10 = await readBack(Buffer.concat([file.subarray(0, metaEnd), deflated]));
  assert.equal(part10.transferSyntaxUID, uid);
  assert.equal(part10.frameTransferSyntaxUID, '1.2.840.10008.1.2.1');
  assert.deepEqual(part10.json['00280010'], { vr: 'US', Value: [2] });
  assert.deepEqual(await readFrame(part10, 1), PIXELS);
});

test('reads a header that is longer than the first read', async () => {
  const long = { vr: 'OB', InlineBinary: Buffer.alloc(200_000).toString('base64') };
  const part10 = await readBack(
    writePart10({
      ...IMAGE,
      attributes: { '00091001': long, '00200011': element('IS', 7) },
      pixelData: PIXELS,
    }),
  );
  assert.deepEqual(part10.json['00200011'], { vr: 'IS', Value: [7] });
  assert.equal(part10.json['00091001'], undefined);
  assert.deepEqual(await readFrame(part10, 1), PIXELS);
});

test('knows what is not DICOM', async () => {
  const path = join(folder, 'text.dcm');
  await writeFile(path, 'x'.repeat(500));
  assert.equal(await readPart10Header(path), undefined);
});

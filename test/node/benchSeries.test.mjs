import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { phantomSlice } from '../../demo/server/phantom/phantomSlice.mjs';
import { encodeRle } from '../../bench/server/encode/encodeRle.mjs';
import { ENCODINGS } from '../../bench/server/encode/encodings.mjs';
import { hashOf } from '../../bench/server/hashOf.mjs';
import { PhantomSeries } from '../../bench/server/PhantomSeries.mjs';

const SIZE = 64;
const SHAPE = { columns: SIZE, bits: 12 };
const require = createRequire(
  createRequire(import.meta.url).resolve('@cornerstonejs/dicom-image-loader'),
);

/** Smooth parts, noise, and steps from the least to the greatest value. */
const PIXELS = Uint16Array.from({ length: SIZE * SIZE }, (_, index) => {
  const [column, row] = [index % SIZE, Math.floor(index / SIZE)];
  if (row < 16) return 700;
  if (row < 32) return 40 * column + row;
  if (row < 48) return (Math.imul(index, 2654435761) >>> 20) & 0xfff;
  return column % 2 === 0 ? 0 : 4095;
});

/**
 * @param {Uint8Array} bytes RLE Lossless
 * @returns {Uint16Array} decoded run by run, as PS3.5 G.3.2 writes it
 */
function decodeRle(bytes) {
  const view = Buffer.from(bytes);
  const segments = [0, 1].map((index) => {
    /** @type {number[]} */
    const decoded = [];
    let at = view.readUInt32LE(4 * (index + 1));
    while (decoded.length < PIXELS.length) {
      const length = view.readInt8(at);
      if (length >= 0) decoded.push(...view.subarray(at + 1, at + 2 + length));
      else decoded.push(...Array(1 - length).fill(view[at + 1]));
      at += length >= 0 ? length + 2 : 2;
    }
    return decoded;
  });
  return PIXELS.map((_, index) => 256 * (segments[0]?.[index] ?? 0) + (segments[1]?.[index] ?? 0));
}

/**
 * @param {string} packageName
 * @param {string} className
 * @param {Uint8Array} bytes
 */
async function decodeByCodec(packageName, className, bytes) {
  const codec = await require(packageName)();
  const decoder = new codec[className]();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const decoded = Uint8Array.from(decoder.getDecodedBuffer());
    return new Uint16Array(decoded.buffer);
  } finally {
    decoder.delete();
  }
}

/** @param {Uint8Array} bytes */
async function decodeLosslessJpeg(bytes) {
  const { Decoder } = await import(require.resolve('@cornerstonejs/jpeg-lossless-decoder-js'));
  const buffer = Uint8Array.from(bytes).buffer;
  return new Uint16Array(new Decoder().decode(buffer, 0, buffer.byteLength, 2).buffer);
}

describe('the encoders of the measurements', () => {
  /** @type {Record<keyof typeof ENCODINGS, (bytes: Uint8Array) => Promise<Uint16Array>>} */
  const decoders = {
    raw: async (bytes) => new Uint16Array(Uint8Array.from(bytes).buffer),
    rle: async (bytes) => decodeRle(bytes),
    jpegls: (bytes) => decodeByCodec('@cornerstonejs/codec-charls', 'JpegLSDecoder', bytes),
    'jpeg-lossless-sv1': decodeLosslessJpeg,
    j2k: (bytes) => decodeByCodec('@cornerstonejs/codec-openjpeg', 'J2KDecoder', bytes),
    htj2k: (bytes) => decodeByCodec('@cornerstonejs/codec-openjph', 'HTJ2KDecoder', bytes),
  };

  for (const [name, { encode }] of Object.entries(ENCODINGS)) {
    test(`lose nothing, and give the same bytes again: ${name}`, async () => {
      const encoded = await encode(PIXELS, SHAPE);
      const decoded = await decoders[/** @type {keyof typeof ENCODINGS} */ (name)](encoded);
      assert.deepEqual([...decoded], [...PIXELS]);
      assert.ok(Buffer.from(encoded).equals(await encode(PIXELS, SHAPE)));
    });
  }

  test('divide long runs of RLE, and repeat what is equal', () => {
    const row = new Uint16Array(300).fill(5);
    const encoded = encodeRle(row, { columns: row.length });
    // Two segments of three repeated runs: 128, 128 and 44 bytes.
    assert.deepEqual([...encoded.subarray(64)], [129, 0, 129, 0, 213, 0, 129, 5, 129, 5, 213, 5]);
  });
});

describe('the series of a body', () => {
  test('is the same when it is read again, with the hashes of its slices', async () => {
    const options = {
      frames: 5,
      number: 1,
      size: SIZE,
      encoding: /** @type {const} */ ('rle'),
      slices: 2,
    };
    const [made, read] = [await PhantomSeries.create(options), await PhantomSeries.create(options)];
    const hashes = [0, 1].map((slice) => hashOf([phantomSlice(slice, { slices: 2, size: SIZE })]));
    assert.deepEqual(
      made.truth.hashes,
      [0, 1, 0, 1, 0].map((slice) => hashes[slice]),
    );
    assert.deepEqual(read.truth, made.truth);
    for (const frame of [0, 1, 4]) {
      const length = made.frame(frame)?.body.length;
      assert.equal(read.frame(frame)?.body.length, length);
    }
    assert.equal(made.frame(5), undefined);
    assert.equal(made.metadata.length, 5);
  });
});

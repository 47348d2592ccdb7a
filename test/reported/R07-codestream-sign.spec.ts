import { imageLoader } from '@cornerstonejs/core';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { encodeRle } from '../support/encodeRle.js';
import { encodeFiles } from '../support/pixelSeries.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { addWadorsSeries, dicomfileIds, wadouriIds, workersOf } from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';
import frames from '../support/signedCodecFrames.json';

const SLICES = 3;
const COUNT = frames.columns * frames.rows;
const WORDS = Array.from({ length: COUNT }, (_, i) => ((i * 37) % 41) * 50 - 1000);
const BYTES = WORDS.map((value) => Math.trunc(value / 10));

const J2K = '1.2.840.10008.1.2.4.90';
const HTJ2K = '1.2.840.10008.1.2.4.201';
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';
const RLE = '1.2.840.10008.1.2.5';

function toBytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const rle = (values: readonly number[], bits: 8 | 16): Uint8Array =>
  encodeRle(
    new Uint8Array(bits === 8 ? Int8Array.from(values).buffer : Int16Array.from(values).buffer),
    bits / 8,
  );

/** A codestream, how many bits it has, and whether it says that its samples have a sign. */
const CODESTREAMS: readonly (readonly [string, string, Uint8Array, number])[] = [
  ['unsigned JPEG 2000', J2K, toBytes(frames.j2kUnsigned16), 16],
  ['signed JPEG 2000', J2K, toBytes(frames.j2kSigned16), 16],
  ['unsigned JPEG 2000', J2K, toBytes(frames.j2kUnsigned12), 12],
  ['unsigned JPEG 2000', J2K, toBytes(frames.j2kUnsigned8), 8],
  ['unsigned HTJ2K', HTJ2K, toBytes(frames.htUnsigned16), 16],
  ['signed HTJ2K', HTJ2K, toBytes(frames.htSigned16), 16],
  ['JPEG-LS', JPEG_LS, toBytes(frames.lsUnsigned16), 16],
  ['JPEG-LS', JPEG_LS, toBytes(frames.lsUnsigned8), 8],
  ['JPEG Lossless', JPEG_LOSSLESS, toBytes(frames.jpegLosslessUnsigned16), 16],
  ['JPEG Lossless', JPEG_LOSSLESS, toBytes(frames.jpegLosslessUnsigned8), 8],
  ['RLE', RLE, rle(WORDS, 16), 16],
  ['RLE', RLE, rle(BYTES, 8), 8],
];

function formatOf(bitsStored: number, pixelRepresentation: 0 | 1): StoredFormat {
  return {
    rows: frames.rows,
    columns: frames.columns,
    bitsAllocated: bitsStored > 8 ? 16 : 8,
    bitsStored,
    highBit: bitsStored - 1,
    pixelRepresentation,
  };
}

/** What the header makes of the samples: two's complement of the bits stored, or none (PS3.3 C.7.6.3.1.5). */
function valuesOf(bitsStored: number, pixelRepresentation: 0 | 1): number[] {
  const signed = bitsStored > 8 ? WORDS : BYTES;
  return pixelRepresentation === 1
    ? signed
    : signed.map((value) => (value < 0 ? value + 2 ** bitsStored : value));
}

for (const frameWorkers of [0, 2]) {
  describe(`R7: The header decides on the sign, with ${frameWorkers} frame workers,`, () => {
    beforeEach(() => {
      startCornerstone({ frameWorkers });
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [codec, syntax, codestream, bits] of CODESTREAMS) {
      for (const pixelRepresentation of [0, 1] as const) {
        const header = pixelRepresentation === 1 ? 'signed' : 'unsigned';

        it(`of ${codec} of ${bits} bits where the header says ${header}`, async () => {
          const format = formatOf(bits, pixelRepresentation);
          const bodies = Array.from({ length: SLICES }, () => codestream);
          const values = valuesOf(bits, pixelRepresentation);
          for (const [slope, intercept] of [
            [undefined, 0],
            [1, -10],
            [-2, 5],
            [0.25, 1],
          ] as const) {
            const imageIds = addWadorsSeries({ ...format, slope, intercept }, bodies, { syntax });
            const voxels = values.map((value) => Math.fround(value * (slope ?? 1) + intercept));
            expect(await firstWrongOf(imageIds, [voxels, voxels, voxels]))
              .withContext(`slope ${slope}`)
              .toBe('none');
          }
        });
      }
    }

    it('and on the bits, of RLE with others above them', async () => {
      const words = WORDS.map((value) => (value & 0xfff) | 0x7000);
      const bodies = Array.from({ length: SLICES }, () => rle(words, 16));
      const imageIds = addWadorsSeries(formatOf(12, 1), bodies, { syntax: RLE });
      expect(await firstWrongOf(imageIds, [WORDS, WORDS, WORDS])).toBe('none');
    });
  });
}

describe('R7: The header decides on the sign of files', () => {
  beforeEach(() => {
    startCornerstone(workersOf('wadouri'));
  });

  afterEach(() => {
    stopCornerstone();
  });

  /** Files in JPEG-LS are encoded; the syntax that they say is changed to one of the same length. */
  async function files(pixelRepresentation: 0 | 1, codestream: Uint8Array): Promise<Uint8Array[]> {
    const even = codestream.length % 2 === 0 ? codestream : Uint8Array.from([...codestream, 0]);
    const bodies = Array.from({ length: SLICES }, () => even);
    const encoded = await encodeFiles(formatOf(16, pixelRepresentation), bodies, {
      syntax: 'jpeg-ls',
    });
    return encoded.map((file) => {
      const text = String.fromCharCode(...file).replace(JPEG_LS, J2K);
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    });
  }

  for (const pixelRepresentation of [0, 1] as const) {
    for (const [what, base64] of [
      ['unsigned', frames.j2kUnsigned16],
      ['signed', frames.j2kSigned16],
    ] as const) {
      it(`of ${what} JPEG 2000 where it says ${pixelRepresentation}`, async () => {
        const values = valuesOf(16, pixelRepresentation);
        const encoded = await files(pixelRepresentation, toBytes(base64));
        expect(await firstWrongOf(wadouriIds(encoded), [values, values, values])).toBe('none');
        expect(await firstWrongOf(dicomfileIds(encoded), [values, values, values])).toBe('none');
      });

      it(`of ${what} JPEG 2000 where it says ${pixelRepresentation}, with Images in the cache`, async () => {
        const values = valuesOf(16, pixelRepresentation);
        const imageIds = wadouriIds(await files(pixelRepresentation, toBytes(base64)));
        await Promise.all(imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
        expect(await firstWrongOf(imageIds, [values, values, values])).toBe('none');
      });
    }
  }
});

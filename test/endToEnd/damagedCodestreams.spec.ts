import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { encodeRle } from '../support/encodeRle.js';
import { addWadorsSeries } from '../support/pixelSeries.js';
import { seededRandom } from '../support/seededRandom.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import frames from '../support/signedCodecFrames.json';

const COUNT = frames.columns * frames.rows;
const VALUES = Array.from({ length: COUNT }, (_, i) => ((i * 37) % 41) * 50 - 1000);
const FORMAT = {
  rows: frames.rows,
  columns: frames.columns,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
} as const;

function toBytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';

/** Codestreams of {@link VALUES}, by transfer syntax. */
const CODESTREAMS: readonly (readonly [string, Uint8Array])[] = [
  ['1.2.840.10008.1.2.4.90', toBytes(frames.j2kSigned16)],
  ['1.2.840.10008.1.2.4.201', toBytes(frames.htSigned16)],
  ['1.2.840.10008.1.2.4.80', toBytes(frames.lsUnsigned16)],
  [JPEG_LOSSLESS, toBytes(frames.jpegLosslessUnsigned16)],
  ['1.2.840.10008.1.2.5', encodeRle(new Uint8Array(Int16Array.from(VALUES).buffer), 2)],
];

const CUT_OFF = [0.4, 0.6, 0.8];

function withWrongBytes(bytes: Uint8Array, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const changed = bytes.slice();
  for (let i = 0; i < 4; i++) {
    changed[2 + Math.floor(random() * (bytes.length - 2))] = Math.floor(random() * 256);
  }
  return changed;
}

for (const frameWorkers of [0, 1]) {
  describe(`Damaged codestreams, with ${frameWorkers} frame workers,`, () => {
    beforeEach(() => {
      startCornerstone({ frameWorkers });
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [syntax, whole] of CODESTREAMS) {
      // dicom-image-loader makes pixels of lossless JPEG that is cut off, and nothing tells them from others.
      const isTold = frameWorkers > 0 || syntax !== JPEG_LOSSLESS;
      if (isTold) {
        it(`are errors of their frames where they are cut off, in ${syntax}`, async () => {
          const cut = CUT_OFF.map((part) => whole.slice(0, Math.floor(part * whole.length)));
          const bodies = [whole, ...cut.flatMap((body) => [body, whole])];
          const volume = await createVolume(addWadorsSeries(FORMAT, bodies, { syntax }), {
            retries: 0,
          });
          const { failed } = await volume.load();
          expect(failed.map(({ imageId }) => volume.imageIds.indexOf(imageId))).toEqual([1, 3, 5]);
          for (const { imageId, error } of failed) {
            expect(error.code).toMatch(/^frame-(decode|size)$/);
            expect(error.message).toContain(imageId);
          }
          expect([0, 2, 4, 6].map((slice) => voxelsOf(volume, slice))).toEqual(
            [0, 2, 4, 6].map(() => VALUES),
          );
        });
      }

      // The codecs that came with 5.6.8 do not return from some of them: the frames behind end by their time limit.
      if (karmaFixtures.coreVersion === '5.6.8') {
        continue;
      }
      it(`leave the frames beside them right where bytes are wrong, in ${syntax}`, async () => {
        const bodies = Array.from({ length: 24 }, (_, i) =>
          i % 2 === 0 ? whole : withWrongBytes(whole, i),
        );
        const volume = await createVolume(addWadorsSeries(FORMAT, bodies, { syntax }), {
          retries: 0,
        });
        const { failed } = await volume.load();
        const slices = failed.map(({ imageId }) => volume.imageIds.indexOf(imageId));
        expect(slices.filter((slice) => slice % 2 === 0)).toEqual([]);
        for (const { imageId, error } of failed) {
          expect(error.code).toMatch(/^(frame-|value-out)/);
          expect(error.message).toContain(imageId);
        }
        for (let slice = 0; slice < bodies.length; slice += 2) {
          expect(voxelsOf(volume, slice)).withContext(`slice ${slice}`).toEqual(VALUES);
        }
        expect(volume.transport?.thread).toBe(frameWorkers === 0 ? 'main thread' : 'worker');
      });
    }
  });
}

function voxelsOf(volume: { getScalarData(): ArrayLike<number> }, slice: number): number[] {
  return Array.from(volume.getScalarData()).slice(slice * COUNT, (slice + 1) * COUNT);
}

import { wadors } from '@cornerstonejs/dicom-image-loader';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { encodeRle } from '../support/encodeRle.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { writeCells, writeFloats } from '../support/pixelCells.js';
import {
  addSeries,
  addWadorsSeries,
  concatenate,
  encodeFiles,
  headersOf,
  SOURCES,
  wadouriIds,
  workersOf,
} from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';

const SLICES = 3;
const COUNT = 25;

const BYTES: StoredFormat = {
  rows: 5,
  columns: 5,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
};

const values = (slice: number, count = COUNT): number[] =>
  Array.from({ length: count }, (_, i) => 3 * i + 50 * slice);

const voxels = (count = COUNT): number[][] =>
  Array.from({ length: SLICES }, (_, slice) => values(slice, count));

function series(format: StoredFormat, padding: number, count = COUNT): Uint8Array[] {
  return voxels(count).map((slice) => {
    const frame =
      format.pixelData === 'float' ? writeFloats(slice, 32) : writeCells(slice, format, () => 0);
    return concatenate([frame, new Uint8Array(padding).fill(0xee)]);
  });
}

for (const source of SOURCES) {
  describe(`R5: More bytes than pixels over ${source}`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [what, format] of [
      ['bytes', BYTES],
      ['signed bytes', { ...BYTES, pixelRepresentation: 1, bitsStored: 8 }],
      ['words', { ...BYTES, bitsAllocated: 16, bitsStored: 16, highBit: 15 }],
      ['32 bits', { ...BYTES, bitsAllocated: 32, bitsStored: 32, highBit: 31 }],
      ['floats', { rows: 5, columns: 5, bitsAllocated: 32, pixelData: 'float' }],
    ] as [string, StoredFormat][]) {
      it(`are padding behind frames of ${what}`, async () => {
        const isSignedByte = format.bitsAllocated === 8 && format.pixelRepresentation === 1;
        const expected = voxels().map((slice) =>
          slice.map((value) => (isSignedByte && value > 127 ? value - 256 : value)),
        );
        for (const padding of [1, 2, 3, 7, 100]) {
          const imageIds = await addSeries(source, format, series(format, padding));
          expect(await firstWrongOf(imageIds, expected)).toBe('none');
        }
      });
    }

    it('are padding behind frames in colour', async () => {
      const rgb = { ...BYTES, samplesPerPixel: 3 };
      const colours = voxels(3 * COUNT).map((slice) => slice.map((value) => value & 0xff));
      for (const padding of [0, 1, 2]) {
        const frames = colours.map((slice) =>
          concatenate([Uint8Array.from(slice), new Uint8Array(padding)]),
        );
        const imageIds = await addSeries(source, rgb, frames);
        expect(await firstWrongOf(imageIds, colours)).toBe('none');
      }
    });

    it('are none behind the inner frames of a file', async () => {
      const imageIds = await addSeries(source, BYTES, series(BYTES, 0), { multiFrame: true });
      expect(await firstWrongOf(imageIds, voxels())).toBe('none');
    });

    it('is not said of too few', async () => {
      const frames = series(BYTES, 0).map((frame) => frame.subarray(0, COUNT - 3));
      const imageIds = await addSeries(source, BYTES, frames);
      expect(await firstWrongOf(imageIds, voxels())).toContain('3 frames failed: frame-size');
    });
  });
}

describe('R5: More bytes than pixels', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  it('are padding in other transfer syntaxes', async () => {
    const swap = (frame: Uint8Array): Uint8Array =>
      frame.map((_, i) => frame[i ^ 1] ?? (frame[i] as number));
    const words = { ...BYTES, bitsAllocated: 16, bitsStored: 16, highBit: 15 };
    for (const [syntax, format, encode] of [
      ['1.2.840.10008.1.2.1.98', BYTES, (frame) => frame],
      ['1.2.840.10008.1.2.2', words, swap],
      ['1.2.840.10008.1.2.5', BYTES, (frame) => encodeRle(frame.subarray(0, COUNT), 1)],
    ] as [string, StoredFormat, (frame: Uint8Array) => Uint8Array][]) {
      const padded = series(format, 0).map((frame) =>
        concatenate([encode(frame), Uint8Array.of(0)]),
      );
      const imageIds = addWadorsSeries(format, padded, { syntax });
      expect(await firstWrongOf(imageIds, voxels())).toBe('none');
    }
  });

  it('are padding of files whose headers come from elsewhere', async () => {
    const imageIds = wadouriIds(await encodeFiles(BYTES, series(BYTES, 3)));
    headersOf(BYTES, SLICES).forEach((header, i) => {
      wadors.metaDataManager.add(imageIds[i] as string, header as never);
    });
    expect(await firstWrongOf(imageIds, voxels())).toBe('none');
  });
});

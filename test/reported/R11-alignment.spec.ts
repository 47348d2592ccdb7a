import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { writeCells, writeFloats } from '../support/pixelCells.js';
import { addSeries, SOURCES, workersOf } from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';

const SLICES = 2;
const VALUES = Array.from({ length: 15 }, (_, i) => 7 * i);
const VOXELS = Array.from({ length: SLICES }, () => VALUES);

const integers = (bitsAllocated: number, pixelRepresentation: 0 | 1): StoredFormat => ({
  rows: 3,
  columns: 5,
  bitsAllocated,
  bitsStored: bitsAllocated,
  highBit: bitsAllocated - 1,
  pixelRepresentation,
});

const FORMATS: readonly (readonly [string, StoredFormat])[] = [
  ['bytes', integers(8, 0)],
  ['signed bytes', integers(8, 1)],
  ['words', integers(16, 0)],
  ['signed words', integers(16, 1)],
  ['32 bits', integers(32, 0)],
  ['signed 32 bits', integers(32, 1)],
  ['floats', { rows: 3, columns: 5, bitsAllocated: 32, pixelData: 'float' }],
  ['doubles', { rows: 3, columns: 5, bitsAllocated: 64, pixelData: 'double' }],
];

for (const source of SOURCES) {
  describe(`R11: At every address of a response, over ${source},`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [what, format] of FORMATS) {
      it(`frames of ${what} are right`, async () => {
        const frame =
          format.pixelRepresentation === undefined
            ? writeFloats(VALUES, format.bitsAllocated as 32 | 64)
            : writeCells(VALUES, format, () => 0);
        const frames = Array.from({ length: SLICES }, () => frame);
        for (let shift = 0; shift < 8; shift++) {
          const isFile = !source.startsWith('wadors');
          // What stands before the pixels of a file, an even number of bytes (PS3.5 7.1).
          const more = [{ tag: 0x60004000, vr: 'LT', value: '.'.repeat(shift) }];
          const shifted = isFile ? { ...format, more } : format;
          const imageIds = await addSeries(source, shifted, frames, { shift });
          expect(await firstWrongOf(imageIds, VOXELS))
            .withContext(`shifted by ${shift}`)
            .toBe('none');
        }
      });
    }
  });
}

describe('R11: A frame that two volumes want at the same time', () => {
  beforeEach(() => {
    startCornerstone({ frameWorkers: 0 });
  });

  afterEach(() => {
    stopCornerstone();
  });

  it('is right in both, at every address', async () => {
    const format = { ...integers(32, 1), bitsStored: 20, highBit: 25 };
    const frame = writeCells(VALUES, format, () => 0.999);
    for (let shift = 0; shift < 4; shift++) {
      const imageIds = await addSeries('wadors on the main thread', format, [frame, frame], {
        shift,
      });
      const found = await Promise.all([
        firstWrongOf(imageIds, VOXELS),
        firstWrongOf(imageIds, VOXELS),
      ]);
      expect(found).toEqual(['none', 'none']);
    }
  });
});

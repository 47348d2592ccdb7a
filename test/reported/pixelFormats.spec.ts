import * as fc from 'fast-check';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { storedValues, writeCells, writeFloats } from '../support/pixelCells.js';
import { addSeries, SOURCES, workersOf } from '../support/pixelSeries.js';
import type { Source, StoredFormat } from '../support/pixelSeries.js';
import { seededRandom } from '../support/seededRandom.js';

const SLICES = 3;
/** Odd, so that frames of bytes have an odd number of them. */
const [ROWS, COLUMNS] = [3, 5];

interface TestCase {
  readonly format: StoredFormat;
  readonly frames: readonly Uint8Array[];
  readonly voxels: readonly (readonly number[])[];
}

function integerCase(
  format: StoredFormat & { readonly bitsStored: number },
  random: () => number,
): TestCase {
  const { bitsStored, pixelRepresentation, slope = 1, intercept = 0, rows, columns } = format;
  const values = Array.from({ length: SLICES }, () =>
    storedValues(rows * columns, bitsStored, pixelRepresentation === 1, random),
  );
  return {
    format,
    frames: values.map((each) => writeCells(each, format, random)),
    voxels: values.map((each) => each.map((value) => Math.fround(value * slope + intercept))),
  };
}

function floatCase(bits: 32 | 64, values: readonly number[]): TestCase {
  const format: StoredFormat = {
    rows: ROWS,
    columns: COLUMNS,
    bitsAllocated: bits,
    pixelData: bits === 32 ? 'float' : 'double',
  };
  const slices = Array.from({ length: SLICES }, (_, slice) =>
    Array.from(
      { length: ROWS * COLUMNS },
      (__, i) => values[(i + slice) % values.length] as number,
    ),
  );
  return {
    format,
    frames: slices.map((each) => writeFloats(each, bits)),
    voxels: slices.map((each) => each.map(Math.fround)),
  };
}

async function check(source: Source, { format, frames, voxels }: TestCase, shift = 0) {
  const multiFrame = shift % 2 === 1;
  const imageIds = await addSeries(source, format, frames, { shift, multiFrame });
  return firstWrongOf(imageIds, voxels);
}

/** Bits Allocated, with every number of bits stored. */
const WIDTHS = [8, 16, 32].map((bitsAllocated) => ({
  bitsAllocated,
  bitsStored: Array.from({ length: bitsAllocated }, (_, i) => i + 1),
}));

const RESCALES: readonly (readonly [number, number] | readonly [])[] = [[], [1, -1024], [0.5, 3]];

for (const source of SOURCES) {
  describe(`Pixels over ${source}`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const { bitsAllocated, bitsStored: widths } of WIDTHS) {
      for (const pixelRepresentation of [0, 1] as const) {
        const sign = pixelRepresentation === 1 ? 'signed' : 'unsigned';

        it(`are right for ${sign} values of every width in ${bitsAllocated} bits, with junk around them`, async () => {
          const random = seededRandom(bitsAllocated + pixelRepresentation);
          const wrong: string[] = [];
          for (const bitsStored of widths) {
            // Below 16 bits the value is at the bottom of the cell in one case, and at the top in the other.
            const highBits = new Set([bitsStored - 1, bitsAllocated - 1]);
            for (const highBit of bitsStored % 4 === 3 ? highBits : [bitsStored - 1]) {
              const [slope, intercept] = RESCALES[bitsStored % RESCALES.length] ?? [];
              const layout = { bitsAllocated, bitsStored, highBit, pixelRepresentation };
              const format = { ...layout, rows: ROWS, columns: COLUMNS, slope, intercept };
              const found = await check(source, integerCase(format, random), bitsStored % 8);
              if (found !== 'none') {
                wrong.push(`${bitsStored} bits up to bit ${highBit}: ${found}`);
              }
            }
          }
          expect(wrong).toEqual([]);
        }, 60_000);
      }
    }

    for (const bits of [32, 64] as const) {
      it(`are right for floating point values of ${bits} bits`, async () => {
        const values = [0, 1, -1, 1 / 63, 0.1, -2.5, 1e-20, 3e38, 16_777_216, 2 ** -149];
        const wholeEnds = Array.from({ length: 64 }, (_, i) => i / 63);
        for (const [shift, each] of [values, wholeEnds, [NaN, 0.5], [0, 7, 9]].entries()) {
          expect(await check(source, floatCase(bits, each), shift + 1)).toBe('none');
        }
      });
    }

    it('are right for values of one bit', async () => {
      for (const [rows, columns] of [
        [3, 5],
        [4, 8],
      ] as const) {
        const format = { rows, columns, bitsAllocated: 1, bitsStored: 1, highBit: 0 };
        const random = seededRandom(rows);
        const test = integerCase({ ...format, pixelRepresentation: 0 }, random);
        expect(await check(source, test)).toBe('none');
      }
    });

    it('are right whatever the size, the bits and the values are', async () => {
      const format = fc
        .record({
          rows: fc.integer({ min: 1, max: 9 }),
          columns: fc.integer({ min: 1, max: 9 }),
          bitsAllocated: fc.constantFrom(8, 16, 32),
          pixelRepresentation: fc.constantFrom(0 as const, 1 as const),
          rescale: fc.constantFrom(...RESCALES),
          width: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        })
        .map(({ rescale: [slope, intercept], width, place, ...rest }) => {
          const bitsStored = 1 + Math.floor(width * rest.bitsAllocated);
          const highBit =
            bitsStored - 1 + Math.floor(place * (rest.bitsAllocated - bitsStored + 1));
          return { ...rest, slope, intercept, bitsStored, highBit };
        });
      const seed = fc.integer();
      const shift = fc.integer({ min: 0, max: 7 });
      await expectAsync(
        fc.assert(
          fc.asyncProperty(format, seed, shift, async (given, values, by) => {
            const found = await check(source, integerCase(given, seededRandom(values)), by);
            if (found !== 'none') {
              throw new Error(found);
            }
          }),
          { seed: 20_240_611, numRuns: 60, includeErrorInReport: true },
        ),
      ).toBeResolved();
    }, 60_000);
  });
}

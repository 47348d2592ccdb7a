import { imageLoader } from '@cornerstonejs/core';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { firstWrongOf } from '../support/expectVoxels.js';
import { writeFloats } from '../support/pixelCells.js';
import {
  addSeries,
  addWadorsSeries,
  encodeFiles,
  SOURCES,
  wadouriIds,
  workersOf,
} from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';

const [ROWS, COLUMNS, SLICES] = [8, 8, 3];
const COUNT = ROWS * COLUMNS;

const FLOAT: StoredFormat = {
  rows: ROWS,
  columns: COLUMNS,
  bitsAllocated: 32,
  pixelData: 'float',
};
const DOUBLE: StoredFormat = { ...FLOAT, bitsAllocated: 64, pixelData: 'double' };

/** From 0 to 1: both ends are whole, and nothing between. */
const RAMP = Array.from({ length: COUNT }, (_, i) => i / (COUNT - 1));

const voxels = (value: (stored: number) => number): number[][] =>
  Array.from({ length: SLICES }, () => RAMP.map((stored) => Math.fround(value(stored))));

const frames = (bits: 32 | 64, values: readonly number[] = RAMP): Uint8Array[] =>
  Array.from({ length: SLICES }, () => writeFloats(values, bits));

async function failures(imageIds: readonly string[]): Promise<string[]> {
  const volume = await createVolume(imageIds);
  const { failed } = await volume.load();
  return failed.map(({ error }) => error.code);
}

for (const source of SOURCES) {
  // Each spec is run on pages with shared memory and without.
  describe(`R2: Float Pixel Data whose extremes are whole numbers, over ${source},`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    it('keeps its fractions', async () => {
      for (const multiFrame of [false, true]) {
        const imageIds = await addSeries(source, FLOAT, frames(32), { multiFrame });
        expect(await firstWrongOf(imageIds, voxels(Math.fround))).toBe('none');
      }
    });

    it('keeps them as Double Float Pixel Data, in single precision', async () => {
      for (const multiFrame of [false, true]) {
        const imageIds = await addSeries(source, DOUBLE, frames(64), { multiFrame });
        expect(
          await firstWrongOf(
            imageIds,
            voxels((stored) => stored),
          ),
        ).toBe('none');
      }
    });

    it('keeps them after a rescale to whole extremes', async () => {
      for (const [slope, intercept] of [
        [2, 0],
        [1, -1],
        [255, 3],
      ] as const) {
        const imageIds = await addSeries(source, { ...FLOAT, slope, intercept }, frames(32));
        const expected = voxels((stored) => Math.fround(stored) * slope + intercept);
        expect(await firstWrongOf(imageIds, expected)).toBe('none');
      }
    });

    it('is a volume of floats also where all values are whole', async () => {
      const whole = RAMP.map((_, i) => i);
      const imageIds = await addSeries(source, FLOAT, frames(32, whole));
      const volume = await createVolume(imageIds);
      expect((await volume.load()).failed).toEqual([]);
      expect(volume.getScalarData()).toBeInstanceOf(Float32Array);
      expect([...volume.getScalarData().subarray(0, COUNT)]).toEqual(whole);
    });

    it('keeps what is no number, and no infinity is in its range', async () => {
      const special = [NaN, Infinity, -Infinity, 0.5, 1.5];
      const values = RAMP.map((_, i) => special[i % special.length] as number);
      const imageIds = await addSeries(source, FLOAT, frames(32, values));
      const volume = await createVolume(imageIds);
      expect((await volume.load()).failed).toEqual([]);
      expect([...volume.getScalarData().subarray(0, COUNT)]).toEqual(values);
      expect(volume.voxelManager?.getRange()).toEqual([0.5, 1.5]);
    });

    it('is refused where a double is too large for single precision', async () => {
      const imageIds = await addSeries(source, DOUBLE, frames(64, [...RAMP.slice(1), 1e39]));
      expect(await failures(imageIds)).toEqual(
        RAMP.slice(0, SLICES).map(() => 'value-out-of-range'),
      );
    });
  });

  describe(`R2: Whole numbers of 32 bits over ${source}`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    const format: StoredFormat = {
      rows: 1,
      columns: 4,
      bitsAllocated: 32,
      bitsStored: 32,
      highBit: 31,
      pixelRepresentation: 0,
    };

    const words = (values: readonly number[]): Uint8Array[] =>
      Array.from({ length: SLICES }, () => new Uint8Array(Uint32Array.from(values).buffer));

    async function firstWrong(
      chosen: StoredFormat,
      values: readonly number[],
      expected: readonly number[],
    ): Promise<string> {
      const imageIds = await addSeries(source, chosen, words(values));
      const all = Array.from({ length: SLICES }, () => expected);
      return firstWrongOf(imageIds, all);
    }

    it('are right where single precision holds them', async () => {
      const values = [0, 1, 2 ** 24, 2 ** 32 - 256];
      expect(await firstWrong(format, values, values)).toBe('none');
      const signed = [0, -1, 2 ** 31 - 128, -(2 ** 31)];
      expect(await firstWrong({ ...format, pixelRepresentation: 1 }, signed, signed)).toBe('none');
    });

    it('are refused, not rounded, where it does not', async () => {
      for (const value of [2 ** 24 + 1, 2 ** 32 - 1]) {
        const found = await firstWrong(format, [0, 1, 2, value], []);
        expect(found).toContain('value-out-of-range');
        expect(found).toContain(String(value));
      }
    });

    it('are rounded once where a slope has a fraction, as all such values are', async () => {
      const values = [0, 1, 2 ** 24 + 1, 2 ** 32 - 1];
      const expected = values.map((value) => Math.fround(value * 1e-7));
      expect(await firstWrong({ ...format, slope: 1e-7 }, values, expected)).toBe('none');
    });
  });
}

describe('R2: Float Pixel Data', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  it('keeps its fractions where Images of it are in the cache', async () => {
    for (const imageIds of [
      addWadorsSeries(FLOAT, frames(32)),
      wadouriIds(await encodeFiles(FLOAT, frames(32))),
    ]) {
      await Promise.all(imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
      expect(await firstWrongOf(imageIds, voxels(Math.fround))).toBe('none');
    }
  });

  it('is known by its element in a file whose header has a Pixel Representation all the same', async () => {
    const format = { ...FLOAT, bitsStored: 32, highBit: 31, pixelRepresentation: 0 as const };
    const imageIds = wadouriIds(await encodeFiles(format, frames(32)));
    expect(await firstWrongOf(imageIds, voxels(Math.fround))).toBe('none');
  });

  it('is read from big-endian files', async () => {
    for (const [format, bits] of [
      [FLOAT, 32],
      [DOUBLE, 64],
    ] as const) {
      const size = bits / 8;
      const swapped = frames(bits).map((frame) =>
        frame.map((_, i) => frame[i - (i % size) + size - 1 - (i % size)] as number),
      );
      const imageIds = wadouriIds(await encodeFiles(format, swapped, { syntax: 'big-endian' }));
      expect(await firstWrongOf(imageIds, voxels(Math.fround))).toBe('none');
    }
  });
});

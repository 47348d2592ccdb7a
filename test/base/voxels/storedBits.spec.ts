import { copyRescaled, IDENTITY_RESCALE } from '../../../src/base/voxels/rescale.js';
import { measureStored } from '../../../src/base/voxels/storedBits.js';
import { storedLimits } from '../../../src/base/voxels/voxelTypes.js';

const UNSIGNED = { bitsStored: 12, highBit: 11, isSigned: false };
const SIGNED = { ...UNSIGNED, isSigned: true };

describe('measureStored', () => {
  it('gives cells that are values as they are', () => {
    const cells = Uint16Array.of(0, 7, 4095);
    expect(measureStored(cells, UNSIGNED).pixels).toBe(cells);
    const negative = Int16Array.of(-2048, 2047);
    expect(measureStored(negative, SIGNED)).toEqual({
      pixels: negative,
      range: { min: -2048, max: 2047 },
    });
  });

  it('takes values out of cells, measures them, and leaves the cells', () => {
    const cells = Uint16Array.of(0xf001, 0x0fff, 0x1800);
    expect(measureStored(cells, UNSIGNED)).toEqual({
      pixels: Uint16Array.of(1, 4095, 2048),
      range: { min: 1, max: 4095 },
    });
    expect(measureStored(cells, SIGNED)).toEqual({
      pixels: Int16Array.of(1, -1, -2048),
      range: { min: -2048, max: 1 },
    });
    expect([...cells]).toEqual([0xf001, 0x0fff, 0x1800]);
  });

  it('shifts cells whose highest bit is not that of the value, also where they look like values', () => {
    expect(measureStored(Uint16Array.of(0x10), { ...UNSIGNED, highBit: 15 }).pixels).toEqual(
      Uint16Array.of(1),
    );
  });

  it('takes 32 bits', () => {
    const bits = { bitsStored: 32, highBit: 31, isSigned: true };
    expect(measureStored(Uint32Array.of(2 ** 32 - 1), bits).pixels).toEqual(Int32Array.of(-1));
    expect(storedLimits(bits)).toEqual({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  });
});

describe('copyRescaled into Float32Array', () => {
  it('refuses whole numbers that would be rounded, and leaves the target', () => {
    const values = new Float32Array(2).fill(5);
    const target = { dataType: 'Float32Array' as const, values };
    const pixels = Uint32Array.of(2, 2 ** 24 + 1);
    expect(copyRescaled(pixels, IDENTITY_RESCALE, target)).toEqual({
      fits: false,
      value: 2 ** 24 + 1,
    });
    expect([...values]).toEqual([5, 5]);
    expect(copyRescaled(pixels, { slope: 2, intercept: -2 }, target).fits).toBeTrue();
    expect([...values]).toEqual([2, 2 ** 25]);
  });
});

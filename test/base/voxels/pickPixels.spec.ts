import { isSamePick, pickPixels, valuesOfFrame } from '../../../src/base/voxels/pickPixels.js';
import type { PixelPick } from '../../../src/base/voxels/pickPixels.js';

/** Of six columns and four rows: columns 1, 3 and 5 of rows 0 and 3. */
const PICK: PixelPick = {
  columns: 6,
  rows: 4,
  components: 1,
  firstColumn: 1,
  firstRow: 0,
  columnStep: 2,
  rowStep: 3,
  keptColumns: 3,
  keptRows: 2,
};

const upTo = (length: number) => Int16Array.from({ length }, (_, i) => i - 5);

describe('pickPixels', () => {
  it('takes every n-th column and row, in an array of its own', () => {
    const pixels = upTo(24);
    const picked = pickPixels(pixels, PICK, 'a:1');
    expect(picked).toEqual(Int16Array.from([1, 3, 5, 19, 21, 23], (i) => i - 5));
    expect(pixels).toEqual(upTo(24));
  });

  it('keeps the components of a pixel together', () => {
    const pixels = Uint8Array.from({ length: 72 }, (_, i) => i);
    const expected = [1, 3, 5, 19, 21, 23].flatMap((i) => [3 * i, 3 * i + 1, 3 * i + 2]);
    expect([...pickPixels(pixels, { ...PICK, components: 3 }, 'a:1')]).toEqual(expected);
  });

  it('takes the same where it may overwrite the frame, without memory of its own', () => {
    for (const pick of [
      PICK,
      { ...PICK, columnStep: 1, keptColumns: 5, firstRow: 1, rowStep: 1, keptRows: 3 },
      { ...PICK, firstColumn: 0, columnStep: 1, keptColumns: 6, rowStep: 1, keptRows: 4 },
    ]) {
      const pixels = upTo(24);
      const apart = pickPixels(upTo(24), pick, 'a:1');
      const own = pickPixels(pixels, pick, 'a:1', true);
      expect(own).toEqual(apart);
      expect(own.buffer).toBe(pixels.buffer);
    }
  });

  it('refuses a frame of another size, also one that has as many values as are kept', () => {
    for (const length of [23, 25, 6, 0]) {
      expect(() => pickPixels(upTo(length), PICK, 'a:1')).toThrowMatching(
        ({ code, message }: { code: string; message: string }) =>
          code === 'frame-size' && message.includes('a:1'),
      );
    }
  });

  it('knows whether two parts are the same', () => {
    expect(valuesOfFrame(PICK)).toBe(24);
    expect(isSamePick(PICK, { ...PICK })).toBeTrue();
    expect(isSamePick(undefined, undefined)).toBeTrue();
    expect(isSamePick(PICK, undefined)).toBeFalse();
    expect(isSamePick(PICK, { ...PICK, firstRow: 1 })).toBeFalse();
  });
});

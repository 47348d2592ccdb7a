import { enlarge } from '../../../src/pixels/progressive/enlarge.js';

describe('enlarge', () => {
  it('puts pixels on every 2^n-th column and row, and goes linearly between them', () => {
    const small = Int16Array.of(0, 40, 80, 120);
    const large = enlarge(small, { columns: 2, rows: 2 }, { columns: 7, rows: 5 }, 2);
    const lines = Array.from({ length: 5 }, (_, row) => [...large.subarray(7 * row, 7 * row + 7)]);
    expect(lines).toEqual([
      [0, 10, 20, 30, 40, 40, 40],
      [20, 30, 40, 50, 60, 60, 60],
      [40, 50, 60, 70, 80, 80, 80],
      [60, 70, 80, 90, 100, 100, 100],
      [80, 90, 100, 110, 120, 120, 120],
    ]);
    expect(large).toBeInstanceOf(Int16Array);
  });

  it('keeps the fractions of floating point pixels, and rounds whole numbers', () => {
    const size = [
      { columns: 2, rows: 1 },
      { columns: 3, rows: 1 },
    ] as const;
    expect([...enlarge(Float32Array.of(0, 1), ...size, 1)]).toEqual([0, 0.5, 1]);
    expect([...enlarge(Uint8Array.of(0, 255), ...size, 1)]).toEqual([0, 128, 255]);
  });

  it('keeps the samples of colours apart', () => {
    const small = Uint8Array.of(0, 100, 200, 10, 120, 230);
    const large = enlarge(small, { columns: 2, rows: 1 }, { columns: 3, rows: 1 }, 1);
    expect([...large]).toEqual([0, 100, 200, 5, 110, 215, 10, 120, 230]);
  });

  it('leaves a frame of full size as it is', () => {
    const pixels = Uint16Array.of(1, 2);
    const size = { columns: 2, rows: 1 };
    expect(enlarge(pixels, size, size, 0)).toBe(pixels);
  });
});

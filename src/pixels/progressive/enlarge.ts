import type { PixelArray } from '../../base/types.js';

/** Size of an image in pixels. */
interface ImageSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Enlarges a frame of lower resolution: linearly between its pixels, which lie on every 2^n-th column and row of the
 * frame, from the first one on (ITU-T T.800 B.5, F.3). That is what the reversible wavelet gives where all
 * higher frequencies are 0. Values stay within those of the smaller frame; whole numbers are rounded.
 *
 * @param pixels - `rows * columns * components` values
 * @param missingLevels - n; 0 where only the quality is lower
 * @returns as many values as the larger frame has, of the same type; `pixels` itself where nothing is missing
 */
export function enlarge(
  pixels: PixelArray,
  from: ImageSize,
  to: ImageSize,
  missingLevels: number,
): PixelArray {
  if (missingLevels === 0) {
    return pixels;
  }
  const components = pixels.length / (from.rows * from.columns);
  const PixelType = pixels.constructor as new (length: number) => PixelArray;
  const enlarged = new PixelType(to.rows * to.columns * components);
  const isWhole = !(pixels instanceof Float32Array || pixels instanceof Float64Array);
  const step = 2 ** missingLevels;
  const fromRow = from.columns * components;
  const toRow = to.columns * components;
  const line = new Float64Array(fromRow);
  for (let row = 0; row < to.rows; row++) {
    const above = Math.floor(row / step);
    const below = Math.min(above + 1, from.rows - 1);
    const weight = row / step - above;
    for (let i = 0; i < fromRow; i++) {
      const value = pixels[above * fromRow + i] as number;
      line[i] = value + weight * ((pixels[below * fromRow + i] as number) - value);
    }
    for (let column = 0, place = row * toRow; column < to.columns; column++) {
      const left = Math.floor(column / step);
      const right = Math.min(left + 1, from.columns - 1);
      const share = column / step - left;
      for (let component = 0; component < components; component++) {
        const value = line[left * components + component] as number;
        const next = line[right * components + component] as number;
        const between = value + share * (next - value);
        enlarged[place++] = isWhole ? Math.round(between) : between;
      }
    }
  }
  return enlarged;
}

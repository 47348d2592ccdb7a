import type { PixelArray } from '../../base/types.js';

/** Size of an image in pixels. */
export interface ImageSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Enlarges an image by repeating its pixels, as a decoder does that has not got all of a frame yet.
 *
 * @param pixels - `rows * columns * components` values
 * @returns as many values as the larger image has, of the same type
 */
export function enlargePixels(
  pixels: PixelArray,
  from: ImageSize,
  to: ImageSize,
  components: number,
): PixelArray {
  const PixelType = pixels.constructor as new (length: number) => PixelArray;
  const enlarged = new PixelType(to.rows * to.columns * components);
  let place = 0;
  for (let row = 0; row < to.rows; row++) {
    const fromRow = Math.floor((row * from.rows) / to.rows) * from.columns;
    for (let column = 0; column < to.columns; column++) {
      const fromPixel = fromRow + Math.floor((column * from.columns) / to.columns);
      for (let component = 0; component < components; component++) {
        enlarged[place++] = pixels[fromPixel * components + component] as number;
      }
    }
  }
  return enlarged;
}

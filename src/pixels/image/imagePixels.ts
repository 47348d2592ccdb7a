import type { Types } from '@cornerstonejs/core';
import { isIntegerRescale } from '../../base/rescale.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { LinearRescale, PixelArray } from '../../base/types.js';

/** The pixels of an Image of Cornerstone, laid out as in a volume. */
export interface ImagePixels {
  /** `rows * columns * components` values. */
  readonly pixels: PixelArray;
  /** Whether the loader applied the modality rescale to them. */
  readonly scaled: boolean;
}

/**
 * Reads the pixels of an Image. Colour has three components: loaders that draw on a canvas
 * give four, of which the fourth is the opacity of the canvas and no part of the image. An Image of lower
 * quality may be smaller than its frame, and is enlarged.
 *
 * @param size - of the frame, where it is known
 */
export function imagePixels(image: Types.IImage, size?: ImageSize): ImagePixels {
  const pixels = image.voxelManager?.getScalarData() ?? image.getPixelData();
  const isRgba = image.color && pixels.length === image.rows * image.columns * 4;
  const opaque = isRgba ? withoutOpacity(pixels) : pixels;
  return {
    pixels: size && isReduced(image, size) ? enlarge(opaque, image, size) : opaque,
    scaled: image.preScale?.enabled === true && image.preScale.scaled === true,
  };
}

function isReduced({ imageQualityStatus, rows, columns }: Types.IImage, size: ImageSize): boolean {
  const isPartial = (imageQualityStatus ?? IMAGE_QUALITY.full) < IMAGE_QUALITY.full;
  return isPartial && (rows < size.rows || columns < size.columns);
}

function enlarge(pixels: PixelArray, image: Types.IImage, size: ImageSize): PixelArray {
  return enlargePixels(pixels, image, size, pixels.length / (image.rows * image.columns));
}

function withoutOpacity(rgba: PixelArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number;
    rgb[to + 1] = rgba[from + 1] as number;
    rgb[to + 2] = rgba[from + 2] as number;
  }
  return rgb;
}

/** Size of an image in pixels. */
export interface ImageSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Enlarges an image by repeating its pixels (nearest neighbour), as decoders do with a part of a frame.
 *
 * @param pixels - `rows * columns * components` values
 * @returns as many values as the larger image has, of the same type
 */
function enlargePixels(
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

/**
 * Whether an Image of scaled values may have lost fractions.
 *
 * Workaround: dicom-image-loader (`shared/getPixelDataTypeFromMinMax.js`; 5.6.8 to 5.14) chooses the type of a scaled
 * frame by its smallest and largest value alone: where both are whole numbers, the fractions of all values between
 * are cut off. Remove when it chooses by the slope and intercept.
 */
export function mayLackFractions(
  { minPixelValue, maxPixelValue }: Types.IImage,
  rescale: LinearRescale,
): boolean {
  const hasWholeEnds = Number.isInteger(minPixelValue) && Number.isInteger(maxPixelValue);
  return hasWholeEnds && !isIntegerRescale(rescale);
}

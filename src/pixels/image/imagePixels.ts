import type { Types } from '@cornerstonejs/core';
import { IMAGE_QUALITY } from '../../base/imageQuality.js';
import type { PixelArray } from '../../base/types.js';
import { enlargePixels } from './enlargePixels.js';
import type { ImageSize } from './enlargePixels.js';

/** The pixels of an Image of Cornerstone, as a volume holds them. */
export interface ImagePixels {
  /** `rows * columns * components` values. */
  readonly pixels: PixelArray;
  /** Whether the loader applied the modality rescale to them. */
  readonly scaled: boolean;
}

/**
 * Takes the pixels out of an Image. Colour comes with three components: loaders that draw on a canvas
 * give four, and the fourth is the canvas's opacity, not a part of the image. An Image that says to be
 * of lower quality may be smaller than its frame, and is enlarged.
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

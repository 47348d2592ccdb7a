import type { Types } from '@cornerstonejs/core';
import type { PixelArray } from '../types.js';

/** The pixels of an Image of Cornerstone, as a volume holds them. */
export interface ImagePixels {
  /** `rows * columns * components` values. */
  readonly pixels: PixelArray;
  /** Whether the loader applied the modality rescale to them. */
  readonly scaled: boolean;
}

/**
 * Takes the pixels out of an Image. Colour comes with three components: loaders that draw on a canvas
 * give four, and the fourth is the canvas's opacity, not a part of the image.
 */
export function imagePixels(image: Types.IImage): ImagePixels {
  const pixels = image.voxelManager?.getScalarData() ?? image.getPixelData();
  const isRgba = image.color && pixels.length === image.rows * image.columns * 4;
  return {
    pixels: isRgba ? withoutOpacity(pixels) : pixels,
    scaled: image.preScale?.enabled === true && image.preScale.scaled === true,
  };
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

import { JPEG_BASELINE } from '../../base/transferSyntaxUids.js';
import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import { IDENTITY_RESCALE, isIntegerRescale, rescaleRange } from '../../base/voxels/rescale.js';
import { isAtBottom, measureStored } from '../../base/voxels/storedBits.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { LinearRescale, PixelArray } from '../../base/types.js';
import { EXACT_IN_SINGLE_PRECISION, isWithin, storedLimits } from '../../base/voxels/voxelTypes.js';
import { describeFrame } from '../describeFrame.js';
import { layoutFault } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';

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

/**
 * Whether the values of an Image are those that its header allows; of other loaders than dicom-image-loader, the
 * Image is trusted.
 *
 * Workaround: dicom-image-loader (shared/decodeImageFrame.js; 5.6.8 to 5.14) takes bits that are not stored and the sign
 * of a codestream for a part of the value, bytes in two's complement for bytes without a sign, rounds whole numbers of
 * 32 bits to single precision, and loses the fractions of floating point pixels whose extremes are whole. Remove when it
 * masks the stored bits, follows Pixel Representation, and keeps whole numbers and floating point pixels as they are.
 *
 * @param applied - the rescale that the loader has applied
 */
export function isAsStored(
  image: Types.IImage,
  applied: LinearRescale = IDENTITY_RESCALE,
  imageId: string,
): boolean {
  const { isKnown, isColor, layout, storedSyntax } = describeFrame(imageId);
  if (!isOfDicomImageLoader(image) || !isKnown) {
    return true;
  }
  if (isColor) {
    return isConverted(layout, storedSyntax);
  }
  const { minPixelValue: min, maxPixelValue: max } = image;
  if (layout.isFloat) {
    return !(Number.isInteger(min) && Number.isInteger(max));
  }
  const range = { min: Math.min(min, max), max: Math.max(min, max) };
  const isExact =
    layout.bitsAllocated < 32 || isWithin(range, rescaleRange(EXACT_IN_SINGLE_PRECISION, applied));
  return (
    isExact && isAtBottom(layout) && isWithin(range, rescaleRange(storedLimits(layout), applied))
  );
}

/**
 * Workaround: dicom-image-loader (imageLoader/createImage.js, isColorConversionRequired.js; 5.6.8 to 5.14) reads tables
 * of palettes by the values of the red one, and leaves samples of YBR_FULL_422 as they are, except in baseline JPEG.
 * Remove when it reads palettes by their descriptors and converts these samples.
 */
function isConverted({ color }: PixelLayout, storedSyntax: string | undefined): boolean {
  if (!color || color.space === 'PALETTE') {
    return false;
  }
  return !color.isSubsampled || (color.space === 'YBR_FULL' && storedSyntax === JPEG_BASELINE);
}

function isOfDicomImageLoader(image: Types.IImage): boolean {
  return (image as { readonly imageFrame?: unknown }).imageFrame !== undefined;
}

/**
 * The type in which dicom-image-loader gives pixel cells of one component as they are: it holds all bits of a cell,
 * of which the sign is one.
 */
export function cellType({ bitsAllocated, isFloat }: PixelLayout): string {
  return isFloat ? 'Float32Array' : bitsAllocated === 32 ? 'Uint32Array' : 'Uint16Array';
}

/**
 * The stored values of an Image that is not rescaled. They are read by the header where the Image has pixel cells: all
 * Images of dicom-image-loader may, and those of other loaders do whose array has no sign although their values have
 * one.
 *
 * @param pixels - of the Image; not changed
 * @throws StreamingVolumeError with code `value-out-of-range` for whole numbers in single precision that may be rounded
 */
export function storedPixels(image: Types.IImage, pixels: PixelArray, imageId: string): PixelArray {
  const { isKnown, isColor, layout } = describeFrame(imageId);
  if (!isKnown || isColor || layout.isFloat || layoutFault(layout) !== undefined) {
    return pixels;
  }
  if (pixels instanceof Float32Array) {
    checkExact(pixels, layout, imageId);
    return pixels;
  }
  const isCells =
    isOfDicomImageLoader(image) ||
    (layout.isSigned &&
      isUnsigned(pixels) &&
      8 * pixels.BYTES_PER_ELEMENT === layout.bitsAllocated);
  return isCells ? measureStored(pixels, layout).pixels : pixels;
}

function isUnsigned(pixels: PixelArray): boolean {
  return (
    pixels instanceof Uint8Array ||
    pixels instanceof Uint8ClampedArray ||
    pixels instanceof Uint16Array ||
    pixels instanceof Uint32Array
  );
}

/** Values with a fraction show that the header's whole numbers are not what the loader gave. */
function checkExact(pixels: Float32Array, { bitsStored }: PixelLayout, imageId: string): void {
  if (bitsStored <= 24) {
    return;
  }
  const { min, max } = EXACT_IN_SINGLE_PRECISION;
  // The ends too, which neighbours are rounded to.
  const large = pixels.find((value) => value <= min || value >= max);
  if (large !== undefined && pixels.every(Number.isInteger)) {
    throw new StreamingVolumeError(
      'value-out-of-range',
      `The image loader gave whole numbers of ${bitsStored} bits in single precision, where ${large} may be rounded: ` +
        `let it give an Int32Array or Uint32Array (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}

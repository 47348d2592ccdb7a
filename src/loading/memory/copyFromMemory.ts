import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import { isStreamingVolumeError } from '../../base/errors.js';
import { IDENTITY_RESCALE, rescaleRange } from '../../base/rescale.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type {
  FrameMetadata,
  LinearRescale,
  PixelArray,
  ScalingParameters,
  ValueRange,
} from '../../base/types.js';
import { JPEG_BASELINE } from '../../base/transferSyntaxUids.js';
import { finiteRange, isWithin, storedLimits } from '../../base/voxelTypes.js';
import { toLinearRescale } from '../../headers/readScaling.js';
import { describeFrame } from '../../pixels/describeFrame.js';
import { imagePixels, mayLackFractions } from '../../pixels/image/imagePixels.js';
import { isVolumeImage } from '../../pixels/image/volumeImage.js';
import { isAtBottom } from '../../pixels/pixelLayout.js';
import type { PixelLayout } from '../../pixels/pixelLayout.js';
import type { FrameSlot } from '../LoadContext.js';
import { findLoadedFrame } from './cacheEntries.js';

/** Pixels of a frame in memory, and how to use them. */
interface FoundPixels {
  readonly pixels: PixelArray;
  /** Makes this volume's voxels of them. */
  readonly rescale: LinearRescale;
}

/**
 * Copies a frame into its slot that another volume has loaded, or whose Image is in Cornerstone's image
 * cache, at once and without a request.
 *
 * @param isPreScaled - whether the slot holds modality values
 * @returns whether the slot holds the frame now. False, with the slot unchanged, when no volume and no
 *   Image has its pixels, when they are of lower quality, and when they cannot be trusted: scaled otherwise
 *   than this volume is, of another size, wrapped, or without their fractions
 */
export function copyFromMemory(slot: FrameSlot, isPreScaled: boolean): boolean {
  const { frame } = slot;
  const held = findLoadedFrame(frame.imageId);
  const rescale = held && rescaleOf(held.appliedRescale, isPreScaled, frame);
  if (held && rescale) {
    return write(slot, { pixels: held.pixels, rescale });
  }
  const image: unknown = cache.isLoaded(frame.imageId) ? cache.getImage(frame.imageId) : undefined;
  // An Image of the application's own may throw, and is then no source of pixels.
  return (
    image !== undefined &&
    callApplication(() => takeImage(slot, isPreScaled, image as Types.IImage)) === true
  );
}

/**
 * Copies the pixels of an Image into the slot of its frame.
 *
 * @param isPreScaled - whether the slot holds modality values
 * @returns whether the slot holds the frame now; false, with the slot unchanged, as for
 *   {@link copyFromMemory}
 */
export function takeImage(slot: FrameSlot, isPreScaled: boolean, image: Types.IImage): boolean {
  const found = trustedPixels(slot, isPreScaled, image);
  return found !== undefined && write(slot, found);
}

function trustedPixels(
  { frame, store }: FrameSlot,
  isPreScaled: boolean,
  image: Types.IImage,
): FoundPixels | undefined {
  if ((image.imageQualityStatus ?? IMAGE_QUALITY.full) < IMAGE_QUALITY.full) {
    return undefined;
  }
  if (image.rows !== frame.rows || image.columns !== frame.columns) {
    return undefined;
  }
  const { pixels, scaled } = imagePixels(image);
  if (pixels.buffer === store.data.buffer) {
    return undefined;
  }
  const parameters = image.preScale?.scalingParameters as ScalingParameters | undefined;
  // An application's loader may scale without stating by what, as it may for a volume's load.
  const applied = scaled ? (parameters ? appliedRescale(parameters) : frame.rescale) : undefined;
  const rescale = rescaleOf(applied, isPreScaled, frame);
  const isTrusted =
    isVolumeImage(image) ||
    (hasSaidRange(image, pixels, scaled) && isAsStored(image, applied, frame.imageId));
  const isCut = scaled && !isVolumeImage(image) && mayLackFractions(image, frame.rescale);
  return rescale && isTrusted && !isCut ? { pixels, rescale } : undefined;
}

/** The rescale that pixels still need; undefined when they cannot become this volume's voxels. */
function rescaleOf(
  applied: LinearRescale | undefined,
  isPreScaled: boolean,
  { rescale }: FrameMetadata,
): LinearRescale | undefined {
  if (!applied) {
    return isPreScaled ? rescale : IDENTITY_RESCALE;
  }
  const isSame = applied.slope === rescale.slope && applied.intercept === rescale.intercept;
  return isPreScaled && isSame ? IDENTITY_RESCALE : undefined;
}

/**
 * Workaround: dicom-image-loader (imageLoader/createImage.js, shared/decodeImageFrame.js) determines the range of an
 * Image before it converts the values to the type of the target, where values that do not fit wrap.
 * Remove when it determines the range after the conversion, or refuses values that do not fit.
 */
function hasSaidRange(image: Types.IImage, pixels: PixelArray, scaled: boolean): boolean {
  const { minPixelValue: min, maxPixelValue: max } = image;
  const range = finiteRange(pixels);
  if (!range || !Number.isFinite(min) || !Number.isFinite(max)) {
    return true;
  }
  const round = pixels instanceof Float32Array ? Math.fround : (value: number) => value;
  return scaled
    ? range.min === round(min) && range.max === round(max)
    : range.min >= round(min) && range.max <= round(max);
}

/**
 * Whether the values of an Image are those that its header allows; of other loaders than dicom-image-loader, the
 * Image is trusted.
 *
 * Workaround: dicom-image-loader (shared/decodeImageFrame.js) takes bits that are not stored and the sign of a
 * codestream for a part of the value, and loses the fractions of floating point pixels whose extremes are whole.
 * Remove when it masks the stored bits, follows Pixel Representation and keeps floating point pixels as floats.
 */
function isAsStored(
  image: Types.IImage & { readonly imageFrame?: unknown },
  applied: LinearRescale = IDENTITY_RESCALE,
  imageId: string,
): boolean {
  const { isKnown, isColor, layout, storedSyntax } = describeFrame(imageId);
  if (image.imageFrame === undefined || !isKnown) {
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
  const isExact = layout.bitsAllocated < 32 || isWithin(range, EXACT_IN_SINGLE_PRECISION);
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

const EXACT_IN_SINGLE_PRECISION: ValueRange = { min: -(2 ** 24), max: 2 ** 24 };

function write(
  { frame: { imageId }, store, slotIndex }: FrameSlot,
  { pixels, rescale }: FoundPixels,
): boolean {
  try {
    store.write(slotIndex, pixels, rescale, imageId);
    return true;
  } catch (error) {
    // Values that do not fit may not be the frame's own: the frame is requested, and fails if they are.
    if (isStreamingVolumeError(error)) {
      return false;
    }
    throw error;
  }
}

/**
 * The one linear map that an image loader has applied with these parameters: it takes factors only for
 * the modality that they are of, as dicom-image-loader's worker does.
 */
export function appliedRescale(scaling: ScalingParameters): LinearRescale {
  const { modality, suvbw, doseGridScaling, ...rest } = scaling;
  return toLinearRescale({
    ...rest,
    ...(modality === 'PT' && isFactor(suvbw) ? { suvbw } : {}),
    ...(modality === 'RTDOSE' && isFactor(doseGridScaling) ? { doseGridScaling } : {}),
  });
}

function isFactor(value: number | undefined): value is number {
  return Number.isFinite(value);
}

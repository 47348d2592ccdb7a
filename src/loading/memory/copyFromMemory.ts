import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/FrameStore.js';
import { IDENTITY_RESCALE, rescaleRange } from '../../base/rescale.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type {
  FrameMetadata,
  LinearRescale,
  PixelArray,
  ScalingParameters,
  ValueRange,
} from '../../base/types.js';
import { finiteRange, isWithin, storedLimits } from '../../base/voxelTypes.js';
import { toLinearRescale } from '../../headers/readScaling.js';
import { describeFrame } from '../../pixels/describeFrame.js';
import { imagePixels, mayLackFractions } from '../../pixels/image/imagePixels.js';
import { isVolumeImage } from '../../pixels/image/volumeImage.js';
import { isAtBottom } from '../../pixels/pixelLayout.js';
import { findLoadedFrame } from './cachedStreamingVolumes.js';

/** Where frames are taken to. */
export interface CachedFrameTarget {
  readonly store: FrameStore;
  /** Whether the store holds modality values. */
  readonly isPreScaled: boolean;
}

/** Pixels that are somewhere in memory. */
interface FoundPixels {
  readonly pixels: PixelArray;
  /** What makes this volume's voxels of them. */
  readonly rescale: LinearRescale;
}

/**
 * Copies a frame into its slot that another volume has loaded, or whose Image is in Cornerstone's image
 * cache, at once and without a request.
 *
 * @returns whether the frame stands in its slot now. False, with the slot unchanged, when it is nowhere,
 *   when its pixels are not all that there is, and when they cannot be trusted: scaled otherwise than
 *   this volume is, of another size, wrapped, or without their fractions
 */
export function copyFromMemory(
  target: CachedFrameTarget,
  imageIdIndex: number,
  frame: FrameMetadata,
): boolean {
  const held = findLoadedFrame(frame.imageId);
  const rescale = held && rescaleOf(held.appliedRescale, target, frame);
  if (held && rescale) {
    return write(target.store, imageIdIndex, { pixels: held.pixels, rescale }, frame.imageId);
  }
  const image: unknown = cache.isLoaded(frame.imageId) ? cache.getImage(frame.imageId) : undefined;
  return image !== undefined && takeImage(target, imageIdIndex, frame, image as Types.IImage);
}

/**
 * Copies the pixels of an Image into the slot of its frame.
 *
 * @returns whether the frame stands in its slot now; false, with the slot unchanged, as for
 *   {@link copyFromMemory}
 */
export function takeImage(
  target: CachedFrameTarget,
  imageIdIndex: number,
  frame: FrameMetadata,
  image: Types.IImage,
): boolean {
  const found = trustedPixels(target, frame, image);
  return found !== undefined && write(target.store, imageIdIndex, found, frame.imageId);
}

function trustedPixels(
  target: CachedFrameTarget,
  frame: FrameMetadata,
  image: Types.IImage,
): FoundPixels | undefined {
  if ((image.imageQualityStatus ?? IMAGE_QUALITY.full) < IMAGE_QUALITY.full) {
    return undefined;
  }
  if (image.rows !== frame.rows || image.columns !== frame.columns) {
    return undefined;
  }
  const { pixels, scaled } = imagePixels(image);
  if (pixels.buffer === target.store.data.buffer) {
    return undefined;
  }
  const parameters = image.preScale?.scalingParameters as ScalingParameters | undefined;
  // A loader of the application's own may scale without saying by what, as it may for a volume's load.
  const applied = scaled ? (parameters ? appliedRescale(parameters) : frame.rescale) : undefined;
  const rescale = rescaleOf(applied, target, frame);
  const isTrusted =
    isVolumeImage(image) ||
    (hasSaidRange(image, pixels, scaled) && isAsStored(image, applied, frame.imageId));
  const isCut = scaled && !isVolumeImage(image) && mayLackFractions(image, frame.rescale);
  return rescale && isTrusted && !isCut ? { pixels, rescale } : undefined;
}

/** What is still to be done to pixels; undefined when they cannot become this volume's voxels. */
function rescaleOf(
  applied: LinearRescale | undefined,
  { isPreScaled }: CachedFrameTarget,
  { rescale }: FrameMetadata,
): LinearRescale | undefined {
  if (!applied) {
    return isPreScaled ? rescale : IDENTITY_RESCALE;
  }
  const isSame = applied.slope === rescale.slope && applied.intercept === rescale.intercept;
  return isPreScaled && isSame ? IDENTITY_RESCALE : undefined;
}

/**
 * dicom-image-loader finds the range of an Image before it puts the values into the type that it was
 * asked for, where those that do not fit wrap.
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
 * Whether the values of an Image are those that its header allows. dicom-image-loader takes bits that are not
 * stored and the sign of a codestream for a part of the value, and keeps no fractions of floating point pixels
 * whose extremes are whole; of other loaders, the Image is their answer.
 */
function isAsStored(
  image: Types.IImage & { readonly imageFrame?: unknown },
  applied: LinearRescale = IDENTITY_RESCALE,
  imageId: string,
): boolean {
  const { isKnown, isColor, layout } = describeFrame(imageId);
  if (image.imageFrame === undefined || !isKnown || isColor) {
    return true;
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

const EXACT_IN_SINGLE_PRECISION: ValueRange = { min: -(2 ** 24), max: 2 ** 24 };

function write(
  store: FrameStore,
  imageIdIndex: number,
  { pixels, rescale }: FoundPixels,
  imageId: string,
): boolean {
  try {
    store.write(imageIdIndex, pixels, rescale, imageId);
    return true;
  } catch (error) {
    // Values that do not fit are not the frame's own: it is requested, and fails if they are.
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

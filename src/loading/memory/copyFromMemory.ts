import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import { isStreamingVolumeError } from '../../base/errors.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import { applyModalityLut } from '../../base/voxels/modalityLut.js';
import { IDENTITY_RESCALE, isIdentityRescale } from '../../base/voxels/rescale.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type {
  FrameMetadata,
  LinearRescale,
  PixelArray,
  ScalingParameters,
} from '../../base/types.js';
import { finiteRange } from '../../base/voxels/voxelTypes.js';
import { toLinearRescale } from '../../headers/readScaling.js';
import {
  imagePixels,
  isAsStored,
  mayLackFractions,
  storedPixels,
} from '../../pixels/image/imagePixels.js';
import { isVolumeImage } from '../../pixels/image/volumeImage.js';
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
  try {
    const found = trustedPixels(slot, isPreScaled, image);
    return found !== undefined && write(slot, found);
  } catch (error) {
    // Values that do not fit may not be the frame's own: the frame is requested, and fails if they are.
    if (isStreamingVolumeError(error)) {
      return false;
    }
    throw error;
  }
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
  if (!rescale || !isTrusted || isCut) {
    return undefined;
  }
  if (isVolumeImage(image)) {
    return { pixels, rescale };
  }
  const stored = scaled ? pixels : storedPixels(image, pixels, frame.imageId);
  const lut = isPreScaled ? frame.modalityLut : undefined;
  if (lut && applied && !isIdentityRescale(applied)) {
    return undefined;
  }
  return { pixels: lut ? applyModalityLut(stored, lut) : stored, rescale };
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

function write(
  { frame: { imageId }, store, slotIndex, pick }: FrameSlot,
  { pixels, rescale }: FoundPixels,
): boolean {
  try {
    const kept = pick ? pickPixels(pixels, pick, imageId) : pixels;
    store.write(slotIndex, kept, rescale, imageId);
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

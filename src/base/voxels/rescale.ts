import { StreamingVolumeError } from '../errors.js';
import { measureStored } from './storedBits.js';
import type { StoredBits } from './storedBits.js';
import type {
  LinearRescale,
  PixelArray,
  ValueRange,
  VolumeArray,
  VolumeDataType,
} from '../types.js';
import {
  EXACT_IN_SINGLE_PRECISION,
  finiteRange,
  isWithin,
  VOXEL_TYPE_RANGES,
} from './voxelTypes.js';

/** Leaves every value as it is. */
export const IDENTITY_RESCALE: LinearRescale = { slope: 1, intercept: 0 };

/** Whether a rescale leaves every value as it is. */
export function isIdentityRescale({ slope, intercept }: LinearRescale): boolean {
  return slope === IDENTITY_RESCALE.slope && intercept === IDENTITY_RESCALE.intercept;
}

/** Whether a rescale makes whole numbers of whole numbers. */
export function isIntegerRescale({ slope, intercept }: LinearRescale): boolean {
  return Number.isInteger(slope) && Number.isInteger(intercept);
}

/** The smallest and largest value after a rescale, whose slope may be negative. */
export function rescaleRange(
  { min, max }: ValueRange,
  { slope, intercept }: LinearRescale,
): ValueRange {
  const [a, b] = [min * slope + intercept, max * slope + intercept];
  return { min: Math.min(a, b), max: Math.max(a, b) };
}

/** The destination of pixels, and its type. */
export interface CopyTarget {
  readonly dataType: VolumeDataType;
  /** An array of `dataType` with as many values as there are pixels. */
  readonly values: VolumeArray;
}

/** The outcome of a copy. */
export type CopyResult =
  | {
      readonly fits: true;
      /** `undefined`: none is finite. */ readonly range: ValueRange | undefined;
    }
  | { readonly fits: false; /** One that does not fit, rescaled. */ readonly value: number };

/**
 * Copies `pixel * slope + intercept` into the target, either all values or none.
 *
 * An integer type takes whole numbers in its range. Float32Array takes every value that does not overflow, but whole
 * numbers of whole pixels only when it holds them exactly, as all below 2^24 and some above. NaN and infinite pixels
 * are copied, and count in no range.
 *
 * @param source - may be the target itself
 * @param bits - of the values, where `source` holds pixel cells
 */
export function copyRescaled(
  source: PixelArray,
  rescale: LinearRescale,
  target: CopyTarget,
  bits?: StoredBits,
): CopyResult {
  const { pixels, range: pixelRange } = bits
    ? measureStored(source, bits)
    : { pixels: source, range: finiteRange(source) };
  const limits = VOXEL_TYPE_RANGES[target.dataType];
  const intoIntegers = target.dataType !== 'Float32Array';

  if (intoIntegers && !givesIntegersOnly(pixels, rescale)) {
    const misfit = findMisfit(pixels, rescale, limits);
    if (misfit !== undefined) {
      return { fits: false, value: misfit };
    }
  }
  // A linear map takes the ends of a range to the ends, so that two values are enough.
  const range = pixelRange && rescaleRange(pixelRange, rescale);
  if (range && range.min < limits.min) {
    return { fits: false, value: range.min };
  }
  if (range && range.max > limits.max) {
    return { fits: false, value: range.max };
  }
  if (
    range &&
    !intoIntegers &&
    !isWithin(range, EXACT_IN_SINGLE_PRECISION) &&
    givesIntegersOnly(pixels, rescale)
  ) {
    const rounded = findRounded(pixels, rescale);
    if (rounded !== undefined) {
      return { fits: false, value: rounded };
    }
  }
  if (isIdentityRescale(rescale)) {
    target.values.set(pixels);
  } else {
    writeRescaled(pixels, rescale, target.values);
  }
  return { fits: true, range: range && (intoIntegers ? range : toSinglePrecision(range)) };
}

function givesIntegersOnly(pixels: PixelArray, rescale: LinearRescale): boolean {
  const isInteger = !(pixels instanceof Float32Array || pixels instanceof Float64Array);
  return isInteger && isIntegerRescale(rescale);
}

function findMisfit(
  pixels: PixelArray,
  { slope, intercept }: LinearRescale,
  { min, max }: ValueRange,
): number | undefined {
  for (let i = 0; i < pixels.length; i++) {
    const value = (pixels[i] as number) * slope + intercept;
    if (!(value >= min && value <= max && Math.floor(value) === value)) {
      return value;
    }
  }
  return undefined;
}

function findRounded(pixels: PixelArray, { slope, intercept }: LinearRescale): number | undefined {
  for (let i = 0; i < pixels.length; i++) {
    const value = (pixels[i] as number) * slope + intercept;
    if (Math.fround(value) !== value) {
      return value;
    }
  }
  return undefined;
}

function writeRescaled(
  pixels: PixelArray,
  { slope, intercept }: LinearRescale,
  values: VolumeArray,
): void {
  for (let i = 0; i < pixels.length; i++) {
    values[i] = (pixels[i] as number) * slope + intercept;
  }
}

function toSinglePrecision({ min, max }: ValueRange): ValueRange {
  return { min: Math.fround(min), max: Math.fround(max) };
}

/**
 * Writes the rescaled pixels of a frame, either all or none.
 *
 * @param imageId - of the frame, for errors
 * @param bits - of the values, where `pixels` are pixel cells
 * @returns the range of what was written; `undefined` when no value is finite
 * @throws StreamingVolumeError with code `frame-size` when the number of values differs, or
 *   `value-out-of-range` when a value does not fit the target's type; the target is unchanged then
 */
export function writePixels(
  pixels: PixelArray,
  rescale: LinearRescale,
  target: CopyTarget,
  imageId: string,
  bits?: StoredBits,
): ValueRange | undefined {
  if (pixels.length !== target.values.length) {
    throw new StreamingVolumeError(
      'frame-size',
      `Expected ${target.values.length} values for a frame, got ${pixels.length} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const result = copyRescaled(pixels, rescale, target, bits);
  if (!result.fits) {
    throw new StreamingVolumeError(
      'value-out-of-range',
      `The value ${result.value} does not fit the ${target.dataType} of the volume (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return result.range;
}

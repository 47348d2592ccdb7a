import { Enums } from '@cornerstonejs/core';
import { isIdentityRescale } from '../base/rescale.js';
import type { LinearRescale, ScalingParameters, UnappliedMap, ValueRange } from '../base/types.js';
import { isWithin, storedLimits } from '../base/voxelTypes.js';
import { valuesOfGroup } from './frameHeader.js';
import type { FrameHeader } from './frameHeader.js';
import type { HeaderItem } from './headerItem.js';
import { readModule } from './readModule.js';
import type { MetadataModule } from './readModule.js';

/** The finite number that a header value stands for, or undefined. Headers also come as strings. */
export function toFiniteNumber(value: unknown): number | undefined {
  // JavaScript converts null, blanks, an empty list and flags to 0 or 1.
  const isBlank = typeof value === 'string' && value.trim() === '';
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  if (isBlank || isEmpty || typeof value === 'boolean') {
    return undefined;
  }
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Exactly `count` finite numbers, or undefined. Typed arrays and DICOM's strings are taken too. */
export function toFiniteNumbers(value: unknown, count: number): number[] | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    return undefined;
  }
  const numbers = Array.from(value as unknown as ArrayLike<unknown>, toFiniteNumber);
  const isComplete = numbers.length === count && numbers.every((number) => number !== undefined);
  return isComplete ? numbers : undefined;
}

const PIXEL_VALUE_TRANSFORMATION = ['00289145'];
const RESCALE_INTERCEPT = '00281052';
const RESCALE_SLOPE = '00281053';

/**
 * Reads how stored values become modality values.
 *
 * Rescale Slope and Intercept default to 1 and 0 (PS3.3 C.11.1). Frames with functional groups have them in their
 * Pixel Value Transformation (PS3.3 C.7.6.16.2.9), where not every provider of Cornerstone looks, and some look in
 * other groups too. PT takes its SUV factor and RTDOSE its Dose Grid Scaling from Cornerstone's `scalingModule`, as
 * dicom-image-loader does.
 *
 * @param header - as it was written, where somebody has it
 */
export function readScaling(
  imageId: string,
  modality: string | undefined,
  header: FrameHeader | undefined,
): ScalingParameters {
  const { MetadataModules } = Enums;
  const hasGroups = header !== undefined && header.groups.length > 0;
  const modalityLut = hasGroups ? undefined : readModule(MetadataModules.MODALITY_LUT, imageId);
  const scaling = readModule(MetadataModules.SCALING, imageId);
  const ofHeader = (tag: string): number | undefined =>
    header &&
    toFiniteNumber(
      (valuesOfGroup(header, PIXEL_VALUE_TRANSFORMATION, tag) ?? header.instance.values(tag))?.[0],
    );
  const suv = modality === 'PT' ? scaling : undefined;
  const dose = modality === 'RTDOSE' ? scaling : undefined;
  const optional = {
    modality,
    suvbw: toFiniteNumber(suv?.['suvbw']),
    suvlbm: toFiniteNumber(suv?.['suvlbm']),
    suvbsa: toFiniteNumber(suv?.['suvbsa']),
    doseGridScaling: toFiniteNumber(dose?.['DoseGridScaling']),
  };
  return {
    // A slope of 0 is no transform; Cornerstone reads it as 1.
    rescaleSlope: (toFiniteNumber(modalityLut?.['rescaleSlope']) ?? ofHeader(RESCALE_SLOPE)) || 1,
    rescaleIntercept:
      toFiniteNumber(modalityLut?.['rescaleIntercept']) ?? ofHeader(RESCALE_INTERCEPT) ?? 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** The one linear map that the scaling parameters amount to. */
export function toLinearRescale(scaling: ScalingParameters): LinearRescale {
  if (scaling.doseGridScaling !== undefined) {
    return { slope: scaling.doseGridScaling, intercept: 0 };
  }
  const factor = scaling.suvbw ?? 1;
  return { slope: scaling.rescaleSlope * factor, intercept: scaling.rescaleIntercept * factor };
}

/**
 * The extremes that a header says of the stored values of an image: Smallest and Largest Image Pixel Value
 * (PS3.3 C.7.6.3). They are hints: what is derived from pixels in hand comes first.
 *
 * @param pixel - the image pixel module, as Cornerstone's providers give it
 * @returns undefined where they are missing or cannot be right: they contradict each other or the bits stored,
 *   or both are 0, which many writers put there for unknown
 */
export function toStoredExtremes(pixel: MetadataModule): ValueRange | undefined {
  const bits = toFiniteNumber(pixel['bitsStored']) ?? toFiniteNumber(pixel['bitsAllocated']) ?? 0;
  const isSigned = toFiniteNumber(pixel['pixelRepresentation']) === 1;
  const smallest = toFiniteNumber(pixel['smallestPixelValue']);
  const largest = toFiniteNumber(pixel['largestPixelValue']);
  if (smallest === undefined || largest === undefined || bits > 16) {
    return undefined;
  }
  const [min, max] = isSigned ? [toSigned(smallest), toSigned(largest)] : [smallest, largest];
  const isBlank = min === 0 && max === 0;
  const isPossible = isWithin({ min, max }, storedLimits({ bitsStored: bits, isSigned }));
  return isBlank || min > max || !isPossible ? undefined : { min, max };
}

/** Providers may read the two bytes of a signed value as one without a sign. */
function toSigned(value: number): number {
  return value > 0x7fff ? value - 0x10000 : value;
}

const MODALITY_LUT_SEQUENCE = '00283000';
const REAL_WORLD_VALUE_MAPPING_SEQUENCE = '00409096';
const REAL_WORLD_VALUE_LUT_DATA = '00409212';
const REAL_WORLD_VALUE_INTERCEPT = '00409224';
const REAL_WORLD_VALUE_SLOPE = '00409225';

/**
 * Reads whether a header says by anything but a rescale what stored values mean.
 *
 * A Modality LUT takes the place of the rescale (PS3.3 C.11.1). A Real World Value Mapping stands beside it
 * (C.7.6.16.2.11), and counts where it is all that there is: with a rescale, modality values are what that makes
 * of stored ones; without, voxels would be taken for the values that the mapping gives and they are not.
 *
 * @param rescale - that is applied to stored values
 */
export function readUnappliedMap(
  imageId: string,
  header: FrameHeader | undefined,
  rescale: LinearRescale,
): UnappliedMap | undefined {
  const { MODALITY_LUT, INSTANCE } = Enums.MetadataModules;
  const table =
    readModule(MODALITY_LUT, imageId)?.['modalityLUTSequence'] ??
    (header ? undefined : readModule(INSTANCE, imageId)?.['ModalityLUTSequence']);
  const items = header ? [...header.groups, header.instance] : [];
  const isTable =
    (Array.isArray(table) && table.length > 0) ||
    items.some((item) => item.items(MODALITY_LUT_SEQUENCE).length > 0);
  if (isTable) {
    return 'modality-lut';
  }
  const mappings = items.flatMap((item) => item.items(REAL_WORLD_VALUE_MAPPING_SEQUENCE));
  const isOnlyScale = isIdentityRescale(rescale) && mappings.length > 0;
  return isOnlyScale && !mappings.some(isIdentityMapping) ? 'real-world-value' : undefined;
}

/** Of several mappings for the same values one may be that which the voxels have. */
function isIdentityMapping(mapping: HeaderItem): boolean {
  const slope = toFiniteNumber(mapping.values(REAL_WORLD_VALUE_SLOPE)?.[0]) ?? 1;
  const intercept = toFiniteNumber(mapping.values(REAL_WORLD_VALUE_INTERCEPT)?.[0]) ?? 0;
  return !mapping.values(REAL_WORLD_VALUE_LUT_DATA) && isIdentityRescale({ slope, intercept });
}

/**
 * The stored value of pixels that only fill an image up to a rectangle: Pixel Padding Value (0028,0120),
 * PS3.3 C.7.5.1.1.2.
 *
 * @returns undefined where no provider has it
 */
export function readPaddingValue(imageId: string): number | undefined {
  const value = readModule(Enums.MetadataModules.IMAGE_PIXEL, imageId)?.['pixelPaddingValue'];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

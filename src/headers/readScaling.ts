import { Enums } from '@cornerstonejs/core';
import type { LinearRescale, ScalingParameters } from '../base/types.js';
import { valuesOfGroup } from './frameHeader.js';
import type { FrameHeader } from './frameHeader.js';
import { readModule } from './readModule.js';

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

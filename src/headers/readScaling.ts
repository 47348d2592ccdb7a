/** The meaning of stored values: rescale, Dose Grid Scaling, extremes and padding. */
import { Enums, metaData } from '@cornerstonejs/core';
import { isIdentityRescale } from '../base/voxels/rescale.js';
import type { LinearRescale, ScalingParameters, UnappliedMap, ValueRange } from '../base/types.js';
import { isWithin, storedLimits } from '../base/voxels/voxelTypes.js';
import { findFrameHeader, valuesOfGroup } from './frameHeader.js';
import type { FrameHeader } from './frameHeader.js';
import type { HeaderItem } from './headerItem.js';
import { isHeaderImageId, registerHeader, unregisterHeader } from './part10/headerProvider.js';
import { lookUpVr } from './part10/toDicomJson.js';
import type { DicomJson } from './part10/toDicomJson.js';
import { readProvidedSuv } from './pet/suvProvider.js';
import { readModule, toFiniteNumber } from './readModule.js';
import type { MetadataModule } from './readModule.js';

const PIXEL_VALUE_TRANSFORMATION = ['00289145'];
const RESCALE_INTERCEPT = '00281052';
const RESCALE_SLOPE = '00281053';

/**
 * Reads how stored values become modality values.
 *
 * Rescale Slope and Intercept default to 1 and 0 (PS3.3 C.11.1). Frames with functional groups have them in their
 * Pixel Value Transformation (PS3.3 C.7.6.16.2.9), where not every provider of Cornerstone looks, and some look in
 * other groups too. RTDOSE takes its Dose Grid Scaling from Cornerstone's `scalingModule`, as dicom-image-loader
 * does. PT takes the SUV factors that an application's provider gives; `scalePet` computes others.
 *
 * @param header - of the frame, where one was found
 */
export function readScaling(
  imageId: string,
  modality: string | undefined,
  header: FrameHeader | undefined,
): ScalingParameters {
  const { MetadataModules } = Enums;
  const hasGroups = header !== undefined && header.groups.length > 0;
  const modalityLut = hasGroups ? undefined : readModule(MetadataModules.MODALITY_LUT, imageId);
  const dose = modality === 'RTDOSE' ? readModule(MetadataModules.SCALING, imageId) : undefined;
  const ofHeader = (tag: string): number | undefined =>
    header &&
    toFiniteNumber(
      (valuesOfGroup(header, PIXEL_VALUE_TRANSFORMATION, tag) ?? header.instance.values(tag))?.[0],
    );
  const optional = {
    modality,
    doseGridScaling: toFiniteNumber(dose?.['DoseGridScaling']),
  };
  const suv = modality === 'PT' ? readProvidedSuv(imageId) : undefined;
  return {
    // A slope of 0 is no transform; Cornerstone reads it as 1.
    rescaleSlope: (toFiniteNumber(modalityLut?.['rescaleSlope']) ?? ofHeader(RESCALE_SLOPE)) || 1,
    rescaleIntercept:
      toFiniteNumber(modalityLut?.['rescaleIntercept']) ?? ofHeader(RESCALE_INTERCEPT) ?? 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...suv,
  };
}

/** The linear map that the scaling parameters make together. */
export function toLinearRescale(scaling: ScalingParameters): LinearRescale {
  if (scaling.doseGridScaling !== undefined) {
    return { slope: scaling.doseGridScaling, intercept: 0 };
  }
  const factor = scaling.suvbw ?? 1;
  return { slope: scaling.rescaleSlope * factor, intercept: scaling.rescaleIntercept * factor };
}

/**
 * The extremes that a header states for the stored values of an image: Smallest and Largest Image Pixel Value
 * (PS3.3 C.7.6.3). They are hints: the pixels themselves decide.
 *
 * @param pixel - the image pixel module, as Cornerstone's providers give it
 * @returns undefined where they are missing or wrong: they contradict each other or the bits stored, or both are
 *   0, which many writers use for unknown
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
 * Reads whether a header maps stored values by anything but a rescale.
 *
 * A Modality LUT takes the place of the rescale (PS3.3 C.11.1). A Real World Value Mapping stands beside it
 * (C.7.6.16.2.11), and counts only without a rescale: with one, the rescale makes the modality values; without,
 * voxels would be mistaken for the values of the mapping.
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

/** Of several mappings of the same values, one may be the identity. */
function isIdentityMapping(mapping: HeaderItem): boolean {
  const slope = toFiniteNumber(mapping.values(REAL_WORLD_VALUE_SLOPE)?.[0]) ?? 1;
  const intercept = toFiniteNumber(mapping.values(REAL_WORLD_VALUE_INTERCEPT)?.[0]) ?? 0;
  return !mapping.values(REAL_WORLD_VALUE_LUT_DATA) && isIdentityRescale({ slope, intercept });
}

/**
 * The stored value of pixels that only pad an image to a rectangle: Pixel Padding Value (0028,0120),
 * PS3.3 C.7.5.1.1.2.
 *
 * @returns undefined where no provider has it
 */
export function readPaddingValue(imageId: string): number | undefined {
  const value = readModule(Enums.MetadataModules.IMAGE_PIXEL, imageId)?.['pixelPaddingValue'];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Behind all other providers: the scaling that an application provides has precedence. */
const PRIORITY = -2000;

/**
 * Provides Cornerstone's `scalingModule`, with the Dose Grid Scaling of a dose, for every header that
 * {@link findFrameHeader} finds.
 *
 * Workaround: Cornerstone makes the module of its own data sets alone, so that an image has it or not depending on
 * the scheme that it is loaded by (5.14, `scalingFromInstance.js` of `@cornerstonejs/metadata`). Remove when
 * Cornerstone provides the module for the metadata of every image loader.
 */
export function provideScaling(): void {
  metaData.addProvider(provide, PRIORITY);
}

/** Removes the provider. */
export function withdrawScaling(): void {
  metaData.removeProvider(provide);
}

/** The attributes that Cornerstone makes the module of, by modality (5.14, `scalingFromInstance.js`). */
const TAGS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['RTDOSE', ['00080060', '30040002', '30040004', '3004000A', '3004000E']],
]);

/** Modules by the data set that they were made of. */
const modules = new WeakMap<object, { readonly module: unknown }>();

const SCALING: string = Enums.MetadataModules.SCALING;

function provide(type: string, imageId: unknown): unknown {
  if (type !== SCALING || typeof imageId !== 'string') {
    return undefined;
  }
  // These are asked for below: Cornerstone has made no module of them.
  const header = isHeaderImageId(imageId) ? undefined : findFrameHeader(imageId);
  const tags = header && TAGS.get(header.instance.values('00080060')?.[0]);
  if (!tags) {
    return undefined;
  }
  let made = modules.get(header.source);
  if (!made) {
    const headerImageId = registerHeader(pick(header.instance, tags));
    made = { module: metaData.get(type, headerImageId) as unknown };
    unregisterHeader(headerImageId);
    modules.set(header.source, made);
  }
  return made.module;
}

function pick(item: HeaderItem, tags: readonly string[]): DicomJson {
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const Value = item.values(tag);
      return Value ? [[tag, { vr: lookUpVr(tag) ?? 'UN', Value }]] : [];
    }),
  );
}

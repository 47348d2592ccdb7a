/** Cornerstone's `scalingModule` for PET: from an application's provider, or from the headers. */
import { cache, Enums, metaData } from '@cornerstonejs/core';
import type { NoSuvCode } from '../../base/scalingReport.js';
import { findFrameHeader } from '../frameHeader.js';
import type { FrameHeader } from '../frameHeader.js';
import { isHeaderImageId } from '../part10/headerProvider.js';
import { readModule, toFiniteNumber } from '../readModule.js';
import type { MetadataModule } from '../readModule.js';

/** Factors that make SUV of the rescaled values of a frame; the names are those of Cornerstone's `scalingModule`. */
export interface SuvFactors {
  /** By body weight, in g/ml. */
  readonly suvbw: number;
  /** By lean body mass; undefined without the patient's size or sex. */
  readonly suvlbm?: number;
  /** By body surface area; undefined without the patient's size. */
  readonly suvbsa?: number;
}

/** Why a frame has no SUV factor. */
export interface NoSuv {
  readonly code: NoSuvCode;
  /** A clause with the attribute and its value. */
  readonly why: string;
}

/** Whether a frame has no SUV factor. */
export function isNoSuv(result: SuvFactors | NoSuv): result is NoSuv {
  return 'code' in result;
}

/** Whether a number can be an SUV factor. */
export function isFactor(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

const SCALING: string = Enums.MetadataModules.SCALING;

/**
 * Behind the providers of applications (default priority 0), and before Cornerstone's own for its data sets (-1000):
 * see {@link provideSuv}.
 */
const PRIORITY = -900;

/** The factors of data sets, as they were computed with the other frames of their series. */
const known = new WeakMap<object, SuvFactors | NoSuv>();

/** Computes the SUV factors of a frame from its header alone. */
type ComputeSuv = (imageId: string, header: FrameHeader | undefined) => SuvFactors | NoSuv;

/** Undefined until the script is there that computes factors. */
let computeSuv: ComputeSuv | undefined;

/** Lets the provider of {@link provideSuv} compute the factors of frames whose series was not read. */
export function computeSuvBy(compute: ComputeSuv): void {
  computeSuv = compute;
}

/**
 * Who is asked for the module at this moment: all; the providers before this one; or those behind it. Providers
 * answer synchronously.
 */
let asked: 'all' | 'before' | 'behind' = 'all';

/** Answers where no provider before this one does. */
const NOT_PROVIDED: MetadataModule = Object.freeze({});

/** Answers for a frame without SUV where Cornerstone would give a factor. */
const NO_SUV: MetadataModule = Object.freeze({});

/**
 * Provides Cornerstone's `scalingModule` with the SUV factors of PET, for the metadata of every image loader.
 *
 * Workaround: Cornerstone makes the module of its own data sets alone, so that an image has it or not depending on
 * the scheme that it is loaded by; it knows neither the private factors of Philips nor Decay Correction, and takes
 * each frame for the earliest of its series (5.14, `scalingFromInstance.js` of `@cornerstonejs/metadata`). Remove when
 * it makes the module of all metadata, with the series as a whole.
 */
export function provideSuv(): void {
  metaData.addProvider(provide, PRIORITY);
}

/** Removes the provider. */
export function withdrawSuv(): void {
  metaData.removeProvider(provide);
}

/**
 * The SUV factors that a provider of the application gives for a PET frame; undefined where it gives none by body
 * weight. {@link provideSuv} has to be called before.
 *
 * @throws what a provider throws
 */
export function readProvidedSuv(imageId: string): SuvFactors | undefined {
  return toFactors(ask('before', imageId));
}

function toFactors(module: MetadataModule | undefined): SuvFactors | undefined {
  const [suvbw, suvlbm, suvbsa] = ['suvbw', 'suvlbm', 'suvbsa'].map((name) =>
    toFiniteNumber(module?.[name]),
  );
  return isFactor(suvbw)
    ? { suvbw, ...(suvlbm !== undefined && { suvlbm }), ...(suvbsa !== undefined && { suvbsa }) }
    : undefined;
}

/** Keeps the factors of a frame, or why it has none, for the provider. */
export function keepSuv(header: FrameHeader, result: SuvFactors | NoSuv): void {
  known.set(header.source, result);
}

function ask(whom: typeof asked, imageId: string): MetadataModule | undefined {
  const before = asked;
  asked = whom;
  try {
    return readModule(SCALING, imageId);
  } finally {
    asked = before;
  }
}

function provide(type: string, imageId: unknown): unknown {
  if (type !== SCALING || typeof imageId !== 'string' || isHeaderImageId(imageId)) {
    return undefined;
  }
  if (asked !== 'all') {
    return asked === 'before' ? NOT_PROVIDED : undefined;
  }
  const header = findFrameHeader(imageId);
  if (!isPet(imageId, header)) {
    return undefined;
  }
  const result =
    factorsOfImage(imageId) ??
    (header && known.get(header.source)) ??
    computeSuv?.(imageId, header);
  if (!result || !isNoSuv(result)) {
    return result;
  }
  // Core takes any module for SUV, so that there is none where Cornerstone has none.
  return ask('behind', imageId)?.['suvbw'] === undefined ? undefined : NO_SUV;
}

/**
 * The factors that the Image in the cache was scaled with. Volumes of the same frames may have made another choice of
 * the option `suv` since, but the tools put the unit of this module behind the values of that Image.
 *
 * @returns undefined where there is no Image, or one of stored values
 */
function factorsOfImage(imageId: string): SuvFactors | NoSuv | undefined {
  const { scaled, scalingParameters } = cache.getImage(imageId)?.preScale ?? {};
  if (scaled !== true || !scalingParameters) {
    return undefined;
  }
  return toFactors(scalingParameters) ?? UNSCALED_IMAGE;
}

const UNSCALED_IMAGE: NoSuv = {
  code: 'switched-off',
  why: 'the Image in the cache was scaled without a factor',
};

function isPet(imageId: string, header: FrameHeader | undefined): boolean {
  const modality =
    header?.instance.values('00080060')?.[0] ??
    readModule(Enums.MetadataModules.GENERAL_SERIES, imageId)?.['modality'];
  return modality === 'PT';
}

import { Enums, imageLoader, metaData } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../base/errors.js';
import {
  ABSENT_SLICE_SCHEMES,
  parseAbsentSliceImageId,
  parseReducedSliceImageId,
  parseResampledSliceImageId,
  REDUCED_SLICE_SCHEME,
  RESAMPLED_SLICE_SCHEME,
} from '../base/sliceImageIds.js';
import type { ReducedSliceId } from '../base/sliceImageIds.js';
import type { Vector3 } from '../base/types.js';
import type { ImageLoader } from '../pixels/image/withSkipCreateImage.js';
import { imagesFromVolumes } from '../volume/images/imagesFromVolumes.js';

const { MetadataModules } = Enums;
const IMAGE_PLANE: string = MetadataModules.IMAGE_PLANE;
const IMAGE_PIXEL: string = MetadataModules.IMAGE_PIXEL;

/** Modules that a slice shares with its neighbour. Modules that name an instance are left out. */
const SHARED_MODULES: ReadonlySet<string> = new Set([
  MetadataModules.GENERAL_SERIES,
  MetadataModules.GENERAL_STUDY,
  MetadataModules.PATIENT,
  MetadataModules.PATIENT_STUDY,
  MetadataModules.MODALITY_LUT,
  MetadataModules.VOI_LUT,
  MetadataModules.SCALING,
  MetadataModules.CALIBRATION,
  MetadataModules.PET_SERIES,
  MetadataModules.PET_ISOTOPE,
  // Retrieve configurations may be chosen by it.
  MetadataModules.TRANSFER_SYNTAX,
]);

// Before providers that read the neighbour's imageId out of this one.
const PRIORITY = 100_000;

const SCHEMES = [
  ...Object.values(ABSENT_SLICE_SCHEMES),
  RESAMPLED_SLICE_SCHEME,
  REDUCED_SLICE_SCHEME,
];

let isServing = false;

/** Registers what slices without a frame need of Cornerstone: metadata, and an image loader that answers from volumes. */
export function serveAbsentSlices(): void {
  // Each time anew: an application may have removed all providers and loaders.
  isServing = true;
  metaData.removeProvider(absentSliceMetadata);
  metaData.addProvider(absentSliceMetadata, PRIORITY);
  for (const scheme of SCHEMES) {
    imageLoader.registerImageLoader(scheme, loadFromVolumes);
  }
}

/** Takes back {@link serveAbsentSlices}. */
export function stopServingAbsentSlices(): void {
  if (!isServing) {
    return;
  }
  isServing = false;
  metaData.removeProvider(absentSliceMetadata);
  for (const scheme of SCHEMES) {
    // Workaround: core has no way to remove the loader of one scheme; a scheme without a loader is treated as one
    // that was never registered (loaders/imageLoader.js, 5.6.8 to 5.14). Remove when core unregisters one scheme.
    imageLoader.registerImageLoader(scheme, undefined as unknown as ImageLoader);
  }
}

/** What the imageId of a slice without a frame says. */
interface SliceWithoutFrame {
  /** A frame of the series, whose metadata the slice shares. */
  readonly neighbourImageId: string;
  readonly position: Vector3;
  /** Columns and rows, where they differ from those of the neighbour. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
}

/**
 * Metadata provider of absent, resampled and reduced slices: their position, their size, and the modules that they
 * share with a frame of their series.
 *
 * @returns undefined for any other imageId, and where the frame has no metadata
 */
export function absentSliceMetadata(type: string, imageId: unknown): unknown {
  if (typeof imageId !== 'string') {
    return undefined;
  }
  const reduced = parseReducedSliceImageId(imageId);
  if (reduced) {
    return reducedSliceMetadata(type, reduced);
  }
  const slice = parse(imageId);
  if (!slice) {
    return undefined;
  }
  const { neighbourImageId, position, size } = slice;
  if (type !== IMAGE_PLANE && type !== IMAGE_PIXEL) {
    return SHARED_MODULES.has(type) ? metaData.get(type, neighbourImageId) : undefined;
  }
  const module = metaData.get(type, neighbourImageId) as object | undefined;
  const place = { imagePositionPatient: [...position], sliceLocation: undefined };
  return module && { ...module, ...(type === IMAGE_PLANE ? place : {}), ...size };
}

/** Of a slice with a part of a frame's columns and rows: it is of the same instance, and has another size and place. */
function reducedSliceMetadata(type: string, { wholeImageId, ...part }: ReducedSliceId): unknown {
  const module = metaData.get(type, wholeImageId) as Readonly<Record<string, unknown>> | undefined;
  const { columns, rows } = part;
  if (!module || (type !== IMAGE_PLANE && type !== IMAGE_PIXEL)) {
    return module;
  }
  return type === IMAGE_PIXEL ? { ...module, columns, rows } : reducePlane(module, part);
}

function reducePlane(
  plane: Readonly<Record<string, unknown>>,
  {
    firstColumn,
    firstRow,
    columnStep,
    rowStep,
    columns,
    rows,
  }: Omit<ReducedSliceId, 'wholeImageId'>,
): object {
  const spacing = plane['pixelSpacing'] as readonly number[] | undefined;
  const [
    betweenRows = Number(plane['rowPixelSpacing']),
    betweenColumns = Number(plane['columnPixelSpacing']),
  ] = spacing ?? [];
  const orientation = plane['imageOrientationPatient'] as readonly number[] | undefined;
  const position = plane['imagePositionPatient'] as readonly number[] | undefined;
  const along = (axis: number, cosine: number): number => orientation?.[3 * cosine + axis] ?? 0;
  const inMm = [firstColumn * betweenColumns, firstRow * betweenRows] as const;
  const pixelSpacing = [betweenRows * rowStep, betweenColumns * columnStep];
  return {
    ...plane,
    columns,
    rows,
    pixelSpacing,
    rowPixelSpacing: pixelSpacing[0],
    columnPixelSpacing: pixelSpacing[1],
    imagePositionPatient: position?.map(
      (place, axis) => place + along(axis, 0) * inMm[0] + along(axis, 1) * inMm[1],
    ),
  };
}

function parse(imageId: string): SliceWithoutFrame | undefined {
  const absent = parseAbsentSliceImageId(imageId);
  if (absent) {
    return { ...absent, size: undefined };
  }
  const resampled = parseResampledSliceImageId(imageId);
  const [neighbourImageId] = resampled?.sourceImageIds ?? [];
  return resampled && neighbourImageId !== undefined
    ? {
        neighbourImageId,
        position: resampled.position,
        size: { columns: resampled.columns, rows: resampled.rows },
      }
    : undefined;
}

const loadFromVolumes = imagesFromVolumes((imageId) => ({
  promise: Promise.reject(
    new StreamingVolumeError(
      'frame-not-loaded',
      `The slice is no frame of a series, and no volume in the cache has it: create the volume before its ` +
        `slices are loaded (${imageId})`,
      { imageIds: [imageId] },
    ),
  ),
}));

import { Enums, imageLoader, metaData } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../base/errors.js';
import {
  ABSENT_SLICE_SCHEMES,
  parseAbsentSliceImageId,
  parseResampledSliceImageId,
  RESAMPLED_SLICE_SCHEME,
} from '../base/sliceImageIds.js';
import type { Vector3 } from '../base/types.js';
import type { ImageLoader } from '../pixels/image/withSkipCreateImage.js';
import { imagesFromVolumes } from '../volume/images/imagesFromVolumes.js';

const { MetadataModules } = Enums;
const IMAGE_PLANE: string = MetadataModules.IMAGE_PLANE;
const IMAGE_PIXEL: string = MetadataModules.IMAGE_PIXEL;

/** Modules in which a slice has what its neighbour has. Those that name an instance are not there. */
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
  // Retrieve configurations may be kept by it.
  MetadataModules.TRANSFER_SYNTAX,
]);

// Before providers that would take the imageId for one of theirs.
const PRIORITY = 100_000;

const SCHEMES = [...Object.values(ABSENT_SLICE_SCHEMES), RESAMPLED_SLICE_SCHEME];

let isServing = false;

/** Registers what slices without a frame need of Cornerstone: metadata, and an image loader that answers from volumes. */
export function serveAbsentSlices(): void {
  // Again each time: an application may have removed all providers and loaders.
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
    // Core (5.6.8 to 5.14) has no way to remove one scheme; without a loader it is as one that is not registered.
    imageLoader.registerImageLoader(scheme, undefined as unknown as ImageLoader);
  }
}

/** What the imageId of a slice says that is no frame. */
interface SliceWithoutFrame {
  /** A frame of the series, from which all else is taken. */
  readonly neighbourImageId: string;
  readonly position: Vector3;
  /** Its columns and rows, where it has others than its neighbour. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
}

/**
 * Metadata of absent and resampled slices for Cornerstone: where they lie, how large they are, and what they
 * have in common with the rest of their series.
 */
export function absentSliceMetadata(type: string, imageId: unknown): unknown {
  const slice = typeof imageId === 'string' ? parse(imageId) : undefined;
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
      `The series has no such frame, and no volume in the cache has the slice (${imageId})`,
      { imageIds: [imageId] },
    ),
  ),
}));

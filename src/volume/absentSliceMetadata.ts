import { Enums, imageLoader, metaData } from '@cornerstonejs/core';
import { ABSENT_SLICE_SCHEMES, parseAbsentSliceImageId } from '../absentSlice.js';
import { StreamingVolumeError } from '../errors.js';
import { imagesFromVolumes } from './imagesFromVolumes.js';

const { MetadataModules } = Enums;
const IMAGE_PLANE: string = MetadataModules.IMAGE_PLANE;

/** Modules in which a slice has what its neighbour has. Those that name an instance are not there. */
const SHARED_MODULES: ReadonlySet<string> = new Set([
  MetadataModules.IMAGE_PIXEL,
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
]);

// Before providers that would take the imageId for one of theirs.
const PRIORITY = 100_000;

/** What absent slices need of Cornerstone: metadata, and an image loader that answers from volumes. */
export function serveAbsentSlices(): void {
  metaData.removeProvider(absentSliceMetadata);
  metaData.addProvider(absentSliceMetadata, PRIORITY);
  for (const scheme of Object.values(ABSENT_SLICE_SCHEMES)) {
    imageLoader.registerImageLoader(scheme, loadFromVolumes);
  }
}

/**
 * Metadata of absent slices for Cornerstone: where they lie, and what they have in common with the rest
 * of their series.
 */
export function absentSliceMetadata(type: string, imageId: unknown): unknown {
  const slice = typeof imageId === 'string' ? parseAbsentSliceImageId(imageId) : undefined;
  if (!slice) {
    return undefined;
  }
  const { neighbourImageId, position } = slice;
  if (type === IMAGE_PLANE) {
    const plane = metaData.get(type, neighbourImageId) as object | undefined;
    return plane && { ...plane, imagePositionPatient: [...position], sliceLocation: undefined };
  }
  return SHARED_MODULES.has(type) ? metaData.get(type, neighbourImageId) : undefined;
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

import { Enums, utilities } from '@cornerstonejs/core';
import { readModule } from '../headers/readModule.js';

/** What a volume and viewports that show it read. */
const MODULES = [
  Enums.MetadataModules.IMAGE_PLANE,
  Enums.MetadataModules.IMAGE_PIXEL,
  Enums.MetadataModules.GENERAL_SERIES,
  Enums.MetadataModules.GENERAL_IMAGE,
  Enums.MetadataModules.GENERAL_STUDY,
  Enums.MetadataModules.SOP_COMMON,
  Enums.MetadataModules.MODALITY_LUT,
  Enums.MetadataModules.VOI_LUT,
  Enums.MetadataModules.SCALING,
  Enums.MetadataModules.TRANSFER_SYNTAX,
] as const;

/**
 * Keeps the headers of an image that is loaded: providers of image loaders may forget them with the Image.
 * They are asked first as long as they know them.
 */
export function keepMetadata(imageId: string): void {
  const { genericMetadataProvider } = utilities;
  for (const type of MODULES) {
    const metadata = readModule(type, imageId);
    if (metadata) {
      genericMetadataProvider.add(imageId, { type, metadata });
    }
  }
}

import { metaData } from '@cornerstonejs/core';
import { internal, wadouri } from '@cornerstonejs/dicom-image-loader';

/**
 * Lets dicom-image-loader keep parsed files and take metadata from them, as applications may tell it to.
 * To be called before Cornerstone is started.
 */
export function startDataSetCache(): void {
  internal.setOptions({ useLegacyMetadataProvider: true });
  metaData.addProvider(wadouri.metaData.metaDataProvider, 10_000);
}

/** Takes back what {@link startDataSetCache} and the spec have done. */
export function stopDataSetCache(): void {
  wadouri.dataSetCacheManager.purge();
  metaData.removeProvider(wadouri.metaData.metaDataProvider);
  internal.setOptions({ useLegacyMetadataProvider: false });
}

import { metaData } from '@cornerstonejs/core';
import { internal, wadouri } from '@cornerstonejs/dicom-image-loader';

/**
 * Makes dicom-image-loader keep parsed files and read metadata from them, an option of applications. To be
 * called before Cornerstone is initialised.
 */
export function startDataSetCache(): void {
  internal.setOptions({ useLegacyMetadataProvider: true });
  metaData.addProvider(wadouri.metaData.metaDataProvider, 10_000);
}

/** Undoes {@link startDataSetCache} and removes the data sets of the spec. */
export function stopDataSetCache(): void {
  wadouri.dataSetCacheManager.purge();
  metaData.removeProvider(wadouri.metaData.metaDataProvider);
  internal.setOptions({ useLegacyMetadataProvider: false });
}

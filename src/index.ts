/**
 * Volumes of Cornerstone3D that are streamed into one contiguous array.
 *
 * @example
 * ```ts
 * import {
 *   createStreamingVolume,
 *   registerStreamingImageVolumeLoader,
 * } from 'streaming-image-volume-loader';
 *
 * registerStreamingImageVolumeLoader();
 *
 * export async function loadVoxels(imageIds: string[]) {
 *   const volume = await createStreamingVolume('cornerstoneStreamingImageVolume:ct', { imageIds });
 *   await volume.load();
 *   return volume.getScalarData();
 * }
 * ```
 *
 * @packageDocumentation
 */
export { checkVolumeEligibility } from './checkVolumeEligibility.js';
export type { EligibilityOptions } from './checkVolumeEligibility.js';
export { createStreamingVolume } from './createStreamingVolume.js';
export { createVolumeFromImages } from './createVolumeFromImages.js';
export { createVolumeWithoutMetadata } from './createVolumeWithoutMetadata.js';
export type { ImagesProgress, WithoutMetadataOptions } from './createVolumeWithoutMetadata.js';
export { StreamingVolumeError, isStreamingVolumeError } from './errors.js';
export type { StreamingVolumeErrorCode, StreamingVolumeErrorDetails } from './errors.js';
export { centerOut, coarseToFine, followViewports, topToBottom } from './frames/frameOrder.js';
export type { FrameNeeds, FrameOrder, SliceNeed } from './frames/frameOrder.js';
export type {
  AbsentSlice,
  Eligibility,
  EligibilityCode,
  EligibilityReason,
  EligibilitySeverity,
  GeometryReport,
  IrregularPolicy,
  Shear,
  StackMeasures,
} from './geometry/eligibilityReason.js';
export type { FrameState } from './frames/FrameStates.js';
export { DEFAULT_GEOMETRY_TOLERANCE } from './geometry/geometryTolerance.js';
export type { GeometryTolerance } from './geometry/geometryTolerance.js';
export type { SplitBy } from './geometry/splitSharedPositions.js';
export type { SplitTag, SplitValue } from './geometry/splitTag.js';
export { groupImageIdsIntoVolumes } from './groupImageIdsIntoVolumes.js';
export type { LeftoverGroup, VolumeGroup, VolumeGroups } from './groupImageIdsIntoVolumes.js';
export { fetchSeries } from './metadata/dicomweb/fetchSeries.js';
export type { FetchSeriesOptions } from './metadata/dicomweb/fetchSeries.js';
export type { DicomWebService, DownloadProgress } from './metadata/dicomweb/getDicomJson.js';
export { listSeries } from './metadata/dicomweb/listSeries.js';
export type { ListSeriesOptions, SeriesSummary } from './metadata/dicomweb/listSeries.js';
export { prefetchMetadata } from './metadata/part10/prefetchMetadata.js';
export type { PrefetchOptions, PrefetchProgress } from './metadata/part10/prefetchMetadata.js';
export type { CreateVolumeOptions, RegisterOptions, VolumeOptions } from './options.js';
export type { DecodedFrame, FrameOptions, TargetBuffer } from './pixels/DecodedFrame.js';
export { withSkipCreateImage } from './pixels/withSkipCreateImage.js';
export type { ImageLoader } from './pixels/withSkipCreateImage.js';
export { prefetchVolume } from './prefetchVolume.js';
export type { PrefetchResult, PrefetchVolumeOptions } from './prefetchVolume.js';
export {
  isStreamingImageVolumeLoaderRegistered,
  registerStreamingImageVolumeLoader,
  unregisterStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from './register.js';
export type { VolumeDataType, VolumeTransport, VoxelTypeChoice } from './types.js';
export type { VoxelTypes } from './geometry/voxelType.js';
export { isStreamingImageVolume } from './volume/isStreamingImageVolume.js';
export { StreamingImageVolume } from './volume/StreamingImageVolume.js';
export type { FailedFrame, LoadEvent, LoadOptions, LoadResult } from './volume/loadResult.js';
export type { VolumeProgress } from './volume/LoadProgress.js';
export { VOLUME_TEXTURE_REDUCED } from './volume/createVolumeTexture.js';
export { VOLUME_PROGRESS } from './volume/VolumeNotifier.js';
export { VOLUME_WIDENED } from './volume/widenVoxels.js';
export type { VolumeWidened } from './volume/widenVoxels.js';
export { VOLUME_LOADER_REPLACED } from './volume/watchVolumeLoader.js';
export type { VolumeLoaderReplaced } from './volume/watchVolumeLoader.js';
export { cornerstoneStreamingImageVolumeLoader } from './volumeLoader.js';
export type { StreamingVolumeLoadObject } from './volumeLoader.js';

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
export { checkVolumeEligibility } from './api/checkVolumeEligibility.js';
export type { EligibilityOptions } from './api/checkVolumeEligibility.js';
export { createStreamingVolume } from './api/createStreamingVolume.js';
export {
  createVolumeFromImages,
  createVolumeWithoutMetadata,
} from './api/createVolumeFromImages.js';
export type { ImagesProgress, WithoutMetadataOptions } from './api/createVolumeFromImages.js';
export { StreamingVolumeError, isStreamingVolumeError } from './base/errors.js';
export type { StreamingVolumeErrorCode, StreamingVolumeErrorDetails } from './base/errors.js';
export {
  centerOut,
  coarseToFine,
  followViewports,
  topToBottom,
} from './loading/schedule/frameOrder.js';
export type { FrameNeeds, FrameOrder, SliceNeed } from './loading/schedule/frameOrder.js';
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
  VolumeReduction,
} from './base/eligibilityReason.js';
export type { NoSuvCode, NoSuvReason, ScalingReport, SuvChoice } from './base/scalingReport.js';
export type { FrameState } from './loading/FrameStates.js';
export type { FrameStep, FrameTraceDetail } from './loading/FrameTrace.js';
export { DEFAULT_GEOMETRY_TOLERANCE } from './geometry/geometryTolerance.js';
export type { GeometryTolerance, ToleranceOptions } from './geometry/geometryTolerance.js';
export type { SplitBy } from './geometry/grouping/splitSharedPositions.js';
export type { SplitTag, SplitValue } from './base/splitTag.js';
export { groupImageIdsIntoVolumes } from './api/groupImageIdsIntoVolumes.js';
export type { LeftoverGroup, VolumeGroup, VolumeGroups } from './api/groupImageIdsIntoVolumes.js';
export type { DataLimits } from './base/limits.js';
export type { RequestOptions, RetryOptions } from './base/transport/retryPolicy.js';
export { fetchFrameOfReferenceUID } from './headers/dicomweb/fetchFrameOfReferenceUID.js';
export type { SeriesAddress } from './headers/dicomweb/fetchFrameOfReferenceUID.js';
export { fetchSeries } from './headers/dicomweb/fetchSeries.js';
export type { FetchSeriesOptions } from './headers/dicomweb/fetchSeries.js';
export type { DicomWebService, DownloadProgress } from './headers/dicomweb/getDicomJson.js';
export { listSeries } from './headers/dicomweb/listSeries.js';
export type { ListSeriesOptions, SeriesSummary } from './headers/dicomweb/listSeries.js';
export { prefetchMetadata } from './headers/part10/prefetchMetadata.js';
export type { PrefetchOptions, PrefetchProgress } from './headers/part10/prefetchMetadata.js';
export {
  VOLUME_DECIMATED,
  VOLUME_PROGRESS,
  VOLUME_TEXTURE_REDUCED,
  VOLUME_WIDENED,
} from './base/volumeEvents.js';
export type { VolumeDecimated } from './api/plan/fitVolume.js';
export type {
  CreateVolumeOptions,
  RegisterOptions,
  VolumeBounds,
  VolumeOptions,
} from './api/options.js';
export type { Box } from './geometry/reduceGrid.js';
export type { PixelPick } from './base/voxels/pickPixels.js';
export type { DecodedFrame, FrameOptions, TargetBuffer } from './pixels/DecodedFrame.js';
export { withSkipCreateImage } from './pixels/image/withSkipCreateImage.js';
export type { ImageLoader } from './pixels/image/withSkipCreateImage.js';
export { prefetchVolume } from './api/prefetchVolume.js';
export type { PrefetchResult, PrefetchVolumeOptions } from './api/prefetchVolume.js';
export {
  DECIMATED_VOLUME_SCHEME,
  DYNAMIC_VOLUME_SCHEME,
  isStreamingImageVolumeLoaderRegistered,
  registerStreamingImageVolumeLoader,
  unregisterStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from './api/register.js';
export type {
  FrameDecoder,
  VolumeDataType,
  VolumeTransport,
  VoxelTypeChoice,
} from './base/types.js';
export type { VoxelTypes } from './geometry/voxelType.js';
export {
  isStreamingDynamicImageVolume,
  isStreamingImageVolume,
} from './volume/isStreamingImageVolume.js';
export { StreamingImageVolume } from './volume/StreamingImageVolume.js';
export type { FailedFrame, LoadEvent, LoadOptions, LoadResult } from './loading/LoadProgress.js';
export type { VolumeProgress } from './loading/LoadProgress.js';
export type { StandInOnScreen } from './volume/standInOnScreen.js';
export type { VolumeWidened } from './volume/widenVoxels.js';
export { VOLUME_LOADER_REPLACED } from './api/watchVolumeLoader.js';
export type { VolumeLoaderReplaced } from './api/watchVolumeLoader.js';
export {
  cornerstoneStreamingImageVolumeLoader,
  decimatedVolumeLoader,
} from './api/volumeLoader.js';
export { StreamingDynamicImageVolume } from './volume/dynamic/StreamingDynamicImageVolume.js';
export type {
  DynamicVoxelMembers,
  VoxelValue,
} from './volume/dynamic/createDynamicVoxelManager.js';
export type { MaskTimeSeries, TimeSeriesValue } from './volume/dynamic/timeSeries.js';
export { cornerstoneStreamingDynamicImageVolumeLoader } from './api/dynamicVolumeLoader.js';
export type { StreamingVolumeLoadObject } from './api/creation/createLoadObject.js';

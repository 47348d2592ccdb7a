import { cache } from '@cornerstonejs/core';
import type { GeometryReport } from '../base/eligibilityReason.js';
import { StreamingVolumeError } from '../base/errors.js';
import { canShareMemory, FrameStore } from '../base/voxels/FrameStore.js';
import { presentPart } from '../base/lazyPart.js';
import { TimeLimit } from '../base/timers.js';
import { retryPolicyOf } from '../base/transport/retryPolicy.js';
import type { FrameMetadata, VolumeDataType } from '../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../base/voxels/voxelTypes.js';
import { AuthorizationGate } from '../loading/frame/AuthorizationGate.js';
import { logger } from '../loading/LoadProgress.js';
import { reserveCache } from '../loading/memory/reserveCache.js';
import { FrameTrace } from '../loading/FrameTrace.js';
import { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { StreamingVolumeProps, VolumeMemory } from '../volume/StreamingVolumeProps.js';
import { serveAbsentSlices } from './absentSliceMetadata.js';
import { isStoredCompressed } from '../pixels/describeFrame.js';
import { createLoadObject } from './creation/createLoadObject.js';
import type { CreatedVolume, StreamingVolumeLoadObject } from './creation/createLoadObject.js';
import { takePrefetched } from './creation/prefetchedOffers.js';
import type { PrefetchedVolume } from './creation/prefetchedOffers.js';
import {
  chooseVoxelFormat,
  firstRequested,
  planFittingVolume,
  tellDecimated,
} from './plan/fitVolume.js';
import { DEFAULT_FRAME_TIMEOUT_MS, defaultMaxInFlight, knownProtocol } from './options.js';
import type { CreateVolumeOptions } from './options.js';
import type { ReducedPlan } from './plan/planReduction.js';

/**
 * Makes a volume of imageIds, for `volumeLoader.registerVolumeLoader`. The volume has all its memory before any
 * pixel is requested; `volume.load()` fills it.
 *
 * Where Cornerstone has no metadata of Part-10 files, their headers are fetched first, unless
 * `options.prefetchMetadata` is false; the promise then rejects with what is thrown otherwise, or with
 * code `metadata-fetch` and the cause of each file.
 *
 * The promise rejects with code `volume-removed` when the volume is removed from the cache before it
 * resolves, and with `options.signal.reason` after an abort. Either way the volumeId is free at once, and the
 * next `createAndCacheVolume` makes a new volume. Faults of the arguments are thrown synchronously:
 *
 * @throws StreamingVolumeError with code `not-a-volume` or `metadata-missing` with the reasons and the
 *   imageIds concerned, `out-of-bounds` for the option `bounds`, `cache-size-exceeded` when the volume does not fit in Cornerstone's cache, or
 *   `allocation-failed` when the browser cannot allocate it; nothing is kept then
 * @throws TypeError for a wrong option
 */
export function cornerstoneStreamingImageVolumeLoader(
  volumeId: string,
  options: CreateVolumeOptions,
): StreamingVolumeLoadObject {
  return createLoadObject(volumeId, options, HERE);
}

const HERE = presentPart(createVolume);

/**
 * The same loader, under the name of core's loader for volumes with the option `ijkDecimation`, for
 * `volumeLoader.registerVolumeLoader('decimatedVolumeLoader', decimatedVolumeLoader)`.
 */
export const decimatedVolumeLoader = cornerstoneStreamingImageVolumeLoader;

/** Makes a volume of frames at one time from its headers. */
export function createVolume(
  volumeId: string,
  options: CreateVolumeOptions,
): CreatedVolume<StreamingImageVolume> {
  const plan = planFittingVolume(volumeId, options);
  const { geometryReport, frames } = plan;
  const [props] = describeVolumes(volumeId, options, [plan]);
  const { voxelTypes, isPreScaled } = props;
  const create = (memory: VolumeMemory): StreamingImageVolume => {
    const volume = new StreamingImageVolume({ ...props, ...memory });
    tellDecimated(volumeId, geometryReport);
    return volume;
  };
  const leftOut = notRequestedFor(geometryReport);
  const prefetched = takePrefetched(frames, voxelTypes, isPreScaled);
  // An application may drop a volume from the cache without an event; its memory is released then.
  if (
    prefetched &&
    cache.getVolume(prefetched.volume.volumeId) === (prefetched.volume as unknown)
  ) {
    return { volume: takeOver(prefetched, create), leftOut };
  }
  return { volume: create(allocate(props, voxelTypes.initial)), leftOut };
}

/** The imageIds that a volume was given and that are not requested for it. */
export function notRequestedFor({ leftOut, reduction }: GeometryReport): string[] {
  return [...leftOut, ...(reduction?.skippedImageIds ?? [])];
}

/**
 * The imageIds that are not requested for a volume with these options.
 *
 * @throws as {@link cornerstoneStreamingImageVolumeLoader} does for the headers
 */
export function notRequestedWith(volumeId: string, options: CreateVolumeOptions): string[] {
  return notRequestedFor(planFittingVolume(volumeId, options).geometryReport);
}

/** A volume as its headers and the options describe it, without its memory. */
type PlannedVolume = Omit<StreamingVolumeProps, keyof VolumeMemory>;

/** Describes volumes of one creation, such as time points: they share their voxel types and their settings. */
export function describeVolumes(
  volumeId: string,
  options: CreateVolumeOptions,
  plans: readonly [ReducedPlan, ...ReducedPlan[]],
): [PlannedVolume, ...PlannedVolume[]] {
  const needsSlices = plans.some(
    ({ absentFrames, resampling, reduction }) => absentFrames.length > 0 || resampling || reduction,
  );
  if (needsSlices) {
    serveAbsentSlices();
  }
  const { isPreScaled, voxelTypes, components } = chooseVoxelFormat(plans, options);
  const noSuv = plans[0].frames[0]?.scalingReport?.reason;
  if (noSuv && noSuv.code !== 'switched-off') {
    logger().warn(`Volume ${volumeId} is not in SUV: ${noSuv.message}`);
  }
  const { priority = 5 } = options;
  const retry = retryPolicyOf(options);
  const firstImageId = firstRequested(plans[0]);
  const settings = {
    volumeId,
    voxelTypes,
    numberOfComponents: components,
    isPreScaled,
    adaptsInFlight: options.maxInFlight === undefined,
    maxInFlight:
      options.maxInFlight ??
      defaultMaxInFlight(
        knownProtocol(firstImageId),
        isStoredCompressed(firstImageId),
        navigator.hardwareConcurrency,
      ),
    priority,
    backgroundPriority: options.backgroundPriority ?? priority + 1,
    frameOrder: options.frameOrder,
    signal: options.signal,
    retry,
    timeLimit: new TimeLimit(options.frameTimeoutMs ?? DEFAULT_FRAME_TIMEOUT_MS),
    authorization: new AuthorizationGate({
      retries: retry.retries,
      delayMs: options.authRetryDelayMs ?? 1000,
    }),
    publishFrameViews: options.publishFrameViews ?? true,
    renderIntervalMs: options.renderIntervalMs ?? 100,
    renderShare: options.renderShare ?? 0.25,
    uploadBudgetMs: options.uploadBudgetMs ?? 8,
    standIns: options.standIns ?? 'nearest',
  };
  const describe = (plan: ReducedPlan): PlannedVolume => ({
    ...settings,
    ...plan,
    trace: options.trace
      ? new FrameTrace(
          volumeId,
          plan.frames.map(({ imageId }) => imageId),
        )
      : undefined,
  });
  const [first, ...others] = plans;
  return [describe(first), ...others.map(describe)];
}

function takeOver(
  { volume, onTaken }: PrefetchedVolume,
  create: (memory: VolumeMemory) => StreamingImageVolume,
): StreamingImageVolume {
  const successor = volume.handOver((memory) => {
    const created = create(memory);
    onTaken(created);
    return created;
  });
  if (cache.getVolume(volume.volumeId) === (volume as unknown)) {
    cache.removeVolumeLoadObject(volume.volumeId);
  }
  return successor;
}

/**
 * Reserves and allocates the memory of a volume.
 *
 * @param dataType - of the voxels at first
 * @param takesSpare - whether other volumes release time points that are not shown for it
 * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed`
 */
export function allocate(
  { volumeId, frames, numberOfComponents: components, voxelTypes }: PlannedVolume,
  dataType: VolumeDataType,
  takesSpare = true,
): VolumeMemory {
  const [first] = frames as [FrameMetadata];
  const imageIds = frames.map(({ imageId }) => imageId);
  const options = {
    dataType,
    widestType: voxelTypes.widest,
    frameCount: frames.length,
    valuesPerFrame: first.rows * first.columns * components,
    shared: canShareMemory(),
  };
  const bytesPerValue = VOXEL_ARRAY_TYPES[options.dataType].BYTES_PER_ELEMENT;
  const sizeInBytes = options.frameCount * options.valuesPerFrame * bytesPerValue;
  const reservation = reserveCache(volumeId, sizeInBytes, imageIds, takesSpare);
  try {
    return { store: new FrameStore(options), reservation };
  } catch (cause) {
    reservation.release();
    throw new StreamingVolumeError(
      'allocation-failed',
      `The browser cannot allocate ${sizeInBytes} contiguous bytes for volume ${volumeId} ` +
        `(first imageId: ${imageIds[0]}): remove other volumes first`,
      { volumeId, imageIds, cause },
    );
  }
}

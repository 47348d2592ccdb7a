import { cache, Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { GeometryReport } from '../base/eligibilityReason.js';
import { isStreamingVolumeError, StreamingVolumeError } from '../base/errors.js';
import { canShareMemory, FrameStore } from '../base/voxels/FrameStore.js';
import { TimeLimit } from '../base/timers.js';
import { retryPolicyOf } from '../base/transport/retryPolicy.js';
import type { FrameMetadata, VolumeDataType } from '../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../base/voxels/voxelTypes.js';
import { releaseFrames } from '../headers/part10/part10Files.js';
import { lacksPart10Metadata, prefetchMetadata } from '../headers/part10/prefetchMetadata.js';
import { AuthorizationGate } from '../loading/frame/AuthorizationGate.js';
import { logger } from '../loading/LoadProgress.js';
import { reserveCache } from '../loading/memory/reserveCache.js';
import { FrameTrace } from '../loading/FrameTrace.js';
import { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { StreamingVolumeProps, VolumeMemory } from '../volume/StreamingVolumeProps.js';
import { serveAbsentSlices } from './absentSliceMetadata.js';
import {
  chooseVoxelFormat,
  firstRequested,
  planFittingVolume,
  tellDecimated,
} from './plan/fitVolume.js';
import {
  checkVolumeOptions,
  DEFAULT_FRAME_TIMEOUT_MS,
  defaultMaxInFlight,
  knownProtocol,
} from './options.js';
import type { CreateVolumeOptions, VolumeOptions } from './options.js';
import type { ReducedPlan } from './plan/planReduction.js';
import { takePrefetched, withdrawPrefetched } from './prefetchedOffers.js';
import type { PrefetchedVolume } from './prefetchedOffers.js';
import { abandonOnRemoval } from './abandonOnRemoval.js';

/** What a volume loader returns: Cornerstone's load object, with a volume of this package in it. */
export interface StreamingVolumeLoadObject<
  Volume extends StreamingImageVolume = StreamingImageVolume,
>
  extends Types.IVolumeLoadObject {
  readonly promise: Promise<Volume & Types.IImageVolume>;
  /** Called by Cornerstone's cache when the volume is removed. */
  readonly cancelFn: () => void;
  /** Stops loading. */
  readonly cancel: () => void;
  /** Releases all memory. */
  readonly decache: () => void;
}

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
  return createLoadObject(volumeId, options, createVolume);
}

/** A volume that was made, and what its creation was given in vain. */
interface CreatedVolume<Volume extends StreamingImageVolume> {
  readonly volume: Volume;
  /** imageIds that are not loaded for the volume. */
  readonly leftOut: readonly string[];
}

/**
 * Cornerstone's load object of a volume, whose headers are fetched first where Cornerstone lacks them.
 *
 * @param create - makes the volume from its headers
 * @throws as {@link cornerstoneStreamingImageVolumeLoader} does
 */
export function createLoadObject<Volume extends StreamingImageVolume>(
  volumeId: string,
  options: CreateVolumeOptions,
  create: (volumeId: string, options: CreateVolumeOptions) => CreatedVolume<Volume>,
): StreamingVolumeLoadObject<Volume> {
  const { imageIds, signal } = options;
  let created: CreatedVolume<Volume> | undefined;
  let lacking: readonly string[];
  try {
    signal?.throwIfAborted();
    checkCreateOptions(options);
    lacking = options.prefetchMetadata === false ? [] : imageIds.filter(lacksPart10Metadata);
    if (lacking.length === 0) {
      created = create(volumeId, options);
    }
  } catch (error) {
    triggerEvent(eventTarget, Enums.Events.VOLUME_LOADED_FAILED, { volumeId, error });
    throw error;
  }
  const make = async (abandoned: AbortSignal): Promise<Volume> => {
    if (!created) {
      await prefetchFor(volumeId, lacking, options, abandoned);
      abandoned.throwIfAborted();
      created = create(volumeId, options);
    }
    // These are not loaded for this volume, so that their files need not be kept for them.
    releaseFrames(created.leftOut);
    return created.volume;
  };
  const dispose = (): void => {
    if (created) {
      withdrawPrefetched(created.volume);
      created.volume.dispose();
    }
    releaseFrames(imageIds);
  };
  const made = (): Volume | undefined => created?.volume;
  return {
    promise: abandonOnRemoval({ volumeId, imageIds, make, made, signal }),
    cancelFn: dispose,
    cancel: () => {
      created?.volume.cancelLoading();
    },
    decache: dispose,
  };
}

/**
 * The same loader, under the name of core's loader for volumes with the option `ijkDecimation`, for
 * `volumeLoader.registerVolumeLoader('decimatedVolumeLoader', decimatedVolumeLoader)`.
 */
export const decimatedVolumeLoader = cornerstoneStreamingImageVolumeLoader;

function checkCreateOptions(options: CreateVolumeOptions): void {
  checkVolumeOptions(options);
  const imageIds: unknown = options.imageIds;
  if (!Array.isArray(imageIds)) {
    throw new TypeError(`Expected imageIds to be an array of strings, got ${typeof imageIds}`);
  }
  const wrong = imageIds.findIndex((imageId: unknown) => typeof imageId !== 'string');
  if (wrong >= 0) {
    const found = typeof imageIds[wrong];
    throw new TypeError(
      `Expected imageIds to be an array of strings, got ${found} at index ${wrong}`,
    );
  }
}

/** Fetches headers; an error names the volume too. */
async function prefetchFor(
  volumeId: string,
  imageIds: readonly string[],
  { retries, retryDelayMs, maxRetryDelayMs, frameTimeoutMs: timeoutMs }: VolumeOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    const retry = { retries, retryDelayMs, maxRetryDelayMs, timeoutMs };
    await prefetchMetadata(imageIds, { ...retry, signal });
  } catch (cause) {
    if (!isStreamingVolumeError(cause, 'metadata-fetch')) {
      throw cause;
    }
    const message = `Volume ${volumeId} cannot be made: ${cause.message}`;
    const { imageIds: failed, errors } = cause;
    const details = { volumeId, imageIds: failed, errors, cause };
    throw new StreamingVolumeError('metadata-fetch', message, details);
  }
}

function createVolume(
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
  const settings = {
    volumeId,
    voxelTypes,
    numberOfComponents: components,
    isPreScaled,
    adaptsInFlight: options.maxInFlight === undefined,
    maxInFlight:
      options.maxInFlight ??
      defaultMaxInFlight(knownProtocol(firstRequested(plans[0])), navigator.hardwareConcurrency),
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

import {
  cache,
  canRenderFloatTextures,
  Enums,
  eventTarget,
  triggerEvent,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, StreamingVolumeError } from '../base/errors.js';
import { canShareMemory, FrameStore } from '../base/FrameStore.js';
import { IDENTITY_RESCALE, isIntegerRescale } from '../base/rescale.js';
import { TimeLimit } from '../base/timers.js';
import { retryPolicyOf } from '../base/transport/retryPolicy.js';
import type { FrameMetadata, VolumeDataType } from '../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../base/voxelTypes.js';
import { numberOfComponents, planVoxelTypes } from '../geometry/voxelType.js';
import { releaseFrames } from '../headers/part10/part10Files.js';
import { lacksPart10Metadata, prefetchMetadata } from '../headers/part10/prefetchMetadata.js';
import { AuthorizationGate } from '../loading/frame/AuthorizationGate.js';
import { reserveCache } from '../loading/memory/reserveCache.js';
import { FrameTrace } from '../loading/FrameTrace.js';
import { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { StreamingVolumeProps, VolumeMemory } from '../volume/StreamingVolumeProps.js';
import { serveAbsentSlices } from './absentSliceMetadata.js';
import { checkVolumeOptions, defaultMaxInFlight, knownProtocol } from './options.js';
import type { CreateVolumeOptions, VolumeOptions } from './options.js';
import { planVolume } from './planVolume.js';
import type { VolumePlan } from './planVolume.js';
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
 *   imageIds concerned, `cache-size-exceeded` when the volume does not fit in Cornerstone's cache, or
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
  const plan = planVolume(volumeId, options);
  const props = describeVolumes(volumeId, options, [plan])[0] as PlannedVolume;
  const { voxelTypes, isPreScaled } = props;
  const { leftOut } = plan.geometryReport;
  const imageIds = plan.frames.map(({ imageId }) => imageId);
  const create = (memory: VolumeMemory): StreamingImageVolume =>
    new StreamingImageVolume({ ...props, ...memory });
  const prefetched = takePrefetched(imageIds, voxelTypes, isPreScaled);
  // An application may drop a volume from the cache without an event; its memory is released then.
  if (
    prefetched &&
    cache.getVolume(prefetched.volume.volumeId) === (prefetched.volume as unknown)
  ) {
    return { volume: takeOver(prefetched, create), leftOut };
  }
  return { volume: create(allocate(props, voxelTypes.initial)), leftOut };
}

/** A volume as its headers and the options describe it, without its memory. */
type PlannedVolume = Omit<StreamingVolumeProps, keyof VolumeMemory>;

/**
 * Describes volumes of one creation, such as time points: they share their voxel types and their settings.
 *
 * @param plans - at least one
 */
export function describeVolumes(
  volumeId: string,
  options: CreateVolumeOptions,
  plans: readonly VolumePlan[],
): PlannedVolume[] {
  if (plans.some(({ absentFrames, resampling }) => absentFrames.length > 0 || resampling)) {
    serveAbsentSlices();
  }
  const requested = plans.flatMap(({ resampling, frames }) => resampling?.sources ?? frames);
  const isPreScaled =
    canRenderFloatTextures() || requested.every(({ rescale }) => isIntegerRescale(rescale));
  const { voxelType = 'likely', priority = 5 } = options;
  const isOfOtherScale = !isPreScaled && plans.some(({ resampling }) => resampling);
  const voxelTypes = planVoxelTypes(
    isPreScaled ? requested : requested.map(withoutRescale),
    // An interpolation between stored values of two scales may be out of the range of both.
    isOfOtherScale && voxelType === 'likely' ? 'headers' : voxelType,
  );
  const retry = retryPolicyOf(options);
  const settings = {
    volumeId,
    voxelTypes,
    numberOfComponents: numberOfComponents(plans[0]?.frames[0] as FrameMetadata),
    isPreScaled,
    adaptsInFlight: options.maxInFlight === undefined,
    maxInFlight:
      options.maxInFlight ??
      defaultMaxInFlight(knownProtocol(requested[0]?.imageId ?? ''), navigator.hardwareConcurrency),
    priority,
    backgroundPriority: options.backgroundPriority ?? priority + 1,
    frameOrder: options.frameOrder,
    signal: options.signal,
    retry,
    timeLimit: new TimeLimit(options.frameTimeoutMs ?? 60_000),
    authorization: new AuthorizationGate({
      retries: retry.retries,
      delayMs: options.authRetryDelayMs ?? 1000,
    }),
    publishFrameViews: options.publishFrameViews ?? true,
    renderIntervalMs: options.renderIntervalMs ?? 100,
    uploadBudgetMs: options.uploadBudgetMs ?? 8,
  };
  return plans.map((plan) => ({
    ...settings,
    ...plan,
    trace: options.trace
      ? new FrameTrace(
          volumeId,
          plan.frames.map(({ imageId }) => imageId),
        )
      : undefined,
  }));
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
 * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed`
 */
export function allocate(
  { volumeId, frames, numberOfComponents: components, voxelTypes }: PlannedVolume,
  dataType: VolumeDataType,
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
  const reservation = reserveCache(volumeId, sizeInBytes, imageIds);
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

/** For GPUs that do not interpolate floats: the rescale is applied when a value is read. */
function withoutRescale(frame: FrameMetadata): FrameMetadata {
  return { ...frame, rescale: IDENTITY_RESCALE };
}

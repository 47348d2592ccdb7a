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
import type { FrameMetadata } from '../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../base/voxelTypes.js';
import { numberOfComponents, planVoxelTypes } from '../geometry/voxelType.js';
import { releaseFrames } from '../headers/part10/part10Files.js';
import { lacksPart10Metadata, prefetchMetadata } from '../headers/part10/prefetchMetadata.js';
import { AuthorizationGate } from '../loading/frame/AuthorizationGate.js';
import { reserveCache } from '../loading/memory/reserveCache.js';
import { FrameTrace } from '../loading/FrameTrace.js';
import { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { VolumeMemory } from '../volume/StreamingVolumeProps.js';
import { serveAbsentSlices } from './absentSliceMetadata.js';
import {
  checkVolumeOptions,
  DEFAULT_FRAME_TIMEOUT_MS,
  defaultMaxInFlight,
  knownProtocol,
} from './options.js';
import type { CreateVolumeOptions, VolumeOptions } from './options.js';
import { planVolume } from './planVolume.js';
import { takePrefetched, withdrawPrefetched } from './prefetchedOffers.js';
import type { PrefetchedVolume } from './prefetchedOffers.js';
import { abandonOnRemoval } from './abandonOnRemoval.js';

/** What a volume loader returns: Cornerstone's load object, with a volume of this package in it. */
export interface StreamingVolumeLoadObject extends Types.IVolumeLoadObject {
  readonly promise: Promise<StreamingImageVolume & Types.IImageVolume>;
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
  const { imageIds, signal } = options;
  let volume: StreamingImageVolume | undefined;
  let lacking: readonly string[];
  try {
    signal?.throwIfAborted();
    checkCreateOptions(options);
    lacking = options.prefetchMetadata === false ? [] : imageIds.filter(lacksPart10Metadata);
    if (lacking.length === 0) {
      volume = createVolume(volumeId, options);
    }
  } catch (error) {
    triggerEvent(eventTarget, Enums.Events.VOLUME_LOADED_FAILED, { volumeId, error });
    throw error;
  }
  const make = async (abandoned: AbortSignal): Promise<StreamingImageVolume> => {
    if (!volume) {
      await prefetchFor(volumeId, lacking, options, abandoned);
      abandoned.throwIfAborted();
      volume = createVolume(volumeId, options);
    }
    // These are not loaded for this volume, so that their files need not be kept for them.
    releaseFrames(volume.geometryReport.leftOut);
    return volume;
  };
  const dispose = (): void => {
    if (volume) {
      withdrawPrefetched(volume);
      volume.dispose();
    }
    releaseFrames(imageIds);
  };
  return {
    promise: abandonOnRemoval({ volumeId, imageIds, make, made: () => volume, signal }),
    cancelFn: dispose,
    cancel: () => {
      volume?.cancelLoading();
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

function createVolume(volumeId: string, options: CreateVolumeOptions): StreamingImageVolume {
  const { frames, geometry, geometryReport, absentFrames, resampling } = planVolume(
    volumeId,
    options,
  );
  if (absentFrames.length > 0 || resampling) {
    serveAbsentSlices();
  }
  const requested = resampling?.sources ?? frames;
  const isPreScaled =
    canRenderFloatTextures() || requested.every(({ rescale }) => isIntegerRescale(rescale));
  const first = frames[0] as FrameMetadata;
  const { voxelType = 'likely' } = options;
  const isOfOtherScale = resampling !== undefined && !isPreScaled;
  const voxelTypes = planVoxelTypes(
    isPreScaled ? requested : requested.map(withoutRescale),
    // An interpolation between stored values of two scales may be out of the range of both.
    isOfOtherScale && voxelType === 'likely' ? 'headers' : voxelType,
  );
  const components = numberOfComponents(first);
  const { priority = 5 } = options;
  const retry = retryPolicyOf(options);
  const valuesPerFrame = first.rows * first.columns * components;
  const imageIds = frames.map(({ imageId }) => imageId);
  const props = {
    volumeId,
    frames,
    absentFrames,
    resampling,
    geometry,
    geometryReport,
    voxelTypes,
    numberOfComponents: components,
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
    timeLimit: new TimeLimit(options.frameTimeoutMs ?? DEFAULT_FRAME_TIMEOUT_MS),
    authorization: new AuthorizationGate({
      retries: retry.retries,
      delayMs: options.authRetryDelayMs ?? 1000,
    }),
    trace: options.trace ? new FrameTrace(volumeId, imageIds) : undefined,
    publishFrameViews: options.publishFrameViews ?? true,
    renderIntervalMs: options.renderIntervalMs ?? 100,
    uploadBudgetMs: options.uploadBudgetMs ?? 8,
  };
  const create = (memory: VolumeMemory): StreamingImageVolume =>
    new StreamingImageVolume({ ...props, ...memory });
  const prefetched = takePrefetched(imageIds, voxelTypes, isPreScaled);
  // An application may drop a volume from the cache without an event; its memory is released then.
  if (
    prefetched &&
    cache.getVolume(prefetched.volume.volumeId) === (prefetched.volume as unknown)
  ) {
    return takeOver(prefetched, create);
  }
  return create(
    allocate(volumeId, imageIds, {
      dataType: voxelTypes.initial,
      widestType: voxelTypes.widest,
      frameCount: frames.length,
      valuesPerFrame,
      shared: canShareMemory(),
    }),
  );
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

function allocate(
  volumeId: string,
  imageIds: readonly string[],
  options: ConstructorParameters<typeof FrameStore>[0],
): VolumeMemory {
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
  return { ...frame, rescale: IDENTITY_RESCALE, modalityLut: undefined };
}

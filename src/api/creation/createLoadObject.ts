import { Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import type { LazyPart } from '../../base/lazyPart.js';
import { raceAbort } from '../../base/timers.js';
import { releaseFrames } from '../../headers/part10/part10Files.js';
import { lacksPart10Metadata, prefetchMetadata } from '../../headers/part10/prefetchMetadata.js';
import type { StreamingImageVolume } from '../../volume/StreamingImageVolume.js';
import { checkVolumeOptions } from '../options.js';
import type { CreateVolumeOptions, VolumeOptions } from '../options.js';
import { abandonOnRemoval } from './abandonOnRemoval.js';
import { withdrawPrefetched } from './prefetchedOffers.js';

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

/** A volume that was made, and what its creation was given in vain. */
export interface CreatedVolume<Volume extends StreamingImageVolume> {
  readonly volume: Volume;
  /** imageIds that are not loaded for the volume. */
  readonly leftOut: readonly string[];
}

/** Makes a volume from its headers, which Cornerstone has. */
export type CreateVolume<Volume extends StreamingImageVolume> = (
  volumeId: string,
  options: CreateVolumeOptions,
) => CreatedVolume<Volume>;

/**
 * Cornerstone's load object of a volume. Its headers are fetched first where Cornerstone lacks them, and so is the
 * script that makes volumes, unless it is there.
 *
 * Faults of the arguments are thrown: wrong options always, and those of the headers where nothing has to be fetched.
 *
 * @throws as `cornerstoneStreamingImageVolumeLoader` does
 */
export function createLoadObject<Volume extends StreamingImageVolume>(
  volumeId: string,
  options: CreateVolumeOptions,
  maker: LazyPart<CreateVolume<Volume>>,
): StreamingVolumeLoadObject<Volume> {
  const { imageIds, signal } = options;
  let created: CreatedVolume<Volume> | undefined;
  let lacking: readonly string[];
  try {
    signal?.throwIfAborted();
    checkCreateOptions(options);
    lacking = options.prefetchMetadata === false ? [] : imageIds.filter(lacksPart10Metadata);
    if (lacking.length === 0) {
      created = maker.part?.(volumeId, options);
    }
  } catch (error) {
    triggerEvent(eventTarget, Enums.Events.VOLUME_LOADED_FAILED, { volumeId, error });
    throw error;
  }
  const make = async (abandoned: AbortSignal): Promise<Volume> => {
    if (!created) {
      const [create] = await Promise.all([
        raceAbort(maker.fetch(), abandoned),
        lacking.length > 0 ? prefetchFor(volumeId, lacking, options, abandoned) : undefined,
      ]);
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

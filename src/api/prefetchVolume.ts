import { cache, eventTarget } from '@cornerstonejs/core';
import { raceAbort } from '../base/timers.js';
import { VOLUME_PROGRESS } from '../base/volumeEvents.js';
import type { LoadResult, VolumeProgress } from '../loading/LoadProgress.js';
import { isStreamingDynamicImageVolume } from '../volume/isStreamingImageVolume.js';
import { createStreamingVolume } from './createStreamingVolume.js';
import type { VolumeOptions } from './options.js';
import { offerPrefetched } from './creation/prefetchedOffers.js';
import { VOLUME_SCHEME } from './register.js';

/** Options of {@link prefetchVolume}, besides those of every volume. */
export interface PrefetchVolumeOptions extends VolumeOptions {
  /** Default: a new one. Its scheme has to be one of this package's volume loader. */
  readonly volumeId?: string | undefined;
  /** Ends the prefetching. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the progress, at most once in a render interval. */
  readonly onProgress?: ((progress: VolumeProgress) => void) | undefined;
}

/** The outcome of {@link prefetchVolume}. */
export interface PrefetchResult extends LoadResult {
  /** Of the volume that holds the frames now. */
  readonly volumeId: string;
}

/** Priority in Cornerstone's request pool, behind viewports and other volumes. */
const PREFETCH_PRIORITY = 10;

let prefetchCount = 0;

/**
 * Makes a volume and fills it in the background, behind everything that is on screen.
 *
 * A later `createAndCacheVolume` with the same volumeId gets this volume, filled as far as it is. With
 * another volumeId and the same imageIds, the new volume takes over its memory and continues the load:
 * only the few frames that are in flight at that moment are requested again. The volume stays in Cornerstone's cache
 * until it is taken over or removed.
 *
 * @returns resolves when every frame has ended, also when some failed, and when the volume was taken over
 *   meanwhile; rejects as `createAndCacheVolume` does, and with `signal.reason` after an abort. A volume
 *   under a volumeId that was not given is removed then; nothing happens to one that was taken over
 * @throws TypeError when the volumeId's scheme has another volume loader
 */
export async function prefetchVolume(
  imageIds: readonly string[],
  {
    volumeId = newVolumeId(),
    signal,
    onProgress,
    backgroundPriority = PREFETCH_PRIORITY,
    ...options
  }: PrefetchVolumeOptions = {},
): Promise<PrefetchResult> {
  signal?.throwIfAborted();
  const made = await createStreamingVolume(volumeId, {
    ...options,
    backgroundPriority,
    imageIds,
  });
  let volume = made;
  // A volume of time points keeps its memory: an application gets it by its volumeId.
  const offer = isStreamingDynamicImageVolume(made) ? () => () => undefined : offerPrefetched;
  const withdraw = offer({
    volume,
    onTaken: (successor) => {
      volume = successor;
    },
  });
  const tell = ((event: CustomEvent<VolumeProgress & { volumeId: string }>): void => {
    const { volumeId: toldId, ...progress } = event.detail;
    if (toldId === volume.volumeId) {
      onProgress?.(progress);
    }
  }) as EventListener;
  eventTarget.addEventListener(VOLUME_PROGRESS, tell);
  try {
    signal?.throwIfAborted();
    // Cancelled synchronously within the abort: some promises later another caller may load the volume.
    const loading = made.load(undefined, { signal });
    let result = await raceAbort(loading, signal).catch((error: unknown) => {
      if (volume === made) {
        throw error;
      }
    });
    // Others may use the successor too: an abort ends only the wait for it.
    result ??= await raceAbort(volume.load(), signal);
    return { ...result, volumeId: volume.volumeId };
  } catch (error) {
    withdraw();
    if (
      signal?.aborted &&
      isGenerated(made.volumeId) &&
      cache.getVolume(made.volumeId) === (made as unknown)
    ) {
      cache.removeVolumeLoadObject(made.volumeId);
    }
    throw error;
  } finally {
    eventTarget.removeEventListener(VOLUME_PROGRESS, tell);
  }
}

const GENERATED = `${VOLUME_SCHEME}:prefetched/`;

function newVolumeId(): string {
  prefetchCount += 1;
  return `${GENERATED}${prefetchCount}`;
}

function isGenerated(volumeId: string): boolean {
  return volumeId.startsWith(GENERATED);
}

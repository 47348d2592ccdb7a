import { cache, Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../base/errors.js';
import { logger } from '../loading/LoadProgress.js';
import { isStreamingImageVolume } from '../volume/isStreamingImageVolume.js';

/**
 * Type of the event on Cornerstone's `eventTarget` for another volume loader that was registered
 * for a scheme of this package, after this package's own. It is triggered once for each registration, with the
 * first volume that the other loader has made; its detail is a {@link VolumeLoaderReplaced}.
 */
export const VOLUME_LOADER_REPLACED = 'STREAMING_IMAGE_VOLUME_LOADER_REPLACED';

/** The detail of {@link VOLUME_LOADER_REPLACED}. */
export interface VolumeLoaderReplaced {
  /** Of the volume that another loader has made. */
  readonly volumeId: string;
  /** Code `loader-replaced`, with the volumeId, its imageIds, and a message that says what to do. */
  readonly warning: StreamingVolumeError;
}

/** The fields that are read of a volume of any loader. */
interface LoadedVolume {
  readonly volumeId?: string;
  readonly imageIds?: readonly string[];
}

/**
 * Workaround: core's cache (cache/cache.js) lists the volumes that are not loaded yet only in a private field.
 * Remove when `getVolumes` or another public method lists them.
 */
interface VolumeEntries {
  readonly _volumeCache?: ReadonlyMap<string, { readonly loaded: boolean }>;
}

/**
 * Detects that another volume loader has taken the place of this package's: triggers an event and logs one line,
 * once. Volumes that are put into the cache without a loader (derived, local, or made of Images) do not count, nor
 * do volumes that were requested before.
 *
 * Workaround: core (loaders/volumeLoader.js) has no getter for the loader of a scheme, so the replacement is detected
 * by the volumes that loaders make. Remove when it has one.
 *
 * @param schemes - for which this package's loader is registered
 * @param onReplaced - called before the event
 * @returns ends the watch
 */
export function watchVolumeLoader(schemes: readonly string[], onReplaced: () => void): () => void {
  const asked = pendingVolumes();
  const stop = (): void => {
    eventTarget.removeEventListener(Enums.Events.VOLUME_LOADED, onLoaded);
  };
  const onLoaded = ((event: CustomEvent<{ volume: LoadedVolume }>): void => {
    const { volume } = event.detail;
    const { volumeId = '', imageIds = [] } = volume;
    const scheme = schemes.find((each) => volumeId.startsWith(`${each}:`));
    if (scheme === undefined || isStreamingImageVolume(volume) || asked.delete(volumeId)) {
      return;
    }
    stop();
    onReplaced();
    tell({ volumeId, warning: replacedWarning(scheme, volumeId, imageIds) });
  }) as EventListener;
  eventTarget.addEventListener(Enums.Events.VOLUME_LOADED, onLoaded);
  return stop;
}

/** The volumeIds of the volumes that are being made. */
function pendingVolumes(): Set<string> {
  const { _volumeCache: entries = new Map() } = cache as unknown as VolumeEntries;
  return new Set([...entries].filter(([, { loaded }]) => !loaded).map(([volumeId]) => volumeId));
}

function replacedWarning(
  scheme: string,
  volumeId: string,
  imageIds: readonly string[],
): StreamingVolumeError {
  return new StreamingVolumeError(
    'loader-replaced',
    `Volume ${volumeId} of ${imageIds.length} imageIds was made by another volume loader, which was ` +
      `registered for the scheme ${scheme} after registerStreamingImageVolumeLoader(). Call that function ` +
      `after everything else that registers volume loaders`,
    { volumeId, imageIds },
  );
}

function tell(detail: VolumeLoaderReplaced): void {
  logger().warn(detail.warning.message);
  triggerEvent(eventTarget, VOLUME_LOADER_REPLACED, detail);
}

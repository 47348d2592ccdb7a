import { cache, Enums, eventTarget } from '@cornerstonejs/core';
import { StreamingVolumeError } from './errors.js';
import type { StreamingImageVolume } from './volume/StreamingImageVolume.js';

const { VOLUME_CACHE_VOLUME_REMOVED } = Enums.Events;

/**
 * Resolves with a new volume, which Cornerstone then has in its cache.
 *
 * Until then, Cornerstone forgets to remove a volume that it is told to remove. The creation is
 * abandoned in its stead: the promise rejects, and nothing stays in the cache.
 *
 * @param signal - rejects the promise with its reason when it aborts before
 */
export function settleCreation(
  volume: StreamingImageVolume,
  signal: AbortSignal | undefined,
): Promise<StreamingImageVolume> {
  const { volumeId, imageIds } = volume;
  let isRemoved = false;
  const onRemoved = ((event: CustomEvent<{ volumeId: string }>): void => {
    isRemoved ||= event.detail.volumeId === volumeId;
  }) as EventListener;
  eventTarget.addEventListener(VOLUME_CACHE_VOLUME_REMOVED, onRemoved);

  const made = Promise.resolve(volume);
  const outcome = made.then(() => {
    eventTarget.removeEventListener(VOLUME_CACHE_VOLUME_REMOVED, onRemoved);
    if (isRemoved || signal?.aborted) {
      volume.dispose();
      takeOutOfCache(volume);
    }
    signal?.throwIfAborted();
    if (isRemoved) {
      const message = `Volume ${volumeId} was removed while it was made`;
      throw new StreamingVolumeError('volume-removed', message, { volumeId, imageIds });
    }
    return volume;
  });
  return withoutUnhandledRejection(outcome, made);
}

/** Once the cache has been given the volume, which it is in this turn, it can take it out. */
function takeOutOfCache(volume: StreamingImageVolume): void {
  queueMicrotask(() => {
    if (cache.getVolume(volume.volumeId) === (volume as unknown)) {
      cache.removeVolumeLoadObject(volume.volumeId);
    }
  });
}

/**
 * Cornerstone's cache waits for a volume in a promise that nobody holds: a rejection there is an
 * unhandled one, although the caller of `createAndCacheVolume` gets it too. Whoever attaches no
 * rejection handler, as the cache does, gets `made` instead.
 */
function withoutUnhandledRejection<T>(outcome: Promise<T>, made: Promise<T>): Promise<T> {
  outcome.catch(() => undefined);
  const attach = outcome.then.bind(outcome);
  const then: typeof outcome.then = (onFulfilled, onRejected) =>
    onRejected ? attach(onFulfilled, onRejected) : made.then(onFulfilled, onRejected);
  // oxlint-disable-next-line unicorn/no-thenable -- a promise stays one: only who gets what differs
  return Object.defineProperty(outcome, 'then', { value: then });
}

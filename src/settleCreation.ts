import { Enums, eventTarget } from '@cornerstonejs/core';
import { StreamingVolumeError } from './errors.js';
import type { StreamingImageVolume } from './volume/StreamingImageVolume.js';

const { VOLUME_CACHE_VOLUME_REMOVED } = Enums.Events;

/** A volume that is being made. */
export interface VolumeCreation {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  /** Makes it; gives up when its signal aborts. */
  readonly make: (signal: AbortSignal) => Promise<StreamingImageVolume>;
  /** Rejects the promise with its reason when it aborts before the volume is made. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Resolves with a new volume, which Cornerstone then has in its cache.
 *
 * Until then, Cornerstone forgets to remove a volume that it is told to remove. The creation is
 * abandoned in its stead: the promise rejects, and nothing stays in the cache.
 */
export function settleCreation({
  volumeId,
  imageIds,
  make,
  signal,
}: VolumeCreation): Promise<StreamingImageVolume> {
  const removal = new AbortController();
  const onRemoved = ((event: CustomEvent<{ volumeId: string }>): void => {
    if (event.detail.volumeId === volumeId) {
      const message = `Volume ${volumeId} was removed while it was made`;
      removal.abort(new StreamingVolumeError('volume-removed', message, { volumeId, imageIds }));
    }
  }) as EventListener;
  eventTarget.addEventListener(VOLUME_CACHE_VOLUME_REMOVED, onRemoved);

  const settle = async (): Promise<StreamingImageVolume> => {
    const abandoned = AbortSignal.any(signal ? [signal, removal.signal] : [removal.signal]);
    try {
      const volume = await make(abandoned);
      if (abandoned.aborted) {
        volume.dispose();
      }
      abandoned.throwIfAborted();
      return volume;
    } finally {
      eventTarget.removeEventListener(VOLUME_CACHE_VOLUME_REMOVED, onRemoved);
    }
  };
  return withoutUnhandledRejection(settle());
}

/**
 * Cornerstone's cache takes a volume out again when its promise rejects, and rethrows into a promise
 * that nobody holds: an unhandled rejection, although the caller of `createAndCacheVolume` gets it too.
 * It is the one that attaches its rejection handler behind its other, and gets nothing to rethrow into.
 */
function withoutUnhandledRejection<T>(outcome: Promise<T>): Promise<T> {
  outcome.catch(() => undefined);
  const attach = outcome.then.bind(outcome);
  const then = ((onFulfilled, onRejected) => {
    const next = attach(onFulfilled, onRejected);
    if (onRejected) {
      return next;
    }
    const attachCatch = next.catch.bind(next);
    const catchQuietly: typeof next.catch = (handler) =>
      attachCatch(handler).catch(() => undefined as never);
    return Object.defineProperty(next, 'catch', { value: catchQuietly });
  }) as typeof outcome.then;
  // oxlint-disable-next-line unicorn/no-thenable -- a promise stays one: only what follows differs
  return Object.defineProperty(outcome, 'then', { value: then });
}

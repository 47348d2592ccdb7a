import { StreamingVolumeError } from '../base/errors.js';
import { PendingCacheEntry } from './PendingCacheEntry.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';

/** A volume that is being made. */
export interface VolumeCreation {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  /** Makes it; gives up when its signal aborts. */
  readonly make: (signal: AbortSignal) => Promise<StreamingImageVolume>;
  /** The volume, as soon as it is there. */
  readonly made: () => StreamingImageVolume | undefined;
  /** Rejects the promise with its reason when it aborts before the volume is made. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Resolves with a new volume, which Cornerstone then has in its cache.
 *
 * A creation whose volume is removed from the cache meanwhile, or whose signal aborts, is abandoned: its
 * promise rejects, nothing stays in the cache, and the volumeId is free for another volume at once.
 */
export function settleCreation({
  volumeId,
  imageIds,
  make,
  made,
  signal,
}: VolumeCreation): Promise<StreamingImageVolume> {
  const abandonment = new AbortController();
  const abandoned = abandonment.signal;
  const making = make(abandoned);
  const promise = settle();
  const entry = new PendingCacheEntry({
    volumeId,
    promise,
    made,
    onRemoved: () => {
      const message = `Volume ${volumeId} was removed while it was made`;
      abandonment.abort(
        new StreamingVolumeError('volume-removed', message, { volumeId, imageIds }),
      );
    },
  });
  signal?.addEventListener('abort', giveUp);
  return promise;

  async function settle(): Promise<StreamingImageVolume> {
    try {
      const volume = await making;
      entry.settle();
      abandoned.throwIfAborted();
      return volume;
    } catch (error) {
      entry.settle();
      made()?.dispose();
      throw abandoned.aborted ? abandoned.reason : error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  function giveUp(): void {
    abandonment.abort(signal?.reason);
    entry.remove();
  }
}

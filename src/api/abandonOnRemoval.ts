import { cache, Enums, eventTarget } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../base/errors.js';
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
export function abandonOnRemoval({
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

const { VOLUME_CACHE_VOLUME_REMOVED } = Enums.Events;

/** A volume that is being made, and that Cornerstone's cache may have an entry of. */
export interface PendingVolume {
  readonly volumeId: string;
  /** Settles when the volume is made or given up. */
  readonly promise: Promise<StreamingImageVolume>;
  /** The volume, as soon as it is there. */
  readonly made: () => StreamingImageVolume | undefined;
  /** Called when the entry has been taken out of the cache before the volume was made. */
  readonly onRemoved: () => void;
}

/** What Cornerstone says in the event; its types leave out the entry. */
interface RemovedDetail {
  readonly volumeId: string;
  readonly volume?: { volume?: unknown };
}

type Attach = (onFulfilled: (volume: StreamingImageVolume) => unknown) => Promise<unknown>;

/**
 * The entry that Cornerstone's cache has of a volume from `createAndCacheVolume` on until it is made.
 *
 * Core (cache/cache.js, 5.6.8 to 5.14) keeps such an entry when it is told to remove it (`_decacheVolume`
 * returns where the entry has no volume), so that a second `createAndCacheVolume` joins a volume that is
 * not to be; and it deletes by volumeId alone when the promise rejects (`putVolumeLoadObject`), which would
 * hit the entry of that second volume. Here the entry leaves at once, and core's handlers of the promise
 * see only what concerns the entry that they are of. Remove when core removes entries without a volume.
 */
export class PendingCacheEntry {
  readonly #pending: PendingVolume;
  #isPut = false;

  constructor(pending: PendingVolume) {
    this.#pending = pending;
    eventTarget.addEventListener(VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
    this.#replaceThen();
  }

  /** Takes the entry out of the cache, if it is there. */
  remove(): void {
    if (this.#isCached()) {
      cache.removeVolumeLoadObject(this.#pending.volumeId);
    }
  }

  /** To be called when the volume is made, or cannot be. */
  settle(): void {
    if (!this.#isPut) {
      this.#stop();
    } else if (!this.#isCached()) {
      // Applications also delete entries without a word.
      this.#pending.onRemoved();
    }
  }

  #stop(): void {
    eventTarget.removeEventListener(VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
  }

  #isCached(): boolean {
    const { volumeId, promise } = this.#pending;
    const cached: unknown = cache.getVolumeLoadObject(volumeId)?.promise;
    return cached === promise;
  }

  readonly #onRemoved = ((event: CustomEvent<RemovedDetail>): void => {
    const { volumeId, made, onRemoved } = this.#pending;
    const { volumeId: removedId, volume: entry } = event.detail;
    // Another volume may have the volumeId by now.
    if (removedId === volumeId && this.#isCached()) {
      if (entry) {
        // With a volume in it, core goes on and deletes it, and calls `cancelFn`.
        entry.volume ??= made() ?? {};
      }
      onRemoved();
    }
  }) as EventListener;

  /**
   * Cornerstone's cache attaches its two handlers one behind the other, and nobody else does: that is how
   * it is known. It rethrows a rejection into a promise that nobody holds, which would be unhandled although
   * the caller of `createAndCacheVolume` gets it too.
   */
  #replaceThen(): void {
    const { promise } = this.#pending;
    promise.catch(() => undefined);
    const attach = promise.then.bind(promise);
    const then = ((onFulfilled, onRejected) =>
      onFulfilled && !onRejected && this.#isCached()
        ? this.#put(attach, onFulfilled)
        : attach(onFulfilled, onRejected)) as typeof promise.then;
    // oxlint-disable-next-line unicorn/no-thenable -- a promise stays one: only what follows differs
    void Object.defineProperty(promise, 'then', { value: then });
  }

  #put(attach: Attach, onFulfilled: (volume: StreamingImageVolume) => unknown): Promise<unknown> {
    this.#isPut = true;
    const put = attach((volume) => (this.#isCached() ? onFulfilled(volume) : volume.dispose()));
    const stop = (): void => {
      this.#stop();
    };
    // Until then the entry may be removed before core has put the volume into it.
    put.then(stop, stop);
    const attachCatch = put.catch.bind(put);
    const catchOwn = (onRejected: (reason: unknown) => unknown): Promise<unknown> =>
      attachCatch((reason: unknown) => (this.#isCached() ? onRejected(reason) : undefined)).catch(
        () => undefined,
      );
    return Object.defineProperty(put, 'catch', { value: catchOwn });
  }
}

import { cache, Enums, eventTarget } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import type { StreamingImageVolume } from '../../volume/StreamingImageVolume.js';

const { VOLUME_CACHE_VOLUME_REMOVED } = Enums.Events;

/** A volume that is being made. */
export interface VolumeCreation<Volume extends StreamingImageVolume> {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  /** Makes the volume; rejects with the reason of the signal when that aborts. */
  readonly make: (signal: AbortSignal) => Promise<Volume>;
  /** The volume; undefined until it is made. */
  readonly made: () => Volume | undefined;
  /** When it aborts before the volume is made, the promise rejects with its reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes a volume whose creation ends when its entry is removed from Cornerstone's cache.
 *
 * A removal before the volume is made, or an abort of the signal, abandons the creation: its promise rejects,
 * nothing stays in the cache, and the volumeId is free for another volume at once.
 *
 * @returns the volume; Cornerstone's cache owns it. Rejects with code `volume-removed`, or with `signal.reason`
 */
export function abandonOnRemoval<Volume extends StreamingImageVolume>({
  volumeId,
  imageIds,
  make,
  made,
  signal,
}: VolumeCreation<Volume>): Promise<Volume> {
  const abandonment = new AbortController();
  const abandoned = abandonment.signal;
  const making = make(abandoned);
  const promise = settle();
  const entry = new PendingCacheEntry({
    volumeId,
    promise,
    made,
    onRemoved: () => {
      const message =
        `Volume ${volumeId} was removed from the cache before it was made: ` +
        `call createAndCacheVolume again to get it`;
      abandonment.abort(
        new StreamingVolumeError('volume-removed', message, { volumeId, imageIds }),
      );
    },
  });
  signal?.addEventListener('abort', abandon);
  return promise;

  async function settle(): Promise<Volume> {
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
      signal?.removeEventListener('abort', abandon);
    }
  }

  function abandon(): void {
    abandonment.abort(signal?.reason);
    entry.remove();
  }
}

/** A volume that is being made, for which Cornerstone's cache may have an entry. */
interface PendingVolume {
  readonly volumeId: string;
  /** Settles when the volume is made, fails or is abandoned. */
  readonly promise: Promise<StreamingImageVolume>;
  /** The volume; undefined until it is made. */
  readonly made: () => StreamingImageVolume | undefined;
  /** Called when the entry was removed from the cache before the volume was made. */
  readonly onRemoved: () => void;
}

/** Detail of the event; Cornerstone's types leave out the entry. */
interface RemovedDetail {
  readonly volumeId: string;
  readonly volume?: { volume?: unknown };
}

type Attach = (onFulfilled: (volume: StreamingImageVolume) => unknown) => Promise<unknown>;

/**
 * The entry in Cornerstone's cache of a volume that `createAndCacheVolume` has begun and that is not made yet. A
 * removal takes effect at once, and core's handlers of the promise see only what concerns their own entry.
 *
 * Workaround: core keeps an entry without a volume when it is told to remove it, so that a second
 * `createAndCacheVolume` joins a volume that will not come, and deletes by volumeId alone when the promise
 * rejects, which would hit the entry of that second volume (cache/cache.js `_decacheVolume` and
 * `putVolumeLoadObject`, 5.6.8 to 5.14). Remove when core removes entries without a volume.
 */
class PendingCacheEntry {
  readonly #pending: PendingVolume;
  #isPut = false;

  constructor(pending: PendingVolume) {
    this.#pending = pending;
    eventTarget.addEventListener(VOLUME_CACHE_VOLUME_REMOVED, this.#onRemoved);
    this.#replaceThen();
  }

  /** Removes the entry from the cache, if the cache has it. */
  remove(): void {
    if (this.#isCached()) {
      cache.removeVolumeLoadObject(this.#pending.volumeId);
    }
  }

  /** To be called when the volume is made, or has failed. */
  settle(): void {
    if (!this.#isPut) {
      this.#stop();
    } else if (!this.#isCached()) {
      // An application may delete an entry without an event.
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
        // Core deletes an entry that has a volume, and calls its `cancelFn`.
        entry.volume ??= made() ?? {};
      }
      onRemoved();
    }
  }) as EventListener;

  /**
   * Workaround: Cornerstone's cache attaches `then(onFulfilled)` and behind it `catch`, which rethrows into a
   * promise without a handler: an unhandled rejection, although the caller of `createAndCacheVolume` gets it too
   * (cache/cache.js `putVolumeLoadObject`, 5.6.8 to 5.14). A `then` without a second handler is how the cache is
   * recognised. Remove when core handles the rejection.
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
    // Before that, the entry may be removed while core has not put the volume into it.
    put.then(stop, stop);
    const attachCatch = put.catch.bind(put);
    const catchOwn = (onRejected: (reason: unknown) => unknown): Promise<unknown> =>
      attachCatch((reason: unknown) => (this.#isCached() ? onRejected(reason) : undefined)).catch(
        () => undefined,
      );
    return Object.defineProperty(put, 'catch', { value: catchOwn });
  }
}

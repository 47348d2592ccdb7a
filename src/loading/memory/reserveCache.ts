import { cache } from '@cornerstonejs/core';
import { removedError, StreamingVolumeError } from '../../base/errors.js';
import { hasRoom, makeRoom } from './spareMemory.js';

const MEGABYTE = 1024 * 1024;

/** Bytes that are reserved in Cornerstone's cache. */
export interface CacheReservation {
  /**
   * Reserves more for the same volume, evicting Images that may be evicted, and releasing the spare memory of other
   * volumes.
   *
   * @param imageId - of the frame that needs them
   * @returns gives these bytes back
   * @throws StreamingVolumeError with code `cache-size-exceeded`, or `volume-removed` after a release;
   *   nothing is evicted or reserved then
   */
  readonly grow: (bytes: number, imageId: string) => () => void;
  /** Gives all bytes back; later calls do nothing. */
  readonly release: () => void;
}

/**
 * Reserves the bytes of a volume in Cornerstone's cache, evicting Images that may be evicted, those of
 * the volume itself last.
 *
 * @param takesSpare - whether other volumes release their spare memory for it, such as time points that are not shown
 * @throws StreamingVolumeError with code `cache-size-exceeded`; nothing is evicted or reserved then
 */
export function reserveCache(
  volumeId: string,
  sizeInBytes: number,
  imageIds: readonly string[],
  takesSpare = true,
): CacheReservation {
  if (!hasRoom(sizeInBytes) && !(takesSpare && makeRoom(sizeInBytes, volumeId))) {
    throw exceeded(`Volume ${volumeId} needs`, sizeInBytes, { volumeId, imageIds });
  }
  take(sizeInBytes, imageIds);
  let reserved = sizeInBytes;
  let isReleased = false;
  return {
    grow: (bytes, imageId) => {
      if (isReleased) {
        throw removedError(volumeId, [imageId]);
      }
      if (!hasRoom(bytes) && !makeRoom(bytes, volumeId)) {
        throw exceeded(
          `Volume ${volumeId} has to grow, for the values of a frame (${imageId}), by`,
          bytes,
          {
            volumeId,
            imageIds: [imageId],
          },
        );
      }
      take(bytes, imageIds);
      reserved += bytes;
      return () => {
        if (!isReleased) {
          reserved -= bytes;
          cache.decrementImageCacheSize(bytes);
        }
      };
    },
    release: () => {
      if (!isReleased) {
        isReleased = true;
        cache.decrementImageCacheSize(reserved);
      }
    },
  };
}

function take(bytes: number, imageIds: readonly string[]): void {
  cache.decacheIfNecessaryUntilBytesAvailable(bytes, [...imageIds]);
  cache.incrementImageCacheSize(bytes);
}

function exceeded(
  what: string,
  bytes: number,
  details: { readonly volumeId: string; readonly imageIds: readonly string[] },
): StreamingVolumeError {
  const inMegabytes = (size: number): string => `${(size / MEGABYTE).toFixed(1)} MB`;
  return new StreamingVolumeError(
    'cache-size-exceeded',
    `${what} ${inMegabytes(bytes)}, but the cache holds at most ` +
      `${inMegabytes(cache.getMaxCacheSize())} and ` +
      `${inMegabytes(cache.getBytesAvailable())} of it are free. Remove other volumes, or raise the limit with ` +
      'cache.setMaxCacheSize',
    details,
  );
}

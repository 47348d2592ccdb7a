import { cache } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../errors.js';

const MEGABYTE = 1024 * 1024;

/**
 * Reserves the bytes of a volume in Cornerstone's cache, evicting Images that may be evicted, those of
 * the volume itself last.
 *
 * @returns gives the bytes back; later calls do nothing
 * @throws StreamingVolumeError with code `cache-size-exceeded`; nothing is evicted or reserved then
 */
export function reserveCache(
  volumeId: string,
  sizeInBytes: number,
  imageIds: readonly string[],
): () => void {
  if (!cache.isCacheable(sizeInBytes)) {
    const inMegabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
    throw new StreamingVolumeError(
      'cache-size-exceeded',
      `Volume ${volumeId} needs ${inMegabytes(sizeInBytes)}, but the cache holds at most ` +
        `${inMegabytes(cache.getMaxCacheSize())} and ` +
        `${inMegabytes(cache.getBytesAvailable())} of it are free`,
      { volumeId, imageIds },
    );
  }
  cache.decacheIfNecessaryUntilBytesAvailable(sizeInBytes, [...imageIds]);
  cache.incrementImageCacheSize(sizeInBytes);
  let reserved = true;
  return () => {
    if (reserved) {
      reserved = false;
      cache.decrementImageCacheSize(sizeInBytes);
    }
  };
}

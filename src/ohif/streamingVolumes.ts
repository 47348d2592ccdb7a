import { cache } from '@cornerstonejs/core';
import { isStreamingImageVolume } from '../index.js';
import type { StreamingImageVolume } from '../index.js';

/** The volumes of this package in Cornerstone's cache. */
export function streamingVolumes(): StreamingImageVolume[] {
  // Core's cache lists a volume that is still being made as undefined.
  return (cache.getVolumes() as unknown[]).filter(isStreamingImageVolume);
}

/** @returns undefined for a volume of another loader, and for one that is not in the cache */
export function findStreamingVolume(volumeId: string): StreamingImageVolume | undefined {
  const volume: unknown = cache.getVolume(volumeId);
  return isStreamingImageVolume(volume) ? volume : undefined;
}

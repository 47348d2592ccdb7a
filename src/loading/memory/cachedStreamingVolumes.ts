import { cache } from '@cornerstonejs/core';
import type { LinearRescale, VolumeArray } from '../../base/types.js';

/** The voxels of a frame that a volume has loaded. */
export interface LoadedFrame {
  /** A live view of the volume's memory. */
  readonly pixels: VolumeArray;
  /** The rescale that was applied to the stored values; undefined when the pixels are stored values. */
  readonly appliedRescale: LinearRescale | undefined;
}

/** What other volumes read of a volume of this package. */
export interface CachedStreamingVolume {
  readonly volumeId: string;
  getImageIdIndex(imageId: string): number | undefined;
  readonly heldFrames: {
    /** The voxels of a frame; undefined while it is not loaded, and once the volume is removed. */
    read(sliceIndex: number): LoadedFrame | undefined;
    /** Puts a frame into the image cache if it is loaded and the cache has no entry for it. */
    publish(sliceIndex: number): void;
  };
}

/** The volumes of this package that are in Cornerstone's cache. */
export function cachedStreamingVolumes(): CachedStreamingVolume[] {
  return (cache.getVolumes() as unknown[]).filter(isCachedStreamingVolume);
}

/** Whether a volume is one of this package. The class is not imported: it would import this module in turn. */
export function isCachedStreamingVolume(volume: unknown): volume is CachedStreamingVolume {
  return (
    typeof (volume as Partial<CachedStreamingVolume> | undefined)?.heldFrames?.read === 'function'
  );
}

/**
 * Finds a frame in the volumes of Cornerstone's cache.
 *
 * @returns undefined where no volume of this package has loaded it
 */
export function findLoadedFrame(imageId: string): LoadedFrame | undefined {
  for (const volume of cachedStreamingVolumes()) {
    const sliceIndex = volume.getImageIdIndex(imageId);
    const frame = sliceIndex === undefined ? undefined : volume.heldFrames.read(sliceIndex);
    if (frame) {
      return frame;
    }
  }
  return undefined;
}

/**
 * Lets another volume put its own view of a frame into the image cache, where the cache has no entry for it.
 *
 * @param formerId - volumeId of the volume whose view was there
 */
export function publishFromOthers(imageId: string, formerId: string): void {
  for (const volume of cachedStreamingVolumes().filter(({ volumeId }) => volumeId !== formerId)) {
    const sliceIndex = volume.getImageIdIndex(imageId);
    if (sliceIndex !== undefined && !cache.getImageLoadObject(imageId)) {
      volume.heldFrames.publish(sliceIndex);
    }
  }
}

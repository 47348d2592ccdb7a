import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import type { LinearRescale, VolumeArray } from '../../base/types.js';

/** An entry of Cornerstone's image cache, which calls all three functions without a check. */
export interface ImageCacheEntry {
  readonly promise: Promise<Types.IImage>;
  readonly cancelFn: () => void;
  readonly cancel: () => void;
  readonly decache: () => void;
}

/** The volume that has made each entry, as an object that only this volume has. */
const owners = new WeakMap<object, object>();

/**
 * Makes an entry for the image cache.
 *
 * @param owner - an object that only the volume has, for {@link ownsCacheEntry}
 * @param decache - called when the entry leaves the cache
 */
export function createCacheEntry(
  owner: object,
  promise: Promise<Types.IImage>,
  decache: () => void,
): ImageCacheEntry {
  // A view needs no work of its own: there is nothing to cancel.
  const cancel = (): void => undefined;
  const entry = { promise, cancelFn: cancel, cancel, decache };
  owners.set(entry, owner);
  return entry;
}

/** Whether the image cache's entry for an imageId was made for this owner. */
export function ownsCacheEntry(owner: object, imageId: string): boolean {
  const entry = cache.getImageLoadObject(imageId);
  return entry !== undefined && owners.get(entry) === owner;
}

/**
 * Puts an entry into Cornerstone's image cache, in the place of the present one where there is one.
 *
 * The present entry's `decache` is called when the new one leaves the cache: dicom-image-loader's entries of
 * Part 10 files hold the headers of the file.
 */
export function replaceCacheEntry(imageId: string, entry: ImageCacheEntry): void {
  const replaced = cache.getImageLoadObject(imageId) as { decache?: () => void } | undefined;
  const close = replaced?.decache?.bind(replaced);
  if (replaced) {
    delete replaced.decache;
    cache.removeImageLoadObject(imageId, { force: true });
  }
  const { decache } = entry;
  const closeReplaced = (): void => {
    if (close) {
      callApplication(close);
    }
  };
  const decacheBoth = (): void => {
    closeReplaced();
    decache();
  };
  cache.putImageLoadObject(imageId, Object.assign(entry, { decache: decacheBoth })).catch(() => {
    // Cornerstone has logged why. The image loader serves the frame from now on.
    closeReplaced();
  });
}

/**
 * Puts Images into Cornerstone's image cache, at once, as far as there is room: no Image is evicted for them,
 * and an entry that is there for the same imageId stays.
 */
export function cacheImages(images: readonly Types.IImage[]): void {
  for (const image of images) {
    const isThere = cache.getImageLoadObject(image.imageId) !== undefined;
    if (!isThere && image.sizeInBytes <= cache.getBytesAvailable()) {
      cache.putImageSync(image.imageId, image);
    }
  }
}

/** The voxels of a frame that a volume has loaded. */
export interface LoadedFrame {
  /** A live view of the volume's memory. */
  readonly pixels: VolumeArray;
  /** The rescale that was applied to the stored values; undefined when the pixels are stored values. */
  readonly appliedRescale: LinearRescale | undefined;
}

/** What other volumes read of a volume of this package. */
interface CachedStreamingVolume {
  readonly volumeId: string;
  getImageIdIndex(imageId: string): number | undefined;
  readonly heldFrames: {
    /** The voxels of a frame; undefined while they are not there in full quality, and once the volume is removed. */
    read(sliceIndex: number): LoadedFrame | undefined;
    /** Puts a frame into the image cache if it is loaded and the cache has no entry for it. */
    publish(sliceIndex: number): void;
  };
}

/** The volumes of this package that are in Cornerstone's cache. */
function cachedStreamingVolumes(): CachedStreamingVolume[] {
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
 * @returns undefined where no volume of this package has loaded it in full quality
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

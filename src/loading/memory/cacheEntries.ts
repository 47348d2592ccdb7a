import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';

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
  const decacheBoth = (): void => {
    close?.();
    decache();
  };
  cache.putImageLoadObject(imageId, Object.assign(entry, { decache: decacheBoth })).catch(() => {
    // Cornerstone has logged why. The image loader serves the frame from now on.
    close?.();
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

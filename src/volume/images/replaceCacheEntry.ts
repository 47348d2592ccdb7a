import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';

/** An entry of Cornerstone's image cache; it calls all three functions without a check. */
export interface ImageCacheEntry {
  readonly promise: Promise<Types.IImage>;
  readonly cancelFn: () => void;
  readonly cancel: () => void;
  readonly decache: () => void;
}

/**
 * Puts an entry into Cornerstone's image cache in the place of the one that is there, if one is.
 *
 * What that one keeps open stays open as long as the new one: dicom-image-loader's entries of Part 10
 * files hold the headers of the file.
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
    // Cornerstone has logged why; from now on the image loader serves the frame.
    close?.();
  });
}

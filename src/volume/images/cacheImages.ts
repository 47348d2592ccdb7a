import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';

/**
 * Puts Images into Cornerstone's image cache, at once, as far as there is room: none is evicted for them,
 * and one that is there for the same imageId stays.
 */
export function cacheImages(images: readonly Types.IImage[]): void {
  for (const image of images) {
    const isThere = cache.getImageLoadObject(image.imageId) !== undefined;
    if (!isThere && image.sizeInBytes <= cache.getBytesAvailable()) {
      cache.putImageSync(image.imageId, image);
    }
  }
}

import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { createStreamingVolume } from './createStreamingVolume.js';
import { StreamingVolumeError } from '../base/errors.js';
import type { VolumeOptions } from './options.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';

/**
 * Makes a volume of Images that are in Cornerstone's image cache, such as those that a stack viewport
 * has loaded. It makes no request; the volume is loaded when it is there, and the Images in the cache have
 * given way to views of it.
 *
 * @param volumeId - with a scheme of this package's volume loader
 * @param imageIds - in any order; the array is not changed
 * @param options - as of `createAndCacheVolume`
 * @returns rejects with a StreamingVolumeError: code `frame-not-loaded` with the imageIds that have no Image
 *   in the cache, or one whose pixels cannot be trusted; or as `createAndCacheVolume` does, with every reason
 *   why the Images are not a volume. No Image gives way then
 */
export async function createVolumeFromImages(
  volumeId: string,
  imageIds: readonly string[],
  options: VolumeOptions = {},
): Promise<StreamingImageVolume> {
  const images = new Map<string, Types.IImage>();
  const missing: string[] = [];
  for (const imageId of imageIds) {
    const image = cache.getImage(imageId);
    if (image) {
      images.set(imageId, image);
    } else {
      missing.push(imageId);
    }
  }
  if (missing.length > 0) {
    throw new StreamingVolumeError(
      'frame-not-loaded',
      `Volume ${volumeId} cannot be made: ${missing.length} of ${imageIds.length} Images are not in the cache`,
      { volumeId, imageIds: missing },
    );
  }
  const wasThere = cache.getVolumeLoadObject(volumeId) !== undefined;
  const volume = await createStreamingVolume(volumeId, { ...options, imageIds });
  const refused = await volume.heldFrames.takeImages(images);
  if (refused.length > 0) {
    if (!wasThere) {
      volume.decache(true);
    }
    throw new StreamingVolumeError(
      'frame-not-loaded',
      `Volume ${volumeId} cannot be filled: the pixels of ${refused.length} of ${imageIds.length} Images ` +
        `are of lower quality, cut off or scaled otherwise than the headers say, or there is no room for them`,
      { volumeId, imageIds: refused },
    );
  }
  return volume;
}

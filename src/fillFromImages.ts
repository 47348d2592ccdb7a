import { cache, volumeLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from './errors.js';
import type { VolumeOptions } from './options.js';
import { StreamingImageVolume } from './volume/StreamingImageVolume.js';

/**
 * Makes a volume, or takes the one that is there, and fills it from Images.
 *
 * @param imageIds - in any order
 * @param images - by imageId; they may leave the cache meanwhile
 * @throws TypeError when the volumeId's scheme has another volume loader
 * @throws StreamingVolumeError with code `frame-not-loaded` and the imageIds whose pixels cannot be trusted;
 *   a volume that was not there before is removed then
 */
export async function fillFromImages(
  volumeId: string,
  imageIds: readonly string[],
  images: ReadonlyMap<string, Types.IImage>,
  options: VolumeOptions,
): Promise<StreamingImageVolume> {
  const wasThere = cache.getVolumeLoadObject(volumeId) !== undefined;
  const made: unknown = await volumeLoader.createAndCacheVolume(volumeId, {
    ...options,
    imageIds: [...imageIds],
  });
  if (!(made instanceof StreamingImageVolume)) {
    throw new TypeError(`Expected a volumeId of this package's volume loader, got ${volumeId}`);
  }
  const refused = made.heldFrames.takeImages(images);
  if (refused.length > 0) {
    if (!wasThere && cache.getVolume(volumeId) === (made as unknown)) {
      cache.removeVolumeLoadObject(volumeId);
    }
    throw new StreamingVolumeError(
      'frame-not-loaded',
      `Volume ${volumeId} cannot be filled: the pixels of ${refused.length} of ${images.size} Images are ` +
        `of lower quality, cut off or scaled otherwise than the headers say`,
      { volumeId, imageIds: refused },
    );
  }
  return made;
}

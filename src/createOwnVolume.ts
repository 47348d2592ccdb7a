import { volumeLoader } from '@cornerstonejs/core';
import type { VolumeOptions } from './options.js';
import { StreamingImageVolume } from './volume/StreamingImageVolume.js';

/**
 * Makes a volume through Cornerstone, as an application does, or gets the one that is there.
 *
 * @returns rejects as `createAndCacheVolume` does, and with a TypeError when the volumeId's scheme has
 *   another volume loader
 */
export async function createOwnVolume(
  volumeId: string,
  imageIds: readonly string[],
  options: VolumeOptions,
): Promise<StreamingImageVolume> {
  const made: unknown = await volumeLoader.createAndCacheVolume(volumeId, {
    ...options,
    imageIds: [...imageIds],
  });
  if (!(made instanceof StreamingImageVolume)) {
    throw new TypeError(`Expected a volumeId of this package's volume loader, got ${volumeId}`);
  }
  return made;
}

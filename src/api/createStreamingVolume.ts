import { cache, volumeLoader } from '@cornerstonejs/core';
import { isStreamingImageVolume } from '../volume/isStreamingImageVolume.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { CreateVolumeOptions } from './options.js';

type CoreOptions = Parameters<typeof volumeLoader.createAndCacheVolume>[1];

/**
 * Makes a volume, or gets the one that Cornerstone has under this volumeId. It does the same as core's
 * `volumeLoader.createAndCacheVolume`, and its type tells the class of the volume.
 *
 * @param volumeId - with a scheme of this package's volume loader
 * @returns rejects as `createAndCacheVolume` does, with a StreamingVolumeError, a TypeError or
 *   `options.signal.reason`; and with a TypeError when another loader made the volume, because the scheme has
 *   that loader or this package's is not registered. Such a volume is removed again, unless it was there before
 */
export async function createStreamingVolume(
  volumeId: string,
  options: CreateVolumeOptions,
): Promise<StreamingImageVolume> {
  const wasThere = cache.getVolumeLoadObject(volumeId) !== undefined;
  // Core's type asks for an array that may be changed; this package's loader does not change it.
  const made: unknown = await volumeLoader.createAndCacheVolume(volumeId, options as CoreOptions);
  if (isStreamingImageVolume(made)) {
    return made;
  }
  // Otherwise the volumeId would keep the volume of the other loader.
  if (!wasThere && cache.getVolume(volumeId) === made) {
    cache.removeVolumeLoadObject(volumeId);
  }
  throw new TypeError(
    `Expected a volumeId of this package's volume loader, got ${volumeId}: call ` +
      `registerStreamingImageVolumeLoader() first, with the scheme of the volumeId`,
  );
}

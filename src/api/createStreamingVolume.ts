import { cache, volumeLoader } from '@cornerstonejs/core';
import { isStreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { StreamingImageVolume } from '../volume/StreamingImageVolume.js';
import type { CreateVolumeOptions } from './options.js';

type CoreOptions = Parameters<typeof volumeLoader.createAndCacheVolume>[1];

/**
 * Makes a volume, or gets the one that Cornerstone has under this volumeId: the same as core's
 * `volumeLoader.createAndCacheVolume`, whose types do not know what volume comes.
 *
 * @param volumeId - with a scheme of this package's volume loader
 * @returns rejects as `createAndCacheVolume` does, with a StreamingVolumeError, a TypeError or
 *   `options.signal.reason`; and with a TypeError when the volumeId has a volume of another loader, since its
 *   scheme has that loader or this package's is not registered. Such a volume that was not there before is
 *   removed again
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
  // Otherwise this volumeId would have the other loader's volume for good.
  if (!wasThere && cache.getVolume(volumeId) === made) {
    cache.removeVolumeLoadObject(volumeId);
  }
  throw new TypeError(`Expected a volumeId of this package's volume loader, got ${volumeId}`);
}

import { StreamingVolumeError } from './errors.js';

/** Why nothing is loaded into a volume any more that was taken out of the cache. */
export function removedError(volumeId: string, imageIds: readonly string[]): StreamingVolumeError {
  return new StreamingVolumeError('volume-removed', `Volume ${volumeId} was removed`, {
    volumeId,
    imageIds,
  });
}

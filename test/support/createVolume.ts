import { volumeLoader } from '@cornerstonejs/core';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../src/index.js';
import { newVolumeId } from './cornerstone.js';

/**
 * Makes a volume as an application does, through Cornerstone.
 *
 * Unless told otherwise it has a fixed number of frames in flight: by default that follows how long frames
 * take, which specs must not depend on.
 */
export async function createVolume(
  imageIds: readonly string[],
  options: Partial<CreateVolumeOptions> & { readonly volumeId?: string } = {},
): Promise<StreamingImageVolume> {
  const { volumeId = newVolumeId(), ...rest } = options;
  const volume = await volumeLoader.createAndCacheVolume(volumeId, {
    maxInFlight: 7,
    ...rest,
    imageIds: imageIds as string[],
  });
  return volume as unknown as StreamingImageVolume;
}

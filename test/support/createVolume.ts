import { volumeLoader } from '@cornerstonejs/core';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../src/index.js';
import { newVolumeId } from './cornerstone.js';

/**
 * Creates a volume through Cornerstone, as an application does.
 *
 * By default it has a fixed number of frames in flight, and renders may take all of the time: the defaults of the
 * package depend on how long frames and pictures take, and specs must not.
 */
export async function createVolume(
  imageIds: readonly string[],
  options: Partial<CreateVolumeOptions> & { readonly volumeId?: string } = {},
): Promise<StreamingImageVolume> {
  const { volumeId = newVolumeId(), ...rest } = options;
  const volume = await volumeLoader.createAndCacheVolume(volumeId, {
    maxInFlight: 7,
    renderShare: 1,
    ...rest,
    imageIds: imageIds as string[],
  });
  return volume as unknown as StreamingImageVolume;
}

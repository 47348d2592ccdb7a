import { volumeLoader } from '@cornerstonejs/core';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../src/index.js';
import { newVolumeId } from './cornerstone.js';

/** Makes a volume as an application does, through Cornerstone. */
export async function createVolume(
  imageIds: readonly string[],
  options: Partial<CreateVolumeOptions> & { readonly volumeId?: string } = {},
): Promise<StreamingImageVolume> {
  const { volumeId = newVolumeId(), ...rest } = options;
  const volume = await volumeLoader.createAndCacheVolume(volumeId, {
    ...rest,
    imageIds: imageIds as string[],
  });
  return volume as unknown as StreamingImageVolume;
}

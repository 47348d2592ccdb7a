import { createStreamingTexture } from '../texture/createStreamingTexture.js';
import type { StreamingTexture } from '../texture/StreamingTexture.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';

/**
 * Makes the texture of a volume.
 *
 * @param onUploadPending - called when slices are left to upload for lack of time
 */
export function createVolumeTexture(
  { volumeId, store, numberOfComponents, uploadBudgetMs }: StreamingVolumeProps,
  onUploadPending: () => void,
): StreamingTexture {
  const texture = createStreamingTexture({
    source: {
      frameCount: store.frameCount,
      valuesPerFrame: store.valuesPerFrame,
      numberOfComponents,
      frame: (frameIndex) => store.frame(frameIndex),
      isWritten: (frameIndex) => store.isWritten(frameIndex),
    },
    uploadBudgetMs,
    onUploadPending,
  });
  texture.setVolumeId(volumeId);
  return texture;
}

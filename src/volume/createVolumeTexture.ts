import { createStreamingTexture } from '../texture/createStreamingTexture.js';
import type { StreamingTexture } from '../texture/StreamingTexture.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';

/** In Hounsfield units. There, 0 is water: slices that are not loaded would be as grey as tissue. */
const AIR = -1000;

/**
 * Makes the texture of a volume.
 *
 * @param onUploadPending - called when slices are left to upload for lack of time
 */
export function createVolumeTexture(
  {
    volumeId,
    frames,
    isPreScaled,
    store,
    numberOfComponents,
    uploadBudgetMs,
  }: StreamingVolumeProps,
  onUploadPending: () => void,
): StreamingTexture {
  const texture = createStreamingTexture({
    source: {
      frameCount: store.frameCount,
      valuesPerFrame: store.valuesPerFrame,
      numberOfComponents,
      background: isPreScaled && frames[0]?.modality === 'CT' ? AIR : 0,
      frame: (frameIndex) => store.frame(frameIndex),
      isWritten: (frameIndex) => store.isWritten(frameIndex),
    },
    uploadBudgetMs,
    onUploadPending,
  });
  texture.setVolumeId(volumeId);
  return texture;
}

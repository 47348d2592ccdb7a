import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import { createStreamingTexture } from './texture/createStreamingTexture.js';
import { max3DTextureSize } from './texture/max3DTextureSize.js';
import { reduceSource, reductionSteps } from './texture/reduceSource.js';
import type { StreamingTexture } from './texture/StreamingTexture.js';
import type { TextureSource } from './texture/TextureSource.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';

/** In Hounsfield units. There, 0 is water: slices that are not loaded would be as grey as tissue. */
const AIR = -1000;

/**
 * Type of the event on Cornerstone's `eventTarget` that tells of a volume that is drawn with fewer voxels
 * than it has, because a side is longer than the browser's 3D textures may be. Its detail is
 * `{ volumeId, dimensions, textureDimensions }`, each `[columns, rows, slices]`.
 */
export const VOLUME_TEXTURE_REDUCED = 'STREAMING_IMAGE_VOLUME_TEXTURE_REDUCED';

/**
 * Makes the texture of a volume; one of every so many voxels where WebGL takes no larger one.
 *
 * @param onUploadPending - called when slices are left to upload for lack of time
 */
export function createVolumeTexture(
  {
    volumeId,
    frames,
    geometry,
    isPreScaled,
    store,
    numberOfComponents,
    uploadBudgetMs,
  }: StreamingVolumeProps,
  onUploadPending: () => void,
): StreamingTexture {
  const { dimensions } = geometry;
  const whole: TextureSource = {
    frameCount: store.frameCount,
    valuesPerFrame: store.valuesPerFrame,
    numberOfComponents,
    background: isPreScaled && frames[0]?.modality === 'CT' ? AIR : 0,
    frame: (frameIndex) => store.frame(frameIndex),
    isWritten: (frameIndex) => store.isWritten(frameIndex),
  };
  const steps = reductionSteps(dimensions, max3DTextureSize());
  const isWhole = steps.every((step) => step === 1);
  const source = isWhole ? whole : reduceSource(whole, dimensions, steps);
  if (!isWhole) {
    triggerEvent(eventTarget, VOLUME_TEXTURE_REDUCED, {
      volumeId,
      dimensions,
      textureDimensions: source.dimensions,
    });
  }
  const texture = createStreamingTexture({
    source,
    uploadBudgetMs,
    onUploadPending,
  });
  texture.setVolumeId(volumeId);
  return texture;
}

import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';
import { createStreamingTexture } from './texture/createStreamingTexture.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';
import { reduceSource, reductionSteps } from './texture/reduceSource.js';
import type { TextureSource } from './texture/reduceSource.js';

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
    frame: (sliceIndex) => store.frame(sliceIndex),
    isWritten: (sliceIndex) => store.isWritten(sliceIndex),
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

let known: number | undefined;

/**
 * The longest that a side of a 3D texture may be in this browser; Infinity where it has no WebGL2 and
 * nothing is drawn with it. Asked once.
 */
export function max3DTextureSize(): number {
  known ??= readLimit();
  return known;
}

function readLimit(): number {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) {
    return Infinity;
  }
  const limit = gl.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number;
  // Browsers keep few contexts, and take away the oldest.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return limit;
}

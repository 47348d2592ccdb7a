import { getRenderingCapabilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';

/** Sample distance relative to the default, and shading, for GPU and software renderers. */
const QUALITIES = {
  gpu: { stepWhileLoading: 4, step: 1, isLit: true },
  software: { stepWhileLoading: 12, step: 2, isLit: false },
} as const;

/**
 * Keeps the 3D view fast: coarse while the volume fills, and without shading where there is no GPU, since
 * shading needs several samples for each one.
 */
export function setVolumeQuality(viewport: Types.IVolumeViewport, isFilled: boolean): void {
  const { softwareRasterizer } = getRenderingCapabilities();
  const { stepWhileLoading, step, isLit } = QUALITIES[softwareRasterizer ? 'software' : 'gpu'];
  if (!isLit) {
    for (const { actor } of viewport.getActors()) {
      const property = (actor as Types.VolumeActor).getProperty();
      property.setShade(false);
      property.setUseGradientOpacity(0, false);
    }
  }
  viewport.setProperties({ sampleDistanceMultiplier: isFilled ? step : stepWhileLoading });
}

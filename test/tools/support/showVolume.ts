import { Enums } from '@cornerstonejs/core';
import type { RenderingEngine, Types } from '@cornerstonejs/core';
import { Pane } from '../../rendering/support/Pane.js';
import type { OrthographicViewport } from '../../rendering/support/Pane.js';

/** A pane with a volume viewport. */
export type VolumePane = Pane<OrthographicViewport>;

/**
 * Shows a volume, of whichever loader, in a pane and draws it once.
 *
 * @param plane - Cornerstone's name; default: the plane in which the series was taken
 */
export async function showVolume(
  { volumeId }: Types.IImageVolume,
  { plane = 'acquisition', engine }: { plane?: string; engine?: RenderingEngine } = {},
): Promise<VolumePane> {
  const pane = new Pane<OrthographicViewport>(Enums.ViewportType.ORTHOGRAPHIC, {
    plane: plane as never,
    ...(engine && { engine }),
  });
  await pane.viewport.setVolumes([{ volumeId }]);
  pane.viewport.setProperties({ voiRange: { lower: -1000, upper: 1000 } });
  await pane.render();
  return pane;
}

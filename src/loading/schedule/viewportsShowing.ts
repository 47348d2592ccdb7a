import { getRenderingEngines } from '@cornerstonejs/core';
import type { RenderingEngine, Types } from '@cornerstonejs/core';

/** The viewports of one rendering engine that show a volume; at least one. */
export interface ShowingViewports {
  readonly engine: RenderingEngine;
  readonly viewports: readonly Types.IViewport[];
}

/** The viewports that show a volume, by rendering engine: each engine draws only its own. */
export function viewportsShowing(volumeId: string): ShowingViewports[] {
  return (getRenderingEngines() ?? [])
    .filter((engine) => !engine.hasBeenDestroyed)
    .map((engine) => ({
      engine: engine,
      viewports: engine.getViewports().filter((viewport) => {
        const { hasVolumeId } = viewport as { hasVolumeId?: (id: string) => boolean };
        return hasVolumeId?.call(viewport, volumeId) === true;
      }),
    }))
    .filter(({ viewports }) => viewports.length > 0);
}

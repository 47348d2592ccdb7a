import { cache, volumeLoader } from '@cornerstonejs/core';
import { annotation, Enums, segmentation } from '@cornerstonejs/tools';
import { byId } from '../page.js';
import type { PrimaryTool } from '../tools.js';
import type { Viewer } from '../viewer.js';
import { ToolChoice } from './toolChoice.js';

const LABELMAP = 'painted';

/** Measurements in the planes, and a labelmap that a brush paints. */
export class Measuring {
  readonly #viewer: Viewer;
  readonly #choice: ToolChoice;
  readonly #clear = byId('tool-clear', HTMLButtonElement);
  #hasLabelmap = false;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.#choice = new ToolChoice(byId('tool-choice'), (tool) => {
      this.use(tool);
    });
    this.#choice.mark('window');
    this.#clear.addEventListener('click', () => {
      this.clear();
      this.use(viewer.tools.primary);
      viewer.engine.renderViewports(viewer.planeViewports.map(({ id }) => id));
    });
  }

  /** Gives the left mouse button to a tool; the first stroke of a brush needs a labelmap. */
  use(tool: PrimaryTool): void {
    if (tool === 'brush' || tool === 'eraser') {
      this.#addLabelmap();
    }
    this.#viewer.tools.usePrimary(tool);
    this.#choice.mark(tool);
  }

  /** Removes all measurements and what is painted. */
  clear(): void {
    annotation.state.removeAllAnnotations();
    if (this.#hasLabelmap) {
      segmentation.removeAllSegmentations();
      segmentation.removeAllSegmentationRepresentations();
      cache.removeVolumeLoadObject(LABELMAP);
      this.#hasLabelmap = false;
    }
  }

  /** To be called when another volume is shown: a brush that is in use needs a labelmap of it. */
  offer(): void {
    this.use(this.#viewer.tools.primary);
  }

  #addLabelmap(): void {
    const planes = this.#viewer.planeViewports;
    const volumeId = planes[0]?.getVolumeId();
    if (this.#hasLabelmap || volumeId === undefined) {
      return;
    }
    volumeLoader.createAndCacheDerivedLabelmapVolume(volumeId, { volumeId: LABELMAP });
    const { Labelmap: type } = Enums.SegmentationRepresentations;
    segmentation.addSegmentations([
      { segmentationId: LABELMAP, representation: { type, data: { volumeId: LABELMAP } } },
    ]);
    for (const { id } of planes) {
      segmentation.addLabelmapRepresentationToViewport(id, [{ segmentationId: LABELMAP }]);
    }
    segmentation.segmentIndex.setActiveSegmentIndex(LABELMAP, 1);
    this.#hasLabelmap = true;
  }
}

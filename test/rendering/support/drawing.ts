import { getConfiguration, setConfiguration, setUseCPURendering } from '@cornerstonejs/core';
import type { RegisterOptions } from '../../../src/index.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { removePlaneImages } from './planeImages.js';
import { removePanes } from './Pane.js';
import { removeSolidSeries } from './solidSeries.js';

let configuration: ReturnType<typeof getConfiguration>;

/** Starts Cornerstone for specs that draw. */
export function startDrawing(options?: RegisterOptions): void {
  startCornerstone(options);
  configuration = getConfiguration();
  // Browsers keep 16 contexts and take away the oldest; an engine makes 7 unless told.
  const rendering = { ...configuration.rendering, webGlContextCount: 1 };
  setConfiguration({ ...configuration, rendering });
}

/** Takes back what {@link startDrawing} and the spec have done. */
export function stopDrawing(): void {
  removePanes();
  stopCornerstone();
  removePlaneImages();
  removeSolidSeries();
  setUseCPURendering(false);
  setConfiguration(configuration);
}

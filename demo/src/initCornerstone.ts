import { init as initCore } from '@cornerstonejs/core';
import { init as initImageLoader } from '@cornerstonejs/dicom-image-loader';
import { init as initTools } from '@cornerstonejs/tools';
import { registerStreamingImageVolumeLoader } from '../../src/index.js';

/** Limit of decode workers; each has the decoders in memory. */
const MAX_WORKERS = 6;

/** Initialises Cornerstone3D, and then registers the streaming volume loader. */
export function initCornerstone(): void {
  initCore();
  initTools();
  initImageLoader({
    maxWebWorkers: Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency - 1)),
  });
  // For the performance panel of the browser's developer tools: see CONTRIBUTING.md.
  const trace = new URLSearchParams(location.search).has('trace');
  registerStreamingImageVolumeLoader({ trace });
}

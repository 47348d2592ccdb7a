import {
  cache,
  Enums,
  getRenderingEngines,
  imageLoadPoolManager,
  init as initCore,
  isCornerstoneInitialized,
} from '@cornerstonejs/core';
import { init as initDicomImageLoader } from '@cornerstonejs/dicom-image-loader';
import {
  registerStreamingImageVolumeLoader,
  unregisterStreamingImageVolumeLoader,
} from '../../src/index.js';
import type { RegisterOptions } from '../../src/index.js';
import { stopCollectingEvents } from './events.js';

// Cornerstone's own.
const MAX_CACHE_SIZE = 3 * 1024 ** 3;
const MAX_REQUESTS = 1000;

let hasDicomImageLoader = false;
let volumeCount = 0;

/** Initialises Cornerstone as an application does, once for all specs, and registers the loader. */
export function startCornerstone(options?: RegisterOptions): void {
  if (!isCornerstoneInitialized()) {
    initCore();
  }
  if (!hasDicomImageLoader) {
    hasDicomImageLoader = true;
    initDicomImageLoader({ maxWebWorkers: 2 });
  }
  registerStreamingImageVolumeLoader(options);
}

/** Removes what a spec has left in Cornerstone. */
export function stopCornerstone(): void {
  stopCollectingEvents();
  getRenderingEngines()?.forEach((engine) => {
    engine.destroy();
  });
  cache.purgeCache();
  cache.setMaxCacheSize(MAX_CACHE_SIZE);
  imageLoadPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Prefetch, MAX_REQUESTS);
  unregisterStreamingImageVolumeLoader();
}

/** A volumeId that is unique among all specs. */
export function newVolumeId(): string {
  volumeCount += 1;
  return `cornerstoneStreamingImageVolume:spec-${volumeCount}`;
}

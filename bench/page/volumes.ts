import {
  cornerstoneStreamingImageVolumeLoader,
  init as initCore,
  volumeLoader,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { init as initImageLoader, wadors } from '@cornerstonejs/dicom-image-loader';
import { registerStreamingImageVolumeLoader, VOLUME_SCHEME } from 'streaming-image-volume-loader';
import type { Series } from './fetchSeries.js';
import { ohifHooks } from './ohifHooks.js';
import type { Task, Transport, Variant } from './task.js';

/** Limit of decode workers, as in the demo. */
const MAX_WORKERS = 6;

/** The members that volumes of both loaders have. */
export type MeasuredVolume = Omit<Types.IImageVolume, 'load'> & {
  readonly framesProcessed: number;
  /** Only of volumes of this package. */
  readonly transport?: Transport | undefined;
  /** Calls back once when the last frame has ended, loaded or failed. */
  readonly load: (callback: () => void) => unknown;
};

let createdVolumes = 0;
/** A weak reference: memory after a removal is measured. */
let lastVolume: WeakRef<MeasuredVolume> | undefined;

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

/**
 * Initialises Cornerstone with the volume loader of a variant and the default limits. The floor has no volume
 * loader.
 *
 * @param frameHeaders - headers that hooks add to the requests; default: no hooks
 */
export function startCornerstone(variant: Variant, frameHeaders?: Task['frameHeaders']): void {
  initCore();
  initImageLoader({
    maxWebWorkers: Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency - 1)),
    ...(frameHeaders && ohifHooks(frameHeaders)),
  });
  if (variant === 'ours') {
    registerStreamingImageVolumeLoader();
  } else if (variant === 'builtin') {
    volumeLoader.registerVolumeLoader(
      VOLUME_SCHEME,
      cornerstoneStreamingImageVolumeLoader as unknown as VolumeLoader,
    );
  }
}

/** Registers the headers of a series; to be called after the initialisation. */
export function registerHeaders({ imageIds, headers }: Series): void {
  imageIds.forEach((imageId, index) => {
    wadors.metaDataManager.add(imageId, headers[index] as never);
  });
}

/** Creates a volume; no pixel is requested. */
export async function createVolume({ imageIds }: Series): Promise<MeasuredVolume> {
  const volumeId = `${VOLUME_SCHEME}:${++createdVolumes}`;
  const volume = await volumeLoader.createAndCacheVolume(volumeId, { imageIds });
  const measured = volume as unknown as MeasuredVolume;
  lastVolume = new WeakRef(measured);
  return measured;
}

/** How the last created volume fetches its frames. */
export function readTransport(): Transport | undefined {
  const { thread, reason } = lastVolume?.deref()?.transport ?? {};
  return thread === undefined || reason === undefined ? undefined : { thread, reason };
}

/** Loads all frames; resolves when the last has ended. */
export function loadVolume(volume: MeasuredVolume): Promise<void> {
  return new Promise((resolve, reject) => {
    Promise.resolve(volume.load(resolve)).catch(reject);
  });
}

import {
  cornerstoneStreamingDynamicImageVolumeLoader,
  cornerstoneStreamingImageVolumeLoader,
  init as initCore,
  metaData,
  volumeLoader,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { init as initImageLoader, wadors } from '@cornerstonejs/dicom-image-loader';
import {
  DYNAMIC_VOLUME_SCHEME,
  registerStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from 'streaming-image-volume-loader';
import type { Series } from './fetchSeries.js';
import { configureRetrieval } from './configureRetrieval.js';
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

/** The members that volumes with time points of both loaders have besides. */
export type DynamicVolume = MeasuredVolume & {
  readonly numDimensionGroups: number;
  readonly scroll: (delta: number) => void;
  readonly voxelManager: {
    /** @param number - from 1 */
    readonly getDimensionGroupScalarData: (number: number) => ArrayLike<number>;
  };
};

let createdVolumes = 0;
/** A weak reference: memory after a removal is measured. */
let lastVolume: WeakRef<MeasuredVolume> | undefined;

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

/** What a task says of the configuration of the loaders. */
export type Setup = Pick<Task, 'frameHeaders' | 'decodeWorkers' | 'retrieval'>;

/**
 * Initialises Cornerstone with the volume loaders of a variant and the default limits. The floor has no volume
 * loader.
 */
export function startCornerstone(variant: Variant, setup: Setup = {}): void {
  const { frameHeaders, decodeWorkers, retrieval } = setup;
  initCore();
  initImageLoader({
    maxWebWorkers:
      decodeWorkers ?? Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency - 1)),
    ...(frameHeaders && ohifHooks(frameHeaders)),
  });
  if (variant === 'ours') {
    registerStreamingImageVolumeLoader(
      decodeWorkers === undefined ? undefined : { frameWorkers: decodeWorkers },
    );
  } else if (variant === 'builtin') {
    for (const [scheme, loader] of [
      [VOLUME_SCHEME, cornerstoneStreamingImageVolumeLoader],
      [DYNAMIC_VOLUME_SCHEME, cornerstoneStreamingDynamicImageVolumeLoader],
    ] as const) {
      volumeLoader.registerVolumeLoader(scheme, loader as unknown as VolumeLoader);
    }
    if (retrieval) {
      configureRetrieval(retrieval);
    }
  }
}

/**
 * Registers the headers of a series; to be called after the initialisation. Cornerstone asks a provider of the
 * application for what tells time points apart.
 */
export function registerHeaders({ imageIds, headers }: Series): void {
  const timePoints = new Map(
    imageIds.map((imageId, index) => [imageId, headers[index]?.['00200100']?.Value?.[0]]),
  );
  metaData.addProvider((type: string, imageId: string) =>
    type === 'TemporalPositionIdentifier' ? timePoints.get(imageId) : undefined,
  );
  imageIds.forEach((imageId, index) => {
    wadors.metaDataManager.add(imageId, headers[index] as never);
  });
}

/**
 * Creates a volume; no pixel is requested.
 *
 * @param scheme - names the volume loader; default: the one of volumes without time points
 */
export async function createVolume(
  { imageIds }: Pick<Series, 'imageIds'>,
  scheme: string = VOLUME_SCHEME,
): Promise<MeasuredVolume> {
  const volumeId = `${scheme}:${++createdVolumes}`;
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

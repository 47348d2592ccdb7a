import {
  cornerstoneStreamingImageVolumeLoader,
  init as initCore,
  volumeLoader,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { init as initImageLoader } from '@cornerstonejs/dicom-image-loader';
import { registerStreamingImageVolumeLoader, VOLUME_SCHEME } from '../../src/index.js';
import type { Series } from './fetchSeries.js';
import type { Variant } from './task.js';

/** Most workers that decode at once, as in the demo. */
const MAX_WORKERS = 6;

/** What the volumes of both loaders have in common. */
export type MeasuredVolume = Omit<Types.IImageVolume, 'load'> & {
  readonly framesProcessed: number;
  /** Calls back once when the last frame has ended, well or not. */
  readonly load: (callback: () => void) => unknown;
};

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

/** Starts Cornerstone as it is, with one of the volume loaders; all limits are the default ones. */
export function startCornerstone(variant: Exclude<Variant, 'floor'>): void {
  initCore();
  initImageLoader({
    maxWebWorkers: Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency - 1)),
  });
  if (variant === 'ours') {
    registerStreamingImageVolumeLoader();
  } else {
    volumeLoader.registerVolumeLoader(
      VOLUME_SCHEME,
      cornerstoneStreamingImageVolumeLoader as unknown as VolumeLoader,
    );
  }
}

/**
 * Makes a volume; no pixel is requested.
 *
 * @param name - makes the volumeId, so that it must be unique
 */
export async function createVolume(name: string, { imageIds }: Series): Promise<MeasuredVolume> {
  const volume = await volumeLoader.createAndCacheVolume(`${VOLUME_SCHEME}:${name}`, { imageIds });
  return volume as unknown as MeasuredVolume;
}

/** Loads all frames; resolves when the last has ended. */
export function loadVolume(volume: MeasuredVolume): Promise<void> {
  return new Promise((resolve, reject) => {
    Promise.resolve(volume.load(resolve)).catch(reject);
  });
}

/** @throws Error that names the first voxel that is not what the server has */
export function checkVoxels(volume: MeasuredVolume, { bandsOf, noise }: Series): void {
  const [columns, rows] = volume.dimensions;
  volume.imageIds.forEach((imageId, slice) => {
    const bands = bandsOf(imageId);
    bands.forEach((level, band) => {
      const column = (slice * 31 + band * 7) % columns;
      const row = Math.floor(((band + 0.5) * rows) / bands.length);
      const value = volume.voxelManager?.getAtIJK(column, row, slice);
      if (!(typeof value === 'number' && Math.abs(value - level) <= noise)) {
        throw new Error(
          `Expected about ${level} in column ${column}, row ${row} of slice ${slice}, got ${String(value)}`,
        );
      }
    });
  });
}

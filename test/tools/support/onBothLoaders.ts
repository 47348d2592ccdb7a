import {
  cornerstoneStreamingImageVolumeLoader as builtInLoader,
  volumeLoader,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { destroy as destroyTools, init as initTools } from '@cornerstonejs/tools';
import {
  StreamingImageVolume,
  unregisterStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from '../../../src/index.js';
import { startDrawing, stopDrawing } from '../../rendering/support/drawing.js';
import { dicomWebRoot, fetchSeries } from '../../support/dicomWebSeries.js';
import type { SyntheticSeries } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { removeToolGroups } from './activateTool.js';

/** The scheme of volumes that Cornerstone's own loader makes. */
const BUILT_IN_SCHEME = 'builtInVolume';

/** 64 x 48 x 24 voxels of 0.75 x 1.5 x 2 mm, tilted about the x axis; see test/support/testSeries.mjs. */
export const CT = 'synthetic/ct-uint12';

/** A series that is there already; its image loader is wrapped for our volume. */
export interface LocalSeries {
  readonly scheme: string;
  readonly imageIds: string[];
  readonly load: SyntheticSeries['load'];
}

/** What one measurement gave on the volume of each loader. */
export interface BothLoaders<T> {
  readonly ours: T;
  readonly builtIn: T;
}

/** What a measurement is told. */
export interface MeasuredVolume {
  /** Loaded to the last frame. */
  readonly volume: Types.IImageVolume;
  /** Whether it is one of ours. */
  readonly isOurs: boolean;
}

let count = 0;

/**
 * Measures on a volume of Cornerstone's own loader, without ours being registered, and then the same
 * on one of ours, of the same series. Nothing of the first is left for the second.
 *
 * Expects that no voxel of our volume is changed: tools write to labelmaps only.
 *
 * @param series - a data set of the fixture server, over DICOMweb, or one that is there already
 */
export async function onBothLoaders<T>(
  measure: (measured: MeasuredVolume) => T | Promise<T>,
  series: string | LocalSeries = CT,
): Promise<BothLoaders<T>> {
  const builtIn = await onOne(BUILT_IN_SCHEME, series, measure);
  const ours = await onOne(VOLUME_SCHEME, series, measure);
  return { ours, builtIn };
}

async function onOne<T>(
  scheme: string,
  series: string | LocalSeries,
  measure: (measured: MeasuredVolume) => T | Promise<T>,
): Promise<T> {
  startDrawing(
    typeof series === 'string' ? {} : { imageLoaders: { [series.scheme]: series.load } },
  );
  const isOurs = scheme === VOLUME_SCHEME;
  if (!isOurs) {
    unregisterStreamingImageVolumeLoader();
    volumeLoader.registerVolumeLoader(BUILT_IN_SCHEME, builtInLoader as never);
  }
  initTools();
  try {
    // The headers are kept by dicom-image-loader, which has to be there first.
    const { imageIds } =
      typeof series === 'string' ? await fetchSeries(dicomWebRoot(series) as string) : series;
    const volumeId = `${scheme}:tools-${count++}`;
    const volume = await volumeLoader.createAndCacheVolume(volumeId, {
      imageIds: [...imageIds],
    });
    await loadAll(volume);
    if (volume instanceof StreamingImageVolume !== isOurs) {
      throw new TypeError(`Expected a volume of the loader of ${scheme}`);
    }
    const before = isOurs ? voxelsOf(volume).slice() : undefined;
    const measured = await measure({ volume, isOurs });
    if (before) {
      expect(firstDifference(voxelsOf(volume), before))
        .withContext('first voxel changed')
        .toBe(-1);
    }
    return measured;
  } finally {
    removeToolGroups();
    destroyTools();
    stopDrawing();
  }
}

async function loadAll(volume: Types.IImageVolume): Promise<void> {
  const framesToLoad = volume.imageIds.length;
  let isComplete = false;
  volume.load(() => {
    isComplete = true;
  });
  await until(() => isComplete);
  const { framesLoaded } = volume as unknown as { framesLoaded: number };
  if (framesLoaded !== framesToLoad) {
    throw new Error(`Expected ${framesToLoad} frames to load, got ${framesLoaded}`);
  }
}

/** All voxels of a volume, of whichever loader. */
export function voxelsOf(volume: Types.IImageVolume): Types.PixelDataTypedArray {
  return volume.voxelManager?.getCompleteScalarDataArray?.() as Types.PixelDataTypedArray;
}

/** Index of the first value that differs, or -1. */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) {
      return i;
    }
  }
  return -1;
}

import { imageLoader } from '@cornerstonejs/core';
import { checkVoxels } from '../checkVoxels.js';
import type { Series } from '../fetchSeries.js';
import { hashOf } from '../hashOf.js';
import { pause } from '../pause.js';
import { timed } from '../timed.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

type Images = Awaited<ReturnType<typeof imageLoader.loadAndCacheImage>>[];

/** All images of a stack whose series is loaded in a volume. */
export const stackAfterVolume: Scenario = {
  begin: (series) => {
    let images: Images;
    return {
      prepare: async () => {
        await loadVolume(await createVolume(series));
        // The built-in loader calls back just before the last Image is cached.
        await pause(0);
      },
      measure: () =>
        timed(async () => {
          images = await loadImages(series);
        }),
      verify: () => {
        checkImages(images, series);
      },
    };
  },
};

/** A volume whose images are all in the cache. */
export const volumeAfterStack: Scenario = {
  begin: (series) => {
    let volume: MeasuredVolume;
    return {
      prepare: async () => {
        checkImages(await loadImages(series), series);
      },
      measure: () =>
        timed(async () => {
          volume = await createVolume(series);
          await loadVolume(volume);
        }),
      verify: () => checkVoxels(volume, series),
    };
  },
};

async function loadImages({ imageIds }: Series): Promise<Images> {
  return Promise.all(imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
}

/** @throws Error that names the first image with a wrong pixel */
function checkImages(images: Images, series: Series): void {
  images.forEach((image) => {
    if (hashOf(image.getPixelData()) !== series.hashOf(image.imageId)) {
      throw new Error(`${image.imageId} has other pixels than on the server`);
    }
  });
}

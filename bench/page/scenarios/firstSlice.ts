import { fetchFrames } from '../fetchFrames.js';
import { loadVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** From load() until the middle slice is on the screen. */
export const firstSlice: Scenario = {
  isDrawn: true,
  measure: async ({ series, volume, view }) => {
    const middle = Math.floor(volume.imageIds.length / 2);
    const drawn = view.drawn(series, middle);
    const start = performance.now();
    const loaded = loadVolume(volume);
    await view.show(volume, middle);
    // A load that fails ends the wait for the picture.
    const end = await Promise.race([drawn, loaded.then(() => drawn)]);
    return end - start;
  },
  measureFloor: async ({ imageIds }) => {
    const middle = Math.floor(imageIds.length / 2);
    const start = performance.now();
    await fetchFrames(imageIds.slice(middle, middle + 1));
    return performance.now() - start;
  },
};

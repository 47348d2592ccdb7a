import { fetchFrames } from '../fetchFrames.js';
import { pause } from '../pause.js';
import { checkVoxels, loadVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** From load() until the last frame is in the volume, with nothing drawn. */
export const load: Scenario = {
  isDrawn: false,
  measure: async ({ series, volume }) => {
    const start = performance.now();
    await loadVolume(volume);
    const time = performance.now() - start;
    // The built-in loader calls back just before the last Image is where its voxels are read.
    await pause(0);
    checkVoxels(volume, series);
    return time;
  },
  measureFloor: async ({ imageIds }) => {
    const start = performance.now();
    await fetchFrames(imageIds);
    return performance.now() - start;
  },
};

import { checkVoxels } from '../checkVoxels.js';
import { fetchVoxels } from '../fetchVoxels.js';
import { checkStoredVoxels } from '../checkStoredVoxels.js';
import { timed } from '../timed.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/**
 * From making the volume until the last frame is in it, with nothing drawn; the volume is held. The
 * floor writes all frames into one array.
 */
export const open: Scenario = {
  withLoader: (series) => {
    let volume: MeasuredVolume;
    return {
      measure: () =>
        timed(async () => {
          volume = await createVolume(series);
          await loadVolume(volume);
        }),
      verify: () => checkVoxels(volume, series),
    };
  },
  floor: (series) => {
    let voxels: Int16Array;
    return {
      measure: () =>
        timed(async () => {
          voxels = await fetchVoxels(series);
        }),
      verify: () => checkStoredVoxels(voxels, series),
    };
  },
};

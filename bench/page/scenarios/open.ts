import { checkVoxels } from '../checkVoxels.js';
import { timed } from '../timed.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** From creating the volume until the last frame is in it, with nothing drawn; the volume is kept. */
export const open: Scenario = {
  begin: (series) => {
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
};

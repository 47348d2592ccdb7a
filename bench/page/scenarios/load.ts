import { checkVoxels } from '../checkVoxels.js';
import { timed } from '../timed.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** From load() until the last frame is in the volume, with nothing drawn. */
export const load: Scenario = {
  begin: (series) => {
    let volume: MeasuredVolume;
    return {
      prepare: async () => {
        volume = await createVolume(series);
      },
      measure: () => timed(() => loadVolume(volume)),
      verify: () => checkVoxels(volume, series),
    };
  },
};

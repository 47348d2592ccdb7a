import { checkStoredVoxels } from '../checkStoredVoxels.js';
import type { Series } from '../fetchSeries.js';
import { fetchVoxels } from '../fetchVoxels.js';
import type { Measurement } from '../Measurement.js';
import { timed } from '../timed.js';

/** Fetching all frames into one array, which is held. */
export function fetchIntoArray(series: Series): Measurement {
  let voxels: Int16Array = new Int16Array();
  return {
    measure: () =>
      timed(async () => {
        voxels = await fetchVoxels(series);
      }),
    verify: () => checkStoredVoxels(voxels, series),
    end: () => {
      voxels = new Int16Array();
    },
  };
}

import { cache } from '@cornerstonejs/core';
import { SliceView } from '../SliceView.js';
import { createVolume, loadVolume } from '../volumes.js';
import { drawLoaded } from './drawLoaded.js';
import type { Scenario } from './Scenario.js';

/** Number of volumes of each measurement, which may be repeated. */
const CYCLES = 50;

/** Volumes are created, loaded, drawn and removed, one after the other. */
export const openAndRemove: Scenario = {
  begin: (series) => ({
    measure: async () => {
      const middle = Math.floor(series.imageIds.length / 2);
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const volume = await createVolume(series);
        const view = new SliceView(volume);
        const drawn = view.drawn(series, middle);
        await view.show(middle);
        await loadVolume(volume);
        await drawn;
        cache.removeVolumeLoadObject(volume.volumeId);
        view.close();
      }
      return { volumes: CYCLES };
    },
  }),
  warmUp: drawLoaded,
};

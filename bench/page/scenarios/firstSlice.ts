import { SliceView } from '../SliceView.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import { drawLoaded } from './drawLoaded.js';
import type { Scenario } from './Scenario.js';

/** From load() until the middle slice is on the screen. */
export const firstSlice: Scenario = {
  begin: (series) => {
    const middle = Math.floor(series.imageIds.length / 2);
    let volume: MeasuredVolume;
    return {
      prepare: async () => {
        volume = await createVolume(series);
      },
      measure: async () => {
        const view = new SliceView(volume);
        const drawn = view.drawn(series, middle);
        const start = performance.now();
        const loaded = loadVolume(volume);
        await view.show(middle);
        // A failed load ends the wait for the picture.
        const end = await Promise.race([drawn, loaded.then(() => drawn)]);
        return { ms: end - start };
      },
    };
  },
  warmUp: drawLoaded,
};

import { cache } from '@cornerstonejs/core';
import { pause } from '../pause.js';
import { SliceView } from '../SliceView.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import { drawLoaded } from './drawLoaded.js';
import type { Scenario } from './Scenario.js';

/** The fraction of the frames that has arrived before the jump. */
const ARRIVED = 0.1;
/** Targets of the jump, as fractions of the stack: the first one whose slice is not loaded is used. */
const PLACES = [0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4];
const POLL_INTERVAL_MS = 4;

/** From a jump to a slice that is not loaded, during the load, until it is on the screen. */
export const scrollLatency: Scenario = {
  begin: (series) => {
    const count = series.imageIds.length;
    let volume: MeasuredVolume;
    return {
      prepare: async () => {
        volume = await createVolume(series);
      },
      measure: async () => {
        const view = new SliceView(volume);
        const loaded = loadVolume(volume);
        await view.show(Math.floor(count / 2));
        while (volume.framesProcessed < ARRIVED * count) {
          await Promise.race([pause(POLL_INTERVAL_MS), loaded]);
        }
        const slice = findMissingSlice(volume);
        const drawn = view.drawn(series, slice);
        const start = performance.now();
        view.goTo(slice);
        // A failed load ends the wait for the picture.
        const end = await Promise.race([drawn, loaded.then(() => drawn)]);
        return { ms: end - start };
      },
    };
  },
  warmUp: drawLoaded,
};

function findMissingSlice({ imageIds }: MeasuredVolume): number {
  const slices = PLACES.map((place) => Math.floor(place * imageIds.length));
  const missing = slices.find((slice) => !cache.isLoaded(imageIds[slice] as string));
  if (missing === undefined) {
    throw new Error('Every slice to go to had been loaded before the jump');
  }
  return missing;
}

import { fetchFrames } from '../fetchFrames.js';
import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';

/** Every so many frames are fetched first. */
const STEP = 16;

/**
 * Fetching every sixteenth frame and dropping it (`recognisedMs`), and then the others (`loadMs`): a picture that
 * repeats each of them is coarse, but shows what is there.
 */
export function fetchThinnedOut({ imageIds, frameHeaders }: Series): Measurement {
  const fetchWhere = (isWanted: (index: number) => boolean): Promise<void> =>
    fetchFrames({ imageIds: imageIds.filter((_, index) => isWanted(index)), frameHeaders });
  return {
    measure: async () => {
      const start = performance.now();
      await fetchWhere((index) => index % STEP === 0);
      const recognisedMs = performance.now() - start;
      await fetchWhere((index) => index % STEP !== 0);
      return { recognisedMs, loadMs: performance.now() - start };
    },
  };
}

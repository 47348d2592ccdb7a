import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';
import { SliceView } from '../SliceView.js';
import { createVolume, loadVolume } from '../volumes.js';

/** The warm-up of scenarios that draw: loads all frames, and shows the middle slice. */
export function drawLoaded(series: Series): Measurement {
  let view: SliceView;
  return {
    measure: async () => {
      const volume = await createVolume(series);
      await loadVolume(volume);
      const middle = Math.floor(volume.imageIds.length / 2);
      view = new SliceView(volume);
      const drawn = view.drawn(series, middle);
      await view.show(middle);
      await drawn;
      return {};
    },
    end: () => view.close(),
  };
}

import type { Series } from '../fetchSeries.js';
import type { SliceView } from '../SliceView.js';
import type { MeasuredVolume } from '../volumes.js';

/** What a measurement has at hand. */
export interface Stage {
  readonly series: Series;
  /** Of the series, with no pixels yet. */
  readonly volume: MeasuredVolume;
  /** Shows nothing; where the scenario draws, it has drawn another volume before. */
  readonly view: SliceView;
}

/** One kind of measurement, in milliseconds. */
export interface Scenario {
  readonly isDrawn: boolean;
  /** With the volume loader that is registered. */
  readonly measure: (stage: Stage) => Promise<number>;
  /** What no loader can be faster than. */
  readonly measureFloor: (series: Series) => Promise<number>;
}

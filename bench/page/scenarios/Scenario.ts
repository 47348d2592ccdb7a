import type { Series } from '../fetchSeries.js';
import type { Figures } from '../task.js';

/** One measurement, in its phases. */
export interface Measurement {
  /** What comes before the clock starts. */
  readonly prepare?: () => Promise<void>;
  readonly measure: () => Promise<Figures>;
  /** Throws when the work was not done in full, or values are wrong. */
  readonly verify?: () => Promise<void> | void;
  /** Takes away what is on the screen, when another measurement follows on the page. */
  readonly end?: () => void;
}

/** One kind of measurement. */
export interface Scenario {
  /** With the volume loader that is registered. */
  readonly withLoader: (series: Series) => Measurement;
  /** The least that any loader must do; where nothing must be done there is none. */
  readonly floor?: (series: Series) => Measurement;
  /** Whether the floor uses the workers of the image loader. */
  readonly floorDecodes?: boolean;
  /** What is done with the small series before; default: the measurement itself. */
  readonly warmUp?: (series: Series) => Measurement;
}

import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';

/** One kind of measurement, with the volume loader that is registered. */
export interface Scenario {
  readonly begin: (series: Series) => Measurement;
  /** The warm-up with the small series; default: the measurement itself. */
  readonly warmUp?: (series: Series) => Measurement;
}

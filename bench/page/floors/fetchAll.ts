import { fetchFrames } from '../fetchFrames.js';
import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';
import { timed } from '../timed.js';

/** Fetching all frames and dropping them. */
export function fetchAll(series: Series): Measurement {
  return { measure: () => timed(() => fetchFrames(series)) };
}

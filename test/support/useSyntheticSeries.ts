import { startCornerstone, stopCornerstone } from './cornerstone.js';
import { SyntheticSeries } from './SyntheticSeries.js';
import type { SyntheticSeriesOptions } from './SyntheticSeries.js';

/**
 * To be called in a `describe` whose specs create series. Cornerstone is initialised before each spec; series
 * and volumes are removed after it.
 *
 * @returns creates a series
 */
export function useSyntheticSeries(): (options: SyntheticSeriesOptions) => SyntheticSeries {
  let made: SyntheticSeries[];

  beforeEach(() => {
    made = [];
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
    made.forEach((series) => {
      series.dispose();
    });
  });

  return (options) => {
    const series = new SyntheticSeries(options);
    made.push(series);
    return series;
  };
}

import { startCornerstone, stopCornerstone } from './cornerstone.js';
import { SyntheticSeries } from './SyntheticSeries.js';
import type { SyntheticSeriesOptions } from './SyntheticSeries.js';

/**
 * For specs on one Cornerstone that make series as they go: to be called in a `describe`. Each spec begins
 * with a Cornerstone that was started, and what it has made goes with it.
 *
 * @returns makes a series
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

import { cache } from '@cornerstonejs/core';
import type { Series } from './fetchSeries.js';
import type { Measurement } from './Measurement.js';
import { SCENARIOS } from './scenarios/index.js';
import type { Task, Variant } from './task.js';
import { readTransport, registerHeaders, startCornerstone } from './volumes.js';
import type { Setup } from './volumes.js';

/**
 * Initialises Cornerstone with a volume loader, and prepares the measurements of a small and of a large series.
 */
export function beginWithLoader(options: {
  readonly variant: Exclude<Variant, 'floor'>;
  readonly task: Pick<Task, 'scenario'> & Setup;
  readonly small: Series;
  readonly series: Series;
}): { readonly warmUp: Measurement; readonly measurement: Measurement } {
  const { variant, task, small, series } = options;
  const { begin, warmUp = begin } = SCENARIOS[task.scenario];
  startCornerstone(variant, task);
  registerHeaders(small);
  registerHeaders(series);
  const first = warmUp(small);
  return {
    warmUp: {
      ...first,
      end: () => {
        first.end?.();
        cache.purgeCache();
      },
    },
    measurement: { ...begin(series), transport: readTransport },
  };
}

import { fetchSeries } from './fetchSeries.js';
import { floorOf } from './floors/index.js';
import type { Measurement } from './Measurement.js';
import { pause } from './pause.js';
import type { Task } from './task.js';

/** Pause for pending work of the warm-up. */
const SETTLE_MS = 100;

/**
 * Prepares a measurement. A small series is loaded in the same way before, so that workers run, connections
 * are open and code is compiled, as in a viewer in use.
 *
 * @throws Error when the page does not fit the task, or the warm-up fails
 */
export async function prepareTask(task: Task): Promise<Measurement> {
  if (crossOriginIsolated !== task.isolated) {
    throw new Error(`Expected crossOriginIsolated to be ${String(task.isolated)}`);
  }
  const { warmUp, measurement } = await begin(task);
  await warmUp.prepare?.();
  await warmUp.measure();
  await warmUp.verify?.();
  warmUp.end?.();
  await measurement.prepare?.();
  await pause(SETTLE_MS);
  return measurement;
}

async function begin(
  task: Task,
): Promise<{ readonly warmUp: Measurement; readonly measurement: Measurement }> {
  const small = await fetchSeries(task.warmUp, task.frameHeaders);
  const series = await fetchSeries(task.series, task.frameHeaders);
  if (task.variant === 'floor') {
    const floor = await floorOf(task.scenario);
    return { warmUp: floor(small, task), measurement: floor(series, task) };
  }
  // A page that measures a floor does not contain Cornerstone.
  const { beginWithLoader } = await import('./beginWithLoader.js');
  return beginWithLoader({ variant: task.variant, task, small, series });
}

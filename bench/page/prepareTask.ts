import { fetchSeries } from './fetchSeries.js';
import { floorOf } from './floors/index.js';
import type { Measurement } from './Measurement.js';
import { pause } from './pause.js';
import type { Task } from './task.js';

/** For what the warm-up leaves behind. */
const SETTLE_MS = 100;

/**
 * Makes a measurement ready. Before that, a small series goes the same way by the same loader: its
 * workers run, connections are open and code is compiled then, as in a viewer that is in use.
 *
 * @throws Error when the page is not what the task is meant for, or the warm-up fails
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
    return { warmUp: floor(small), measurement: floor(series) };
  }
  // Cornerstone is no part of a page that measures a floor.
  const { beginWithLoader } = await import('./beginWithLoader.js');
  return beginWithLoader({ variant: task.variant, task, small, series });
}

import { cache } from '@cornerstonejs/core';
import { fetchSeries } from './fetchSeries.js';
import { pause } from './pause.js';
import { decode } from './scenarios/decode.js';
import { firstSlice } from './scenarios/firstSlice.js';
import { load } from './scenarios/load.js';
import { loadRendered } from './scenarios/loadRendered.js';
import { open } from './scenarios/open.js';
import type { Measurement, Scenario } from './scenarios/Scenario.js';
import { scrollLatency } from './scenarios/scrollLatency.js';
import { stackAfterVolume, volumeAfterStack } from './scenarios/reopen.js';
import { voxels } from './scenarios/voxels.js';
import type { ScenarioName, Task } from './task.js';
import { startCornerstone } from './volumes.js';

const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  load,
  loadRendered,
  firstSlice,
  scrollLatency,
  open,
  decode,
  voxels,
  stackAfterVolume,
  volumeAfterStack,
};

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
  const scenario = SCENARIOS[task.scenario];
  const isFloor = task.variant === 'floor';
  if (!isFloor || scenario.floorDecodes === true) {
    // Headers count only when they are registered after the image loader's start.
    startCornerstone(task.variant);
  }
  const begin = isFloor ? scenario.floor : scenario.withLoader;
  if (!begin) {
    throw new Error(`${task.scenario} has no floor`);
  }
  const warmUp = await fetchSeries(task.warmUp);
  const series = await fetchSeries(task.series);
  await runWarmUp(isFloor ? begin(warmUp) : (scenario.warmUp ?? begin)(warmUp));
  cache.purgeCache();
  const measurement = begin(series);
  await measurement.prepare?.();
  await pause(SETTLE_MS);
  return measurement;
}

async function runWarmUp(measurement: Measurement): Promise<void> {
  await measurement.prepare?.();
  await measurement.measure();
  await measurement.verify?.();
  measurement.end?.();
}

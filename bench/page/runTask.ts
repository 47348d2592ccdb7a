import { cache } from '@cornerstonejs/core';
import { fetchFrames } from './fetchFrames.js';
import { fetchSeries } from './fetchSeries.js';
import type { Series } from './fetchSeries.js';
import { pause } from './pause.js';
import { firstSlice } from './scenarios/firstSlice.js';
import { load } from './scenarios/load.js';
import type { Scenario } from './scenarios/Scenario.js';
import { scrollLatency } from './scenarios/scrollLatency.js';
import { SliceView } from './SliceView.js';
import type { ScenarioName, Task } from './task.js';
import { createVolume, loadVolume, startCornerstone } from './volumes.js';

const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = { load, firstSlice, scrollLatency };

/** For what the warm-up leaves behind. */
const SETTLE_MS = 100;

/**
 * Makes one measurement. Before the clock starts, a small series is loaded, and drawn where the
 * scenario draws, by the same loader: its workers run and connections are open then, as in a viewer
 * that is in use.
 *
 * @returns milliseconds
 * @throws Error when the page is not what the task is meant for, or pixels are wrong
 */
export async function runTask(task: Task): Promise<number> {
  if (crossOriginIsolated !== task.isolated) {
    throw new Error(`Expected crossOriginIsolated to be ${String(task.isolated)}`);
  }
  const scenario = SCENARIOS[task.scenario];
  if (task.variant !== 'floor') {
    // Headers count only when they are registered after the image loader's start.
    startCornerstone(task.variant);
  }
  const warmUp = await fetchSeries(task.warmUp);
  const series = await fetchSeries(task.series);
  if (task.variant === 'floor') {
    await fetchFrames(warmUp.imageIds);
    await pause(SETTLE_MS);
    return scenario.measureFloor(series);
  }
  const view = new SliceView();
  await loadWarmUp(warmUp, scenario.isDrawn ? view : undefined);
  const volume = await createVolume('measured', series);
  await pause(SETTLE_MS);
  return scenario.measure({ series, volume, view });
}

async function loadWarmUp(series: Series, view: SliceView | undefined): Promise<void> {
  const volume = await createVolume('warm-up', series);
  await loadVolume(volume);
  if (view) {
    const middle = Math.floor(series.imageIds.length / 2);
    const drawn = view.drawn(series, middle);
    await view.show(volume, middle);
    await drawn;
    view.clear();
  }
  cache.purgeCache();
}

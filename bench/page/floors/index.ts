import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';
import type { ScenarioName } from '../task.js';
import type { Setup } from '../volumes.js';
import { fetchAll } from './fetchAll.js';
import { fetchIntoArray } from './fetchIntoArray.js';
import { fetchMiddle } from './fetchMiddle.js';
import { fetchThinnedOut } from './fetchThinnedOut.js';
import { readArray } from './readArray.js';

/** Prepares the lower bound: the work that any loader must do. */
type Floor = (series: Series, setup: Setup) => Measurement;

/** By scenario. A scenario without a floor needs no work. */
const FLOORS: Readonly<Partial<Record<ScenarioName, () => Promise<Floor>>>> = {
  load: async () => fetchAll,
  loadRendered: async () => fetchAll,
  loadRendered3d: async () => fetchAll,
  recognisable: async () => fetchThinnedOut,
  firstSlice: async () => fetchMiddle,
  scrollLatency: async () => fetchMiddle,
  open: async () => fetchIntoArray,
  voxels: async () => readArray,
  decode: async () => (await import('./decodeAll.js')).decodeAll,
  fetchAndDecode: async () => (await import('./decodeAll.js')).fetchAndDecodeAll,
};

/** @throws Error for a scenario without a floor */
export async function floorOf(name: ScenarioName): Promise<Floor> {
  const floor = await FLOORS[name]?.();
  if (!floor) {
    throw new Error(`${name} has no floor`);
  }
  return floor;
}

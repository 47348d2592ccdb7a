import type { Series } from '../fetchSeries.js';
import type { Measurement } from '../Measurement.js';
import type { ScenarioName } from '../task.js';
import { fetchAll } from './fetchAll.js';
import { fetchIntoArray } from './fetchIntoArray.js';
import { fetchMiddle } from './fetchMiddle.js';
import { readArray } from './readArray.js';

/** Begins the least that any loader must do. */
type Floor = (series: Series) => Measurement;

/** By what is measured. What is missing needs nothing to be done. */
const FLOORS: Readonly<Partial<Record<ScenarioName, () => Promise<Floor>>>> = {
  load: async () => fetchAll,
  loadRendered: async () => fetchAll,
  firstSlice: async () => fetchMiddle,
  scrollLatency: async () => fetchMiddle,
  open: async () => fetchIntoArray,
  voxels: async () => readArray,
  decode: async () => (await import('./decodeAll.js')).decodeAll,
};

/** @throws Error when nothing has to be done */
export async function floorOf(name: ScenarioName): Promise<Floor> {
  const floor = await FLOORS[name]?.();
  if (!floor) {
    throw new Error(`${name} has no floor`);
  }
  return floor;
}

import type { ScenarioName } from '../task.js';
import { firstSlice } from './firstSlice.js';
import { load } from './load.js';
import { loadRendered, loadRendered3d } from './loadRendered.js';
import { open } from './open.js';
import { openAndRemove } from './openAndRemove.js';
import { playPlane, playPlanes } from './play.js';
import { recognisable } from './recognisable.js';
import { stackAfterVolume, volumeAfterStack } from './reopen.js';
import type { Scenario } from './Scenario.js';
import { scrollLatency } from './scrollLatency.js';
import { soak } from './soak.js';
import { voxels } from './voxels.js';

/** Scenarios with a volume loader, by name. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  load,
  // The frames are compressed.
  decode: load,
  fetchAndDecode: load,
  recognisable,
  loadRendered,
  loadRendered3d,
  firstSlice,
  scrollLatency,
  open,
  playPlane,
  playPlanes,
  voxels,
  stackAfterVolume,
  volumeAfterStack,
  openAndRemove,
  soak,
};

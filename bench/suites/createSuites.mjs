import { codecs } from './codecs.mjs';
import { firstSlice } from './firstSlice.mjs';
import { load } from './load.mjs';
import { loadRendered } from './loadRendered.mjs';
import { mainThread } from './mainThread.mjs';
import { memory } from './memory.mjs';
import { reopen } from './reopen.mjs';
import { scale } from './scale.mjs';
import { scrollLatency } from './scrollLatency.mjs';
import { voxels } from './voxels.mjs';

/** @typedef {(options: { frames: number }) => import('./Suite.mjs').Suite[]} SuiteMaker */

/** In the order of the table. @type {SuiteMaker[]} */
const MAKERS = [
  load,
  loadRendered,
  firstSlice,
  scrollLatency,
  mainThread,
  memory,
  codecs,
  voxels,
  reopen,
  scale,
];

/** All suites, for series with this number of frames. @type {SuiteMaker} */
export function createSuites(options) {
  return MAKERS.flatMap((make) => make(options));
}

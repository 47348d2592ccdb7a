import { codecs } from './codecs.mjs';
import { firstSlice } from './firstSlice.mjs';
import { load } from './load.mjs';
import { loadRendered } from './loadRendered.mjs';
import { lowEnd } from './lowEnd.mjs';
import { mainThread } from './mainThread.mjs';
import { memory } from './memory.mjs';
import { play } from './play.mjs';
import { recognisable } from './recognisable.mjs';
import { reopen } from './reopen.mjs';
import { scale } from './scale.mjs';
import { scrollLatency } from './scrollLatency.mjs';
import { voxels } from './voxels.mjs';

/** @typedef {(options: { frames: number, cores?: number | undefined }) => import('./Suite.mjs').Suite[]} SuiteMaker */

/** In the order of the table. @type {SuiteMaker[]} */
const MAKERS = [
  load,
  loadRendered,
  firstSlice,
  scrollLatency,
  mainThread,
  memory,
  recognisable,
  codecs,
  lowEnd,
  play,
  voxels,
  reopen,
  scale,
];

/** All suites, for series with this number of frames, and this number of decode workers where they matter. @type {SuiteMaker} */
export function createSuites(options) {
  return MAKERS.flatMap((make) => make(options));
}

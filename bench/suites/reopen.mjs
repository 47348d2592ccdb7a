import { defineSuite } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function reopen({ frames }) {
  return /** @type {const} */ (['stackAfterVolume', 'volumeAfterStack']).map((scenario) => {
    const name = scenario === 'stackAfterVolume' ? 'reopen-stack' : 'reopen-volume';
    return defineSuite({
      name,
      scenario,
      frames,
      // All frames are in memory: there is no work to do.
      variants: ['builtin', 'ours'],
      loadsAll: false,
      rows: [
        { name: `${name}-requests`, unit: 'requests', valueOf: ({ requests }) => requests },
        { name: `${name}-time`, unit: 'ms', valueOf: ({ ms }) => ms },
      ],
    });
  });
}

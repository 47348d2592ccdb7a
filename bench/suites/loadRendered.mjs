import { defineSuite } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function loadRendered({ frames }) {
  return [
    defineSuite({ name: 'load-rendered', scenario: 'loadRendered', frames }),
    defineSuite({ name: 'load-rendered-3d', scenario: 'loadRendered3d', frames }),
  ];
}

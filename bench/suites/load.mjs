import { defineSuite, sharedPlainAndHooks } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function load({ frames }) {
  return sharedPlainAndHooks('load', (name, setting) =>
    defineSuite({ name, scenario: 'load', ...setting, frames }),
  );
}

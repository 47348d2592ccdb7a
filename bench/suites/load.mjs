import { defineSuite, sharedAndPlain } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function load({ frames }) {
  return sharedAndPlain('load', (name, connection) =>
    defineSuite({ name, scenario: 'load', connection, frames }),
  );
}

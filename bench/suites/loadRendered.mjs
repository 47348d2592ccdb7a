import { defineSuite, sharedAndPlain } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function loadRendered({ frames }) {
  return sharedAndPlain('load-rendered', (name, connection) =>
    defineSuite({ name, scenario: 'loadRendered', connection, frames }),
  );
}

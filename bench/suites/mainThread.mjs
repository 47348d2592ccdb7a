import { observeMainThread } from '../observers/observeMainThread.mjs';
import { defineSuite, sharedAndPlain } from './Suite.mjs';

/** @typedef {import('./Suite.mjs').Suite} Suite */

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function mainThread({ frames }) {
  const define = (
    /** @type {Suite['scenario']} */ scenario,
    /** @type {string} */ name,
    /** @type {Suite['connection']} */ connection,
  ) =>
    defineSuite({
      name,
      scenario,
      connection,
      frames,
      observer: observeMainThread,
      rows: [
        { name: `${name}-busy`, unit: 'ms', valueOf: ({ busyMs }) => busyMs },
        { name: `${name}-longest`, unit: 'ms', valueOf: ({ longestTaskMs }) => longestTaskMs },
      ],
    });
  return [
    ...sharedAndPlain('main-thread', (name, connection) => define('load', name, connection)),
    define('loadRendered', 'main-thread-rendered', { isolated: true, protocol: 'http/1.1' }),
  ];
}

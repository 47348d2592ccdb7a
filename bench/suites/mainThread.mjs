import { observeMainThread } from '../observers/observeMainThread.mjs';
import { defineSuite, sharedPlainAndHooks } from './Suite.mjs';

/** @typedef {import('./Suite.mjs').Suite} Suite */

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function mainThread({ frames }) {
  const define = (
    /** @type {Suite['scenario']} */ scenario,
    /** @type {string} */ name,
    /** @type {Parameters<Parameters<typeof sharedPlainAndHooks>[1]>[1]} */ setting,
  ) =>
    defineSuite({
      name,
      scenario,
      ...setting,
      frames,
      observer: observeMainThread,
      rows: [
        { name: `${name}-busy`, unit: 'ms', valueOf: ({ busyMs }) => busyMs },
        { name: `${name}-longest`, unit: 'ms', valueOf: ({ longestTaskMs }) => longestTaskMs },
      ],
    });
  return [
    ...sharedPlainAndHooks('main-thread', (name, setting) => define('load', name, setting)),
    define('loadRendered', 'main-thread-rendered', {
      connection: { isolated: true, protocol: 'http/1.1' },
    }),
  ];
}

import { platform } from 'node:os';
import { observeMemory } from '../observers/observeMemory.mjs';
import { defineSuite, sharedPlainAndHooks } from './Suite.mjs';

const BYTES_PER_MB = 1e6;

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function memory({ frames }) {
  return sharedPlainAndHooks('memory', (name, setting) =>
    defineSuite({
      name,
      scenario: 'open',
      ...setting,
      frames,
      observer: observeMemory,
      ...(platform() !== 'linux' && {
        reasonToSkip: 'memory is read from /proc, which only Linux has',
      }),
      rows: [
        {
          name: `${name}-peak`,
          unit: 'MB',
          valueOf: ({ peakBytes }) => peakBytes && peakBytes / BYTES_PER_MB,
        },
        {
          name: `${name}-held`,
          unit: 'MB',
          valueOf: ({ heldBytes }) => heldBytes && heldBytes / BYTES_PER_MB,
        },
      ],
    }),
  );
}

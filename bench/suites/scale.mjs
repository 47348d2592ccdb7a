import { platform } from 'node:os';
import { observePeakMemory } from '../observers/observeMemory.mjs';
import { defineSuite } from './Suite.mjs';

/** Factors of the number of frames of the other suites. */
const SIZES = [0.5, 1, 2, 4];
const BYTES_PER_KB = 1e3;

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function scale({ frames }) {
  const measuresMemory = platform() === 'linux';
  return SIZES.map((size) => {
    const count = Math.round(size * frames);
    const name = `scale-${count}`;
    return defineSuite({
      name,
      scenario: 'open',
      frames: count,
      ...(measuresMemory && { observer: observePeakMemory }),
      rows: [
        { name: `${name}-time`, unit: 'ms/frame', valueOf: ({ ms }) => ms && ms / count },
        ...(measuresMemory
          ? [
              {
                name: `${name}-memory`,
                unit: 'kB/frame',
                valueOf: (/** @type {import('./Suite.mjs').Figures} */ { peakBytes }) =>
                  peakBytes && peakBytes / BYTES_PER_KB / count,
              },
            ]
          : []),
      ],
    });
  });
}

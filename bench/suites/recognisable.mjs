import { PhantomSeries } from '../server/PhantomSeries.mjs';
import { defineSuite } from './Suite.mjs';

const LATENCY_MS = 40;
const SPEEDS_IN_MB = [5, 25];
const SIZE = 256;
/** A quarter of a slice of HTJ2K: enough for half of its size. */
const FIRST_BYTES = 12 * 1024;

/** How the built-in loader is configured for each encoding. */
const ENCODINGS = /** @type {const} */ ({
  raw: {},
  j2k: {},
  htj2k: { firstBytes: FIRST_BYTES },
});

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function recognisable({ frames }) {
  return SPEEDS_IN_MB.flatMap((speed) =>
    Object.entries(ENCODINGS).map(([key, retrieval]) => {
      const encoding = /** @type {keyof typeof ENCODINGS} */ (key);
      const name = `recognisable-${speed}mb-${encoding}`;
      return defineSuite({
        name,
        scenario: 'recognisable',
        frames,
        connection: {
          isolated: true,
          protocol: 'http/1.1',
          link: { bytesPerSecond: speed * 1e6, latencyMs: LATENCY_MS },
          servesRanges: true,
        },
        retrieval,
        openSeries: (count, number) =>
          PhantomSeries.create({ frames: count, number, size: SIZE, encoding }),
        rows: [
          { name: `${name}-picture`, unit: 'ms', valueOf: ({ recognisedMs }) => recognisedMs },
          { name: `${name}-load`, unit: 'ms', valueOf: ({ loadMs }) => loadMs },
        ],
      });
    }),
  );
}

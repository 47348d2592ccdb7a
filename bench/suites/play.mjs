import { BenchSeries } from '../server/BenchSeries.mjs';
import { defineSuite } from './Suite.mjs';

const SIZE = 256;
const TIME_POINTS = 20;
/** With 300 frames in the other suites; in proportion with others. */
const SLICES = 64;
const MIN_SLICES = 8;
/** So that frames are distinguishable. */
const MAX_SLICES = 204;
/** Of the warm-up. */
const FEW_TIME_POINTS = 2;

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function play({ frames }) {
  const slices = Math.min(MAX_SLICES, Math.max(MIN_SLICES, Math.round((SLICES * frames) / 300)));
  return /** @type {const} */ (['playPlane', 'playPlanes']).map((scenario) => {
    const name = scenario === 'playPlane' ? 'play-plane' : 'play-planes';
    const count = slices * TIME_POINTS;
    return defineSuite({
      name,
      scenario,
      frames: count,
      // All time points are loaded before the clock starts, and there is no lower bound of the work.
      loadsAll: false,
      variants: ['builtin', 'ours'],
      openSeries: async (given, number) =>
        new BenchSeries(given, number, {
          size: SIZE,
          timePoints: given === count ? TIME_POINTS : FEW_TIME_POINTS,
        }),
      rows: [
        {
          name: `${name}-pictures`,
          unit: '1/s',
          valueOf: ({ picturesPerSecond }) => picturesPerSecond,
        },
        { name: `${name}-worst-gap`, unit: 'ms', valueOf: ({ worstGapMs }) => worstGapMs },
        {
          name: `${name}-uploads`,
          unit: 'slices/switch',
          valueOf: ({ slicesPerSwitch }) => slicesPerSwitch,
        },
      ],
    });
  });
}

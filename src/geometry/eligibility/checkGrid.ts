import type { Finding } from './finding.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import type { PlacedFrame } from '../placedFrame.js';
import { countOf } from '../wording.js';

/**
 * Checks that every frame lies near its place in the regular grid between the first and the last:
 * deviations too small to be found one by one may add up.
 *
 * @param distinct - all frames, ascending along the normal, none missing
 */
export function checkGrid(
  distinct: readonly PlacedFrame[],
  tolerance: GeometryTolerance,
): Finding | undefined {
  const start = distinct[0]?.along ?? 0;
  const extent = (distinct.at(-1)?.along ?? 0) - start;
  const spacing = extent / (distinct.length - 1);
  const offGrid = distinct
    .map((frame, i) => ({ frame, inMm: Math.abs(frame.along - start - i * spacing) }))
    .filter(({ inMm }) => inMm > tolerance.offGridInSlices * spacing);
  if (offGrid.length === 0) {
    return undefined;
  }
  const farthest = Math.max(...offGrid.map(({ inMm }) => inMm));
  return {
    code: 'irregular-spacing',
    message:
      `The distances between neighbours change along the stack: at ${spacing.toFixed(3)} mm each, ` +
      `${countOf(offGrid.length, 'frame')} would be drawn up to ${farthest.toFixed(3)} mm away ` +
      `from where they are.`,
    frameIndices: offGrid.map(({ frame }) => frame.frameIndex),
  };
}

import type { Finding } from './finding.js';
import type { GeometryTolerance } from './geometryTolerance.js';
import { lowerMedian } from './median.js';
import type { PlacedFrame } from './placedFrame.js';
import { countOf, fromTo } from './wording.js';

interface Gap {
  readonly from: PlacedFrame;
  readonly to: PlacedFrame;
  readonly inMm: number;
}

/**
 * Checks that neighbours are equally far apart along the normal.
 *
 * @param distinct - one frame of each position, ascending along the normal
 * @param excludedAlong - where the frames lie that another finding took out, along the normal: a
 *   wide gap with such a frame in it is that finding's doing and no missing slice
 */
export function checkSpacing(
  distinct: readonly PlacedFrame[],
  excludedAlong: readonly number[],
  tolerance: GeometryTolerance,
): Finding | undefined {
  const gaps = distinct.slice(1).map((to, i): Gap => {
    const from = distinct[i] ?? to;
    return { from, to, inMm: to.along - from.along };
  });
  if (gaps.length < 2) {
    return undefined;
  }
  const usual = lowerMedian(gaps.map(({ inMm }) => inMm));
  const allowed = Math.max(tolerance.relativeSpacing * usual, tolerance.spacingInMm);
  const deviating = gaps.filter(
    (gap) =>
      !(Math.abs(gap.inMm - usual) <= allowed) && !isLeftByExcluded(gap, usual, excludedAlong),
  );
  if (deviating.length > 0) {
    return {
      code: 'irregular-spacing',
      message:
        `${deviating.length} of ${countOf(gaps.length, 'distance')} between neighbours ` +
        `${deviating.length === 1 ? 'differs' : 'differ'} from the usual ${usual.toFixed(3)} mm: ` +
        `${fromTo(
          deviating.map(({ inMm }) => inMm),
          3,
        )} mm.`,
      frameIndices: [
        ...new Set(deviating.flatMap(({ from, to }) => [from.frameIndex, to.frameIndex])),
      ],
    };
  }
  return excludedAlong.length > 0 ? undefined : checkGrid(distinct, tolerance);
}

function isLeftByExcluded(gap: Gap, usual: number, excludedAlong: readonly number[]): boolean {
  // A quarter of a slice keeps out excluded frames at the place of a neighbour.
  const margin = usual / 4;
  return excludedAlong.some(
    (along) => along > gap.from.along + margin && along < gap.to.along - margin,
  );
}

function checkGrid(
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

import type { GeometryTolerance } from '../geometryTolerance.js';
import { lowerMedian } from '../median.js';
import type { PlacedFrame } from '../placedFrame.js';
import type { PositionRounding } from './positionRounding.js';

/** The distance of two neighbours along the normal. */
export interface Gap {
  readonly from: PlacedFrame;
  readonly to: PlacedFrame;
  readonly inMm: number;
  /** Where it begins, from the first slice along the normal. */
  readonly startInMm: number;
}

/** The distances between the neighbours of a stack. */
export interface Spacing {
  /**
   * The mean of the distances near the median. It is what a volume of the frames has between slices,
   * and a median is not: positions that are rounded to a tenth of a mm make only a few distances. Where
   * rounding is known it is that of the grid before.
   */
  readonly usualInMm: number;
  /** Wide enough for slices that are not there. */
  readonly missing: readonly Gap[];
  /** The others, without those in which a frame lies that another finding took out. */
  readonly present: readonly Gap[];
}

/**
 * Measures the distances between neighbours.
 *
 * @param distinct - one frame of each position, ascending along the normal, at least two
 * @param excludedAlong - where the frames lie that another finding took out, along the normal: a
 *   wide gap that they fill is that finding's doing and no missing slice
 * @param rounding - what is known of the rounding of the positions
 */
export function measureSpacing(
  distinct: readonly PlacedFrame[],
  excludedAlong: readonly number[],
  tolerance: GeometryTolerance,
  rounding?: PositionRounding,
): Spacing {
  const gaps = distinct.slice(1).map((to, i): Gap => {
    const from = distinct[i] ?? to;
    const startInMm = from.along - (distinct[0] ?? from).along;
    return { from, to, inMm: to.along - from.along, startInMm };
  });
  const usualInMm = rounding?.spacingInMm ?? meanNearMedian(gaps, tolerance.largestRelativeSpacing);
  const isWide = (inMm: number) =>
    inMm + (rounding?.ofDistanceInMm ?? 0) > (1 + tolerance.missingSlice) * usualInMm &&
    (rounding === undefined || rounding.stepsOf(inMm) > 1);
  const missing: Gap[] = [];
  const present: Gap[] = [];
  for (const gap of gaps) {
    const filled = countInside(gap, usualInMm, excludedAlong);
    if (isWide(gap.inMm - filled * usualInMm)) {
      missing.push(gap);
    } else if (filled === 0) {
      present.push(gap);
    }
  }
  return { usualInMm, missing, present };
}

function meanNearMedian(gaps: readonly Gap[], near: number): number {
  const median = lowerMedian(gaps.map(({ inMm }) => inMm));
  const regular = gaps.filter(({ inMm }) => Math.abs(inMm - median) <= near * median);
  return regular.reduce((sum, { inMm }) => sum + inMm, 0) / regular.length;
}

function countInside(gap: Gap, usualInMm: number, along: readonly number[]): number {
  // A quarter of a slice keeps out excluded frames at the place of a neighbour.
  const margin = usualInMm / 4;
  const inside = along.filter((mm) => mm > gap.from.along + margin && mm < gap.to.along - margin);
  // Frames of another fault may share a place, and fill no more than one.
  return new Set(inside.map((mm) => Math.round((mm - gap.from.along) / usualInMm))).size;
}

/** Which frames a gap is between, by their names, and where. */
export function betweenFrames(gap: Gap, nameOf: (frame: PlacedFrame) => string): string {
  return (
    `between ${nameOf(gap.from)} and ${nameOf(gap.to)}, ` +
    `${gap.startInMm.toFixed(3)} mm from the first slice`
  );
}

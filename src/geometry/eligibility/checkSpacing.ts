import { countOf } from '../../base/eligibilityReason.js';
import type { Finding } from '../../base/eligibilityReason.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import type { PlacedFrame } from '../planeAxes.js';
import { lowerMedian } from '../statistics.js';
import type { PositionRounding } from './positionRounding.js';

/**
 * Checks the distances between neighbours: wide ones are missing slices, other deviations make the spacing
 * irregular. A distance is in at most one of the findings.
 *
 * @param nameOf - the imageId of a frame, for messages
 * @param rounding - explains deviations, which are a warning then
 */
export function checkSpacing(
  spacing: Spacing,
  tolerance: GeometryTolerance,
  nameOf: (frame: PlacedFrame) => string,
  rounding?: PositionRounding,
): Finding[] {
  const { usualInMm, missing, present } = spacing;
  const allowed = Math.max(tolerance.relativeSpacing * usualInMm, tolerance.spacingInMm);
  const deviating = present.filter(({ inMm }) => !(Math.abs(inMm - usualInMm) <= allowed));
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push(describeMissing(missing, usualInMm, nameOf));
  }
  if (deviating.length > 0 && rounding) {
    findings.push(describeRounded(deviating, spacing, rounding));
  } else if (deviating.length > 0) {
    findings.push(describeDeviating(deviating, spacing, tolerance, nameOf));
  }
  return findings;
}

// Enough to find the slices; a list of all gaps of a long series would not be read.
const PLACES_IN_A_MESSAGE = 3;

function describeMissing(
  missing: readonly Gap[],
  usualInMm: number,
  nameOf: (frame: PlacedFrame) => string,
): Finding {
  const slices = missing.reduce((sum, gap) => sum + missingIn(gap, usualInMm), 0);
  const places = missing
    .slice(0, PLACES_IN_A_MESSAGE)
    .map((gap) => `${gap.inMm.toFixed(3)} mm ${betweenFrames(gap, nameOf)}`);
  if (missing.length > places.length) {
    places.push(`and at ${countOf(missing.length - places.length, 'other place')}`);
  }
  return {
    code: 'missing-slices',
    message:
      `About ${countOf(slices, 'slice')} ${slices === 1 ? 'is' : 'are'} missing, where neighbours ` +
      `are not the usual ${usualInMm.toFixed(3)} mm apart: ${places.join('; ')}.`,
    sourceIndices: framesOf(missing),
  };
}

function missingIn(gap: Gap, usualInMm: number): number {
  return Math.max(1, Math.round(gap.inMm / usualInMm) - 1);
}

function describeDeviating(
  deviating: readonly Gap[],
  { usualInMm, missing, present }: Spacing,
  tolerance: GeometryTolerance,
  nameOf: (frame: PlacedFrame) => string,
): Finding {
  const deviationOf = (gap: Gap) => Math.abs(gap.inMm - usualInMm);
  const worst = deviating.reduce((a, b) => (deviationOf(b) > deviationOf(a) ? b : a));
  const percent = (100 * deviationOf(worst)) / usualInMm;
  const largest = Math.max(tolerance.largestRelativeSpacing * usualInMm, tolerance.spacingInMm);
  return {
    code: 'irregular-spacing',
    severity: deviationOf(worst) > largest ? 'error' : 'warning',
    message:
      `${deviating.length} of ${countOf(missing.length + present.length, 'distance')} between ` +
      `neighbours ${deviating.length === 1 ? 'differs' : 'differ'} from the usual ` +
      `${usualInMm.toFixed(3)} mm, by up to ${deviationOf(worst).toFixed(3)} mm ` +
      `(${percent.toFixed(1)} %): ${worst.inMm.toFixed(3)} mm ${betweenFrames(worst, nameOf)}.`,
    sourceIndices: framesOf(deviating),
  };
}

function describeRounded(
  deviating: readonly Gap[],
  { usualInMm, missing, present }: Spacing,
  { writtenWith }: PositionRounding,
): Finding {
  const farthest = Math.max(...deviating.map(({ inMm }) => Math.abs(inMm - usualInMm)));
  return {
    code: 'rounded-positions',
    severity: 'warning',
    message:
      `The positions are written with ${writtenWith}. That makes ${deviating.length} of ` +
      `${countOf(missing.length + present.length, 'distance')} between neighbours differ from ` +
      `${usualInMm.toFixed(3)} mm, by up to ${farthest.toFixed(3)} mm; the slices are taken as ` +
      `equally far apart.`,
    sourceIndices: framesOf(deviating),
  };
}

function framesOf(gaps: readonly Gap[]): number[] {
  return [...new Set(gaps.flatMap(({ from, to }) => [from.sourceIndex, to.sourceIndex]))];
}

/** The distance of two neighbours along the normal. */
export interface Gap {
  readonly from: PlacedFrame;
  readonly to: PlacedFrame;
  readonly inMm: number;
  /** Distance of its begin from the first slice along the normal. */
  readonly startInMm: number;
}

/** The distances between the neighbours of a stack. */
export interface Spacing {
  /**
   * The mean of the distances near the median, which is the slice distance of a volume of the frames. The median
   * itself is not: positions that are rounded to a tenth of a mm have only a few distances. Where the rounding is
   * known, the distance of the grid before rounding.
   */
  readonly usualInMm: number;
  /** Gaps wide enough for missing slices. */
  readonly missing: readonly Gap[];
  /** The other gaps, without gaps that contain a frame with another finding. */
  readonly present: readonly Gap[];
}

/**
 * Measures the distances between neighbours.
 *
 * @param distinct - one frame of each position, ascending along the normal, at least two
 * @param excludedAlong - positions along the normal of frames with another finding: a wide gap that they fill is no
 *   missing slice
 * @param rounding - of the positions, where it is known
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
  // A margin of a quarter slice leaves out excluded frames at the position of a neighbour.
  const margin = usualInMm / 4;
  const inside = along.filter((mm) => mm > gap.from.along + margin && mm < gap.to.along - margin);
  // Several excluded frames may share a position, and fill one slice.
  return new Set(inside.map((mm) => Math.round((mm - gap.from.along) / usualInMm))).size;
}

/** The frames on both sides of a gap, by imageId, and its place, in words. */
function betweenFrames(gap: Gap, nameOf: (frame: PlacedFrame) => string): string {
  return (
    `between ${nameOf(gap.from)} and ${nameOf(gap.to)}, ` +
    `${gap.startInMm.toFixed(3)} mm from the first slice`
  );
}

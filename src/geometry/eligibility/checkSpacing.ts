import type { Finding } from './finding.js';
import { betweenFrames, type Gap, type Spacing } from './gaps.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import type { PlacedFrame } from '../placedFrame.js';
import type { PositionRounding } from './positionRounding.js';
import { countOf } from '../wording.js';

/**
 * Judges the distances between neighbours: wide ones are missing slices, other deviations make the
 * spacing irregular. A distance is in at most one of the findings.
 *
 * @param nameOf - the imageId of a frame, for messages
 * @param rounding - what explains deviations, as far as it goes; there is a warning then
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

// Enough to look for the slices; a list of every gap of a long series would not be read.
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
    frameIndices: framesOf(missing),
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
    frameIndices: framesOf(deviating),
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
    frameIndices: framesOf(deviating),
  };
}

function framesOf(gaps: readonly Gap[]): number[] {
  return [...new Set(gaps.flatMap(({ from, to }) => [from.frameIndex, to.frameIndex]))];
}

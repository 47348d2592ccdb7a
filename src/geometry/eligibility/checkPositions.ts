import { vec2 } from 'gl-matrix';
import { countOf } from '../../base/eligibilityReason.js';
import type { Finding, StackMeasures } from '../../base/eligibilityReason.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import type { FrameMetadata, Orientation } from '../../base/types.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import {
  obliquityInDegrees,
  pixelInMm,
  placeFrames,
  planeAxes,
  type PlacedFrame,
} from '../planeAxes.js';
import { lowerMedian } from '../statistics.js';
import { checkSpacing, measureSpacing } from './checkSpacing.js';
import { describeShared, groupByPosition } from './duplicatePositions.js';
import { findPositionRounding } from './positionRounding.js';

/** The faults of the positions of a stack, and its measures. */
export interface PositionCheck {
  readonly findings: readonly Finding[];
  /** `undefined` when all frames lie in one plane. */
  readonly stack: StackMeasures | undefined;
}

/**
 * Checks that positions lie on one line along the normal, one frame at each, equally far apart.
 *
 * Each fault is found once: a second frame at a position, a tilt or an excluded frame makes no spacing irregular.
 *
 * @param orientation - of all frames that are not excluded
 * @param excluded - source indices of frames with another finding; their positions are not checked
 * @param read - asked only when frames share positions
 */
export function checkPositions(
  frames: readonly FrameMetadata[],
  orientation: Orientation,
  excluded: ReadonlySet<number>,
  tolerance: GeometryTolerance,
  read: SplitValueReader,
): PositionCheck {
  const all = placeFrames(frames, orientation);
  const placed = all.filter(({ sourceIndex }) => !excluded.has(sourceIndex));
  const pixel = pixelInMm(frames[placed[0]?.sourceIndex ?? 0]);
  const sameInMm = tolerance.samePositionInPixels * pixel;
  const offLineInMm = tolerance.offLineInPixels * pixel;

  const positions = groupByPosition(placed, sameInMm);
  const { distinct } = positions;
  const duplicates = describeShared(frames, positions, read);
  const findings = duplicates ? [duplicates] : [];
  if (distinct.length < 2) {
    return { findings, stack: undefined };
  }
  if (extentOf(distinct) <= sameInMm) {
    return { findings: [...findings, describeOnePlane(distinct)], stack: undefined };
  }

  const { normal } = planeAxes(orientation);
  const ofAll = findPositionRounding(frames, distinct, normal, tolerance, offLineInMm);
  // The line through rounded positions is off by as much as they are.
  const nearInMm = Math.max(offLineInMm, 2 * (ofAll?.inPlaneInMm ?? 0));
  const line = fitStackLine(distinct, nearInMm);
  const isNear = (frame: PlacedFrame) => distanceFromLine(line, frame) <= nearInMm;
  const offLine = distinct.filter((frame) => !isNear(frame));
  const inLine = distinct.filter(isNear);
  if (inLine.length < 2 || 2 * offLine.length > distinct.length) {
    return { findings: [...findings, describeCurve(line, distinct)], stack: undefined };
  }
  if (offLine.length > 0) {
    findings.push(describeOffLine(line, offLine, distinct.length));
  }
  const rounding = ofAll ?? findPositionRounding(frames, inLine, normal, tolerance, offLineInMm);
  const tilt = checkTilt(line, inLine, nearInMm, tolerance);
  if (tilt) {
    findings.push(tilt);
  }
  const leftOut = all.filter((frame) => excluded.has(frame.sourceIndex) || offLine.includes(frame));
  const spacing = measureSpacing(
    inLine,
    leftOut.map(({ along }) => along),
    tolerance,
    rounding,
  );
  const nameOf = ({ sourceIndex }: PlacedFrame) => String(frames[sourceIndex]?.imageId);
  const irregular = checkSpacing(spacing, tolerance, nameOf, rounding);
  const hasIrregularError = irregular.some(({ severity }) => severity !== 'warning');
  const offGrid =
    leftOut.length > 0 || hasIrregularError ? undefined : checkGrid(inLine, tolerance);
  findings.push(...(offGrid ? [offGrid] : irregular));
  const deviations = spacing.present.map(({ inMm }) => Math.abs(inMm - spacing.usualInMm));
  return {
    findings,
    stack: {
      obliquityInDegrees: obliquityInDegrees(orientation),
      tiltInDegrees: tiltOf(line),
      spacingInMm: spacing.usualInMm,
      worstSpacingDeviationInMm: Math.max(0, ...deviations),
      roundingInMm: rounding?.alongInMm ?? 0,
    },
  };
}

function checkTilt(
  line: StackLine,
  inLine: readonly PlacedFrame[],
  driftAllowedInMm: number,
  { tiltInDegrees, largestTiltInDegrees }: GeometryTolerance,
): Finding | undefined {
  const degrees = tiltOf(line);
  const driftInMm = vec2.length(line.slope) * extentOf(inLine);
  if (degrees <= tiltInDegrees || driftInMm <= driftAllowedInMm) {
    return undefined;
  }
  return {
    code: 'gantry-tilt',
    severity: degrees > largestTiltInDegrees ? 'error' : 'warning',
    message:
      `The positions lie on a line that is tilted by ${degrees.toFixed(2)} degrees from the ` +
      `normal: ${driftInMm.toFixed(3)} mm in plane over ${extentOf(inLine).toFixed(3)} mm.`,
    sourceIndices: inLine.map(({ sourceIndex }) => sourceIndex),
  };
}

function describeCurve(line: StackLine, distinct: readonly PlacedFrame[]): Finding {
  const farthest = Math.max(...distinct.map((frame) => distanceFromLine(line, frame)));
  return {
    code: 'curved-stack',
    message:
      `Most of ${countOf(distinct.length, 'position')} follow no line: they are up to ` +
      `${farthest.toFixed(3)} mm off the best one.`,
    sourceIndices: distinct.map(({ sourceIndex }) => sourceIndex),
  };
}

function describeOffLine(
  line: StackLine,
  offLine: readonly PlacedFrame[],
  positions: number,
): Finding {
  const farthest = Math.max(...offLine.map((frame) => distanceFromLine(line, frame)));
  return {
    code: 'positions-not-in-line',
    message:
      `${offLine.length} of ${countOf(positions, 'position')} ` +
      `${offLine.length === 1 ? 'is' : 'are'} off the line through the others, ` +
      `by up to ${farthest.toFixed(3)} mm.`,
    sourceIndices: offLine.map(({ sourceIndex }) => sourceIndex),
  };
}

function describeOnePlane(placed: readonly PlacedFrame[]): Finding {
  return {
    code: 'positions-not-in-line',
    message:
      `All ${placed.length} positions lie in one plane: ` +
      `${extentOf(placed).toFixed(3)} mm apart along the normal.`,
    sourceIndices: placed.map(({ sourceIndex }) => sourceIndex),
  };
}

function extentOf(placed: readonly PlacedFrame[]): number {
  return (placed.at(-1)?.along ?? 0) - (placed[0]?.along ?? 0);
}

/**
 * Checks that every frame lies near its slice of the regular grid between the first and the last frame: small
 * deviations may add up.
 *
 * @param distinct - all frames, ascending along the normal, none missing
 */
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
    sourceIndices: offGrid.map(({ frame }) => frame.sourceIndex),
  };
}

type Offsets = readonly [number, number];

/** The line of the positions of a stack. */
interface StackLine {
  /** In-plane drift in mm per mm along the normal; `[0, 0]` for a stack without tilt. */
  readonly slope: Offsets;
  /** In-plane offset in mm where the distance along the normal is 0. */
  readonly offset: Offsets;
}

/** In-plane distance of a frame from the line, in mm. */
function distanceFromLine(line: StackLine, placed: PlacedFrame): number {
  const { slope, offset } = line;
  return vec2.distance(placed.inPlane, vec2.scaleAndAdd([0, 0], offset, slope, placed.along));
}

/**
 * Fits a line through a stack that outliers do not move.
 *
 * Of the lines through two frames, the one near most frames wins, the least tilted of equal ones. The median of the
 * slopes and the mean of the offsets of the frames near it then remove the rounding of the headers, also of a single
 * frame that is off by a fraction of a pixel.
 *
 * @param placed - ascending along the normal, with an extent along it
 * @param nearInMm - largest distance that rounding may move a frame in plane
 */
function fitStackLine(placed: readonly PlacedFrame[], nearInMm: number): StackLine {
  const isNear = (line: StackLine) => (frame: PlacedFrame) =>
    distanceFromLine(line, frame) <= 2 * nearInMm;
  let best: { line: StackLine; votes: number } | undefined;
  for (const line of candidateLines(placed)) {
    const votes = placed.filter(isNear(line)).length;
    if (!best || votes > best.votes || (votes === best.votes && tiltOf(line) < tiltOf(best.line))) {
      best = { line, votes };
    }
    if (votes === placed.length) {
      break;
    }
  }
  return middleLine(best ? placed.filter(isNear(best.line)) : placed);
}

/** Lines through frames half the stack apart: far enough for a good slope, few enough to try. */
function* candidateLines(placed: readonly PlacedFrame[]): Generator<StackLine> {
  const half = placed.length >> 1;
  for (const lever of [half, half + 1]) {
    for (const [i, far] of placed.slice(lever).entries()) {
      const near = placed[i];
      if (near && far.along > near.along) {
        yield lineThrough(near, far);
      }
    }
  }
}

function lineThrough(near: PlacedFrame, far: PlacedFrame): StackLine {
  const run = far.along - near.along;
  return fitAxes((axis) => {
    const slope = (far.inPlane[axis] - near.inPlane[axis]) / run;
    return [slope, near.inPlane[axis] - slope * near.along];
  });
}

function middleLine(placed: readonly PlacedFrame[]): StackLine {
  const lines = [...candidateLines(placed)];
  const mean = (read: (frame: PlacedFrame) => number): number =>
    placed.reduce((sum, frame) => sum + read(frame), 0) / placed.length;
  return fitAxes((axis) => {
    const slope = lines.length > 0 ? lowerMedian(lines.map((line) => line.slope[axis])) : 0;
    return [slope, mean(({ along, inPlane }) => inPlane[axis] - slope * along)];
  });
}

function fitAxes(fit: (axis: 0 | 1) => [slope: number, offset: number]): StackLine {
  const [row, column] = [fit(0), fit(1)];
  return { slope: [row[0], column[0]], offset: [row[1], column[1]] };
}

/** Angle between a line and the normal, in degrees. */
function tiltOf(line: StackLine): number {
  return (Math.atan(vec2.length(line.slope)) * 180) / Math.PI;
}

import type { FrameMetadata, Orientation } from '../../base/types.js';
import { checkGrid } from './checkGrid.js';
import { checkSpacing } from './checkSpacing.js';
import { describeShared, groupByPosition } from './duplicatePositions.js';
import type { StackMeasures } from '../../base/eligibilityReason.js';
import type { Finding } from './finding.js';
import { measureSpacing } from './gaps.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { obliquityInDegrees } from '../obliquity.js';
import { placeFrames, type PlacedFrame } from '../placedFrame.js';
import { pixelInMm, planeAxes } from '../planeAxes.js';
import { findPositionRounding } from './positionRounding.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import { distanceFromLine, fitStackLine, tiltOf, type StackLine } from './stackLine.js';
import { countOf } from '../wording.js';

/** What is wrong with the positions of a stack, and how it lies. */
export interface PositionCheck {
  readonly findings: readonly Finding[];
  /** `undefined` when all frames lie in one plane. */
  readonly stack: StackMeasures | undefined;
}

/**
 * Checks that positions lie on one line along the normal, one frame at each, equally far apart.
 *
 * Each thing that is wrong is found once: a second frame at a position makes no spacing irregular,
 * and neither does a tilt or a frame that was taken out.
 *
 * @param orientation - that of all frames which are not excluded
 * @param excluded - indices of frames that another finding concerns; their positions are not judged
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
  const placed = all.filter(({ frameIndex }) => !excluded.has(frameIndex));
  const pixel = pixelInMm(frames[placed[0]?.frameIndex ?? 0]);
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
  const leftOut = all.filter((frame) => excluded.has(frame.frameIndex) || offLine.includes(frame));
  const spacing = measureSpacing(
    inLine,
    leftOut.map(({ along }) => along),
    tolerance,
    rounding,
  );
  const nameOf = ({ frameIndex }: PlacedFrame) => String(frames[frameIndex]?.imageId);
  const irregular = checkSpacing(spacing, tolerance, nameOf, rounding);
  const isJudgedAlready = irregular.some(({ severity }) => severity !== 'warning');
  const offGrid = leftOut.length > 0 || isJudgedAlready ? undefined : checkGrid(inLine, tolerance);
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
  const driftInMm = Math.hypot(line.slope[0], line.slope[1]) * extentOf(inLine);
  if (degrees <= tiltInDegrees || driftInMm <= driftAllowedInMm) {
    return undefined;
  }
  return {
    code: 'gantry-tilt',
    severity: degrees > largestTiltInDegrees ? 'error' : 'warning',
    message:
      `The positions lie on a line that is tilted by ${degrees.toFixed(2)} degrees from the ` +
      `normal: ${driftInMm.toFixed(3)} mm in plane over ${extentOf(inLine).toFixed(3)} mm.`,
    frameIndices: inLine.map(({ frameIndex }) => frameIndex),
  };
}

function describeCurve(line: StackLine, distinct: readonly PlacedFrame[]): Finding {
  const farthest = Math.max(...distinct.map((frame) => distanceFromLine(line, frame)));
  return {
    code: 'curved-stack',
    message:
      `Most of ${countOf(distinct.length, 'position')} follow no line: they are up to ` +
      `${farthest.toFixed(3)} mm off the best one.`,
    frameIndices: distinct.map(({ frameIndex }) => frameIndex),
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
    frameIndices: offLine.map(({ frameIndex }) => frameIndex),
  };
}

function describeOnePlane(placed: readonly PlacedFrame[]): Finding {
  return {
    code: 'positions-not-in-line',
    message:
      `All ${placed.length} positions lie in one plane: ` +
      `${extentOf(placed).toFixed(3)} mm apart along the normal.`,
    frameIndices: placed.map(({ frameIndex }) => frameIndex),
  };
}

function extentOf(placed: readonly PlacedFrame[]): number {
  return (placed.at(-1)?.along ?? 0) - (placed[0]?.along ?? 0);
}

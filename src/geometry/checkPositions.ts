import type { FrameMetadata, Orientation } from '../types.js';
import { checkSpacing } from './checkSpacing.js';
import { separateDuplicates } from './duplicatePositions.js';
import type { Finding } from './finding.js';
import type { GeometryTolerance } from './geometryTolerance.js';
import { placeFrames, type PlacedFrame } from './placedFrame.js';
import { distanceFromLine, fitStackLine, type StackLine } from './stackLine.js';
import { countOf } from './wording.js';

/**
 * Checks that positions lie on one line along the normal, one frame at each, equally far apart.
 *
 * Each thing that is wrong is found once: a second frame at a position makes no spacing irregular,
 * and neither does a tilt or a frame that was taken out.
 *
 * @param orientation - that of all frames which are not excluded
 * @param excluded - indices of frames that another finding concerns; their positions are not judged
 */
export function checkPositions(
  frames: readonly FrameMetadata[],
  orientation: Orientation,
  excluded: ReadonlySet<number>,
  tolerance: GeometryTolerance,
): Finding[] {
  const all = placeFrames(frames, orientation);
  const placed = all.filter(({ frameIndex }) => !excluded.has(frameIndex));
  const pixelInMm = Math.min(...(frames[placed[0]?.frameIndex ?? 0]?.pixelSpacing ?? []));
  const sameInMm = tolerance.samePositionInPixels * pixelInMm;
  const nearInMm = tolerance.offLineInPixels * pixelInMm;

  const { finding: duplicates, distinct } = separateDuplicates(frames, placed, sameInMm);
  const findings = duplicates ? [duplicates] : [];
  if (distinct.length < 2) {
    return findings;
  }
  if (extentOf(distinct) <= sameInMm) {
    return [...findings, describeOnePlane(distinct)];
  }

  const line = fitStackLine(distinct, nearInMm);
  const offLine = distinct.filter((frame) => !(distanceFromLine(line, frame) <= nearInMm));
  const inLine = distinct.filter((frame) => !offLine.includes(frame));
  if (offLine.length > 0) {
    findings.push(describeOffLine(line, offLine, distinct.length));
  }
  const tilt = checkTilt(line, inLine, nearInMm, tolerance.tiltInDegrees);
  if (tilt) {
    findings.push(tilt);
  }
  const leftOut = all.filter((frame) => excluded.has(frame.frameIndex) || offLine.includes(frame));
  const spacing = checkSpacing(
    inLine,
    leftOut.map(({ along }) => along),
    tolerance,
  );
  if (spacing) {
    findings.push(spacing);
  }
  return findings;
}

function checkTilt(
  line: StackLine,
  inLine: readonly PlacedFrame[],
  driftAllowedInMm: number,
  degreesAllowed: number,
): Finding | undefined {
  const driftPerMm = Math.hypot(line.slope[0], line.slope[1]);
  const degrees = (Math.atan(driftPerMm) * 180) / Math.PI;
  const driftInMm = driftPerMm * extentOf(inLine);
  if (degrees <= degreesAllowed || driftInMm <= driftAllowedInMm) {
    return undefined;
  }
  return {
    code: 'gantry-tilt',
    message:
      `The positions lie on a line that is tilted by ${degrees.toFixed(2)} degrees from the ` +
      `normal: ${driftInMm.toFixed(3)} mm in plane over ${extentOf(inLine).toFixed(3)} mm.`,
    frameIndices: inLine.map(({ frameIndex }) => frameIndex),
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

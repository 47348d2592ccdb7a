import type { FrameMetadata, Orientation } from '../types.js';
import type { Finding } from './finding.js';
import type { GeometryTolerance } from './geometryTolerance.js';
import { numericMajority } from './majority.js';
import { planeAxes } from './planeAxes.js';
import { angleInDegrees, dot, length } from './vector.js';
import { countOf } from './wording.js';

/** The orientation that most frames share, and what is wrong with the others. */
export interface OrientationCheck {
  readonly findings: readonly Finding[];
  /** `undefined` when no frame has two unit vectors at right angles. */
  readonly orientation: Orientation | undefined;
}

/**
 * Checks that each orientation is two unit vectors at right angles, and that those which are
 * agree. A frame is in at most one of the two findings.
 */
export function checkOrientations(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): OrientationCheck {
  const skewed: number[] = [];
  const sound: number[] = [];
  frames.forEach((frame, index) => {
    const error = orthonormalityError(frame.imageOrientationPatient);
    (error <= tolerance.orthonormality ? sound : skewed).push(index);
  });

  const soundFrames = sound.flatMap((index) => frames[index] ?? []);
  const { reference, minority } = numericMajority(
    soundFrames.map((frame) => frame.imageOrientationPatient),
    (a, b, slack) =>
      a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= slack * tolerance.directionCosine),
  );
  const orientation = isOrientation(reference) ? reference : undefined;
  const findings: Finding[] = [];
  if (orientation && minority.length > 0) {
    const others = minority.flatMap((index) => sound[index] ?? []);
    const angles = minority.flatMap((index) => {
      const frame = soundFrames[index];
      return frame ? angleBetween(orientation, frame.imageOrientationPatient) : [];
    });
    findings.push({
      code: 'orientation',
      message:
        `The orientation of ${countOf(others.length, 'frame')} of ${frames.length} differs from ` +
        `that of the others, by up to ${Math.max(...angles).toFixed(3)} degrees.`,
      frameIndices: others,
    });
  }
  if (skewed.length > 0) {
    findings.push(describeSkewed(frames, skewed));
  }
  return { findings, orientation };
}

function describeSkewed(frames: readonly FrameMetadata[], skewed: readonly number[]): Finding {
  const cosines = frames[skewed[0] ?? 0]?.imageOrientationPatient.join(', ');
  return {
    code: 'orientation-not-orthonormal',
    message:
      `The row and column cosines of ${countOf(skewed.length, 'frame')} of ${frames.length} are ` +
      `not unit vectors at right angles; the first has (${cosines}).`,
    frameIndices: skewed,
  };
}

function orthonormalityError(orientation: Orientation): number {
  const { row, column } = planeAxes(orientation);
  return Math.max(
    Math.abs(length(row) - 1),
    Math.abs(length(column) - 1),
    Math.abs(dot(row, column)),
  );
}

function angleBetween(a: Orientation, b: Orientation): number {
  const [from, to] = [planeAxes(a), planeAxes(b)];
  return Math.max(angleInDegrees(from.row, to.row), angleInDegrees(from.column, to.column));
}

function isOrientation(values: readonly number[]): values is Orientation {
  return values.length === 6;
}

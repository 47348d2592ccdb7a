import { vec3 } from 'gl-matrix';
import { countOf } from '../../base/eligibilityReason.js';
import type { Finding } from '../../base/eligibilityReason.js';
import type { FrameMetadata, Orientation } from '../../base/types.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { angleInDegrees, planeAxes } from '../planeAxes.js';
import { numericMajority } from '../statistics.js';

/** The orientation that most frames share, and the faults of the others. */
export interface OrientationCheck {
  readonly findings: readonly Finding[];
  /** `undefined` when no frame has two unit vectors at right angles. */
  readonly orientation: Orientation | undefined;
}

/**
 * Checks that each orientation is two unit vectors at right angles (PS3.3 C.7.6.2.1.1), and that all such
 * orientations agree. A frame is in at most one of the two findings.
 */
export function checkOrientations(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): OrientationCheck {
  const skewed: number[] = [];
  const sound: number[] = [];
  frames.forEach((frame, index) => {
    (isSoundOrientation(frame.imageOrientationPatient, tolerance) ? sound : skewed).push(index);
  });

  const soundFrames = sound.flatMap((index) => frames[index] ?? []);
  const { reference, minority } = numericMajority(
    soundFrames.map((frame) => frame.imageOrientationPatient),
    (a, b, slack) => isOrientationClose(a, b, slack, tolerance),
  );
  const orientation = isOrientation(reference) ? reference : undefined;
  const findings: Finding[] = [];
  if (orientation && isTurning(sound.length, minority.length)) {
    findings.push(describeTurning(soundFrames, sound, orientation));
  } else if (orientation && minority.length > 0) {
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
      sourceIndices: others,
    });
  }
  if (skewed.length > 0) {
    findings.push(describeSkewed(frames, skewed));
  }
  const rounded = describeRounded(frames, tolerance);
  return { findings: rounded ? [...findings, rounded] : findings, orientation };
}

/** Whether no orientation is a rule: with two or three planes of a scout, none is. */
function isTurning(frames: number, minority: number): boolean {
  return frames > 2 && 2 * minority > frames && frames - minority < 3;
}

function describeTurning(
  soundFrames: readonly FrameMetadata[],
  sound: readonly number[],
  orientation: Orientation,
): Finding {
  const angles = soundFrames.map((frame) =>
    angleBetween(orientation, frame.imageOrientationPatient),
  );
  return {
    code: 'curved-stack',
    message:
      `The orientation changes from frame to frame, by up to ${Math.max(...angles).toFixed(3)} ` +
      `degrees over ${countOf(sound.length, 'frame')}.`,
    sourceIndices: sound,
  };
}

function describeSkewed(frames: readonly FrameMetadata[], skewed: readonly number[]): Finding {
  const cosines = frames[skewed[0] ?? 0]?.imageOrientationPatient.join(', ');
  return {
    code: 'orientation-not-orthonormal',
    message:
      `The row and column cosines of ${countOf(skewed.length, 'frame')} of ${frames.length} are ` +
      `not unit vectors at right angles; the first has (${cosines}).`,
    sourceIndices: skewed,
  };
}

/** Whether row and column are unit vectors at right angles, or were before they were rounded. */
export function isSoundOrientation(
  orientation: Orientation,
  { orthonormality }: GeometryTolerance,
): boolean {
  return isOrthonormal(orientation, orthonormality) || isRounded(orientation);
}

function isOrthonormal(orientation: Orientation, orthonormality: number): boolean {
  return errorsOf(orientation).every((error) => Math.abs(error) <= orthonormality);
}

/** Errors of the two lengths (from 1) and of the scalar product (from 0). */
function errorsOf(orientation: Orientation): [ofRow: number, ofColumn: number, ofAngle: number] {
  const { row, column } = planeAxes(orientation);
  return [vec3.length(row) - 1, vec3.length(column) - 1, vec3.dot(row, column)];
}

/** Fewer decimals would turn planes by degrees; more pass by the tolerance. */
const DECIMALS_OF_COSINES = [2, 3];

/** Allowance for the product of the errors of two cosines. */
const SECOND_ORDER = 1.02;

/** Whether half a unit of the last decimal explains the errors of the orientation. */
function isRounded(orientation: Orientation): boolean {
  const decimals = DECIMALS_OF_COSINES.find((count) =>
    orientation.every((cosine) => Math.abs(Number(cosine.toFixed(count)) - cosine) < 1e-9),
  );
  if (decimals === undefined) {
    return false;
  }
  const sumOf = (cosines: readonly number[]): number =>
    cosines.reduce((sum, cosine) => sum + Math.abs(cosine), 0);
  const [ofRow, ofColumn] = [sumOf(orientation.slice(0, 3)), sumOf(orientation.slice(3))];
  const allowed = [ofRow, ofColumn, ofRow + ofColumn];
  const half = (10 ** -decimals / 2) * SECOND_ORDER;
  return errorsOf(orientation).every((error, i) => Math.abs(error) <= half * (allowed[i] ?? 0));
}

function describeRounded(
  frames: readonly FrameMetadata[],
  { orthonormality }: GeometryTolerance,
): Finding | undefined {
  const rounded = frames.flatMap(({ imageOrientationPatient: orientation }, index) => {
    return !isOrthonormal(orientation, orthonormality) && isRounded(orientation) ? [index] : [];
  });
  const cosines = frames[rounded[0] ?? -1]?.imageOrientationPatient.join(', ');
  return cosines === undefined
    ? undefined
    : {
        code: 'orientation-not-orthonormal',
        severity: 'warning',
        message:
          `The row and column cosines of ${countOf(rounded.length, 'frame')} of ${frames.length} are ` +
          `written with few decimals, which makes them not quite unit vectors at right angles; the ` +
          `first has (${cosines}).`,
        sourceIndices: rounded,
      };
}

/** Whether two orientations are the same within `slack` tolerances. */
export function isOrientationClose(
  a: readonly number[],
  b: readonly number[],
  slack: number,
  { directionCosine }: GeometryTolerance,
): boolean {
  return a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= slack * directionCosine);
}

function angleBetween(a: Orientation, b: Orientation): number {
  const [from, to] = [planeAxes(a), planeAxes(b)];
  return Math.max(angleInDegrees(from.row, to.row), angleInDegrees(from.column, to.column));
}

function isOrientation(values: readonly number[]): values is Orientation {
  return values.length === 6;
}

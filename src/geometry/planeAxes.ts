import type { FrameMetadata, Orientation, Vector3 } from '../base/types.js';
import { angleInDegrees, cross, dot, normalize, subtract } from './vector.js';

/** The directions of an image plane in the patient coordinate system. */
export interface PlaneAxes {
  /** Direction in which the column index grows, as the header has it. */
  readonly row: Vector3;
  /** Direction in which the row index grows, as the header has it. */
  readonly column: Vector3;
  /** `row` × `column`, of unit length. */
  readonly normal: Vector3;
}

/**
 * Takes Image Orientation (Patient) apart (PS3.3 C.7.6.2.1.1).
 *
 * Row and column stay as the header rounds them, so that voxels lie where every other reader of
 * the header puts them; only the normal, which no header gives, is made a unit vector.
 */
export function planeAxes(orientation: Orientation): PlaneAxes {
  const row: Vector3 = [orientation[0], orientation[1], orientation[2]];
  const column: Vector3 = [orientation[3], orientation[4], orientation[5]];
  return { row, column, normal: normalize(cross(row, column)) };
}

/** The shorter side of a pixel in mm; NaN without a frame. */
export function pixelInMm(frame: FrameMetadata | undefined): number {
  return frame ? Math.min(...frame.pixelSpacing) : Number.NaN;
}

const PATIENT_AXES: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Angle between the normal of slices and the nearest axis of the patient, 0 to 54.7 degrees. */
export function obliquityInDegrees(orientation: Orientation): number {
  const { normal } = planeAxes(orientation);
  const angles = PATIENT_AXES.map((axis) => angleInDegrees(axis, normal));
  return Math.min(...angles.map((angle) => Math.min(angle, 180 - angle)));
}

/** Where a frame lies as seen from the stack, in mm from the first frame that was given. */
export interface PlacedFrame {
  /** Index into the frames that were given. */
  readonly frameIndex: number;
  /** Distance along the normal. */
  readonly along: number;
  /** Offsets along the row and the column direction. */
  readonly inPlane: readonly [number, number];
}

/**
 * Expresses Image Position (Patient) in the axes of the stack (PS3.3 C.7.6.2.1.1).
 *
 * @param orientation - of the stack, two unit vectors at right angles within rounding
 * @returns ascending along the normal; frames at one distance stay in the order given
 */
export function placeFrames(
  frames: readonly FrameMetadata[],
  orientation: Orientation,
): PlacedFrame[] {
  const { row, normal } = planeAxes(orientation);
  const unitRow = normalize(row);
  const unitColumn = cross(normal, unitRow);
  const start = frames[0]?.imagePositionPatient;
  if (!start) {
    return [];
  }
  return frames
    .map((frame, frameIndex): PlacedFrame => {
      const offset = subtract(frame.imagePositionPatient, start);
      return {
        frameIndex,
        along: dot(offset, normal),
        inPlane: [dot(offset, unitRow), dot(offset, unitColumn)],
      };
    })
    .sort((a, b) => a.along - b.along);
}

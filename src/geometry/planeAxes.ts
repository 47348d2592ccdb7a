/**
 * Planes in the patient coordinate system (PS3.3 C.7.6.2.1.1): those of frames, and that of a viewport.
 *
 * The vectors of gl-matrix are written into plain arrays. `vec3.create()`, `clone` and `fromValues` make
 * Float32Arrays, whose 24 bits are too few for positions in mm.
 */
import { vec3 } from 'gl-matrix';
import type { FrameMetadata, Orientation, Vector3, VolumeGeometry } from '../base/types.js';

/** The directions of an image plane in the patient coordinate system. */
export interface PlaneAxes {
  /** Direction of growing column indices, as in the header. */
  readonly row: Vector3;
  /** Direction of growing row indices, as in the header. */
  readonly column: Vector3;
  /** `row` × `column`, of unit length; zero where they are parallel. */
  readonly normal: Vector3;
}

/**
 * Takes Image Orientation (Patient) apart (PS3.3 C.7.6.2.1.1).
 *
 * Row and column keep the rounding of the header, so that voxels lie where every other reader of the header
 * puts them. Only the normal, which no header states, is normalised.
 */
export function planeAxes(orientation: Orientation): PlaneAxes {
  const row: Vector3 = [orientation[0], orientation[1], orientation[2]];
  const column: Vector3 = [orientation[3], orientation[4], orientation[5]];
  const normal: [number, number, number] = [0, 0, 0];
  vec3.normalize(normal, vec3.cross(normal, row, column));
  return { row, column, normal };
}

/** The point at `distance` mm from another one along a unit vector, in double precision. */
export function pointAlong(from: Vector3, direction: Vector3, distance: number): Vector3 {
  const point: [number, number, number] = [0, 0, 0];
  vec3.scaleAndAdd(point, from, direction, distance);
  return point;
}

/**
 * Angle between two vectors in degrees, 0 to 180. The arc tangent is exact for small angles too; the arc cosine
 * of `vec3.angle` loses half of the digits there.
 */
export function angleInDegrees(a: Vector3, b: Vector3): number {
  const radians = Math.atan2(vec3.length(vec3.cross([0, 0, 0], a, b)), vec3.dot(a, b));
  return (radians * 180) / Math.PI;
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

/** The position of a frame in the axes of its stack, in mm from the first frame that was given. */
export interface PlacedFrame {
  /** Index into the frames that were given, from 0. */
  readonly sourceIndex: number;
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
  const unitRow = vec3.normalize([0, 0, 0], row);
  const unitColumn = vec3.cross([0, 0, 0], normal, unitRow);
  const start = frames[0]?.imagePositionPatient;
  if (!start) {
    return [];
  }
  return frames
    .map((frame, sourceIndex): PlacedFrame => {
      const offset = vec3.subtract([0, 0, 0], frame.imagePositionPatient, start);
      return {
        sourceIndex,
        along: vec3.dot(offset, normal),
        inPlane: [vec3.dot(offset, unitRow), vec3.dot(offset, unitColumn)],
      };
    })
    .sort((a, b) => a.along - b.along);
}

/** The plane that a viewport shows. */
export interface ViewPlane {
  /** A point of the plane in mm. */
  readonly focalPoint: Vector3;
  /** Of any length but 0. */
  readonly viewPlaneNormal: Vector3;
  /** Thickness of what is shown around the plane, in mm. */
  readonly slabThicknessInMm: number;
}

/** The slices that a plane cuts: `sliceIndex - radius` to `sliceIndex + radius`. */
export interface SlicesInView {
  /** The slice nearest to the focal point, from 0; for a point beyond an end, the slice at that end. */
  readonly sliceIndex: number;
  readonly radius: number;
}

/**
 * Finds the slices of a volume that a viewport shows.
 *
 * @returns undefined when the plane cuts across more than half of the slices
 */
export function slicesInView(
  { dimensions, spacing, origin, direction }: VolumeGeometry,
  { focalPoint, viewPlaneNormal, slabThicknessInMm }: ViewPlane,
): SlicesInView | undefined {
  const [columns, rows, count] = dimensions;
  const [, , , , , , x = 0, y = 0, z = 0] = direction;
  const normal: Vector3 = [x, y, z];
  const along = vec3.dot(vec3.subtract([0, 0, 0], focalPoint, origin), normal) / spacing[2];
  const cosine = Math.abs(vec3.dot(normal, viewPlaneNormal)) / vec3.length(viewPlaneNormal);
  const tangent = Math.sqrt(Math.max(0, 1 - cosine * cosine)) / cosine;
  const halfDiagonalInMm = Math.hypot(columns * spacing[0], rows * spacing[1]) / 2;
  // A plane that is not quite parallel to the slices leaves the middle one towards the corners.
  const reachInMm = halfDiagonalInMm * tangent + slabThicknessInMm / 2;
  const radius = Math.floor(reachInMm / spacing[2] + 0.5 - 1e-6);
  if (!(2 * radius + 1 <= Math.max(1, count / 2))) {
    return undefined;
  }
  return { sliceIndex: Math.min(Math.max(Math.round(along), 0), count - 1), radius };
}

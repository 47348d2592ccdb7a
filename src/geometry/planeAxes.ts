import type { FrameMetadata, Orientation, Vector3 } from '../base/types.js';
import { cross, normalize } from './vector.js';

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

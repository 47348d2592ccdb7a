import type { Vector3, VolumeGeometry } from '../base/types.js';
import { dot, length, subtract } from './vector.js';

/** The plane that a viewport looks at. */
export interface ViewPlane {
  /** A point of the plane in mm. */
  readonly focalPoint: Vector3;
  /** Of any length but 0. */
  readonly viewPlaneNormal: Vector3;
  /** Thickness of what is shown around the plane, in mm. */
  readonly slabThicknessInMm: number;
}

/** The slices that a plane cuts: `frameIndex - radius` to `frameIndex + radius`. */
export interface SlicesInView {
  /** The slice nearest to the focal point; one beyond an end is taken as that end. */
  readonly frameIndex: number;
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
  const normal = [direction[6], direction[7], direction[8]] as unknown as Vector3;
  const along = dot(subtract(focalPoint, origin), normal) / spacing[2];
  const cosine = Math.abs(dot(normal, viewPlaneNormal)) / length(viewPlaneNormal);
  const tangent = Math.sqrt(Math.max(0, 1 - cosine * cosine)) / cosine;
  const halfDiagonalInMm = Math.hypot(columns * spacing[0], rows * spacing[1]) / 2;
  // A plane that is not quite parallel to the slices leaves the middle one towards the corners.
  const reachInMm = halfDiagonalInMm * tangent + slabThicknessInMm / 2;
  const radius = Math.floor(reachInMm / spacing[2] + 0.5 - 1e-6);
  if (!(2 * radius + 1 <= Math.max(1, count / 2))) {
    return undefined;
  }
  return { frameIndex: Math.min(Math.max(Math.round(along), 0), count - 1), radius };
}

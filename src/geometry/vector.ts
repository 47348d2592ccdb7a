import type { Vector3 } from '../base/types.js';

/** Scalar product. */
export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Vector product `a` × `b`. */
export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** `a` − `b`. */
export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** Euclidean length. */
export function length(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** `a` divided by its length; NaN for the zero vector. */
export function normalize(a: Vector3): Vector3 {
  const norm = length(a);
  return [a[0] / norm, a[1] / norm, a[2] / norm];
}

/** Angle between two vectors in degrees, 0 to 180; exact for small angles too. */
export function angleInDegrees(a: Vector3, b: Vector3): number {
  return (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI;
}

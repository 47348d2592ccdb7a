/** Vectors in double precision: 24 bits of a Float32Array are too few for positions in mm. */
import type { Vector3 } from '../base/types.js';

/** The scalar product. */
export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The vector product. */
export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** `a - b`. */
export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** The vector of length 1 in the direction of another one; zero for zero. */
export function normalize(a: Vector3): Vector3 {
  const squared = dot(a, a);
  const scale = squared > 0 ? 1 / Math.sqrt(squared) : 0;
  return [a[0] * scale, a[1] * scale, a[2] * scale];
}

/** The length of a vector of any dimension. */
export function lengthOf(a: readonly number[]): number {
  return Math.hypot(...a);
}

/** The distance of two points of one dimension. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, axis) => value - (b[axis] as number)));
}

/** The point at `steps` times a vector from another one. */
export function pointAlong(from: Vector3, vector: Vector3, steps: number): Vector3 {
  return [from[0] + vector[0] * steps, from[1] + vector[1] * steps, from[2] + vector[2] * steps];
}

import type { Orientation, Vector3 } from '../base/types.js';
import { planeAxes } from './planeAxes.js';
import { angleInDegrees } from './vector.js';

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

import { smoothStep } from '../phantom/shapes.mjs';

/** @typedef {import('../phantom/shapes.mjs').Point} Point */

/**
 * A sphere that takes up much of the tracer, and is irradiated in the dose.
 *
 * @typedef {Point & { radius: number, suv: number }} Lesion
 */

/**
 * In a lymph node beside the windpipe and in the dome of the liver.
 *
 * @type {readonly Lesion[]}
 */
export const LESIONS = [
  { x: -12, y: 30, z: 45, radius: 9, suv: 12 },
  { x: -74, y: -4, z: -104, radius: 9, suv: 8 },
];

/** SUV by the Hounsfield units of the CT at the same place: air, lung, soft tissue, and blood or bone. */
const BY_HOUNSFIELD = [
  { hu: -950, suv: 0.02 },
  { hu: -850, suv: 0.4 },
  { hu: -120, suv: 0.35 },
  { hu: -60, suv: 0.5 },
  { hu: 50, suv: 0.8 },
  { hu: 250, suv: 1.6 },
  { hu: 700, suv: 1.1 },
];

/**
 * The uptake of a tracer like FDG.
 *
 * @param {Point} point in mm
 * @param {number} hu Hounsfield units of the CT at the point
 * @returns {number} SUV
 */
export function uptakeAt(point, hu) {
  const ofTissue = interpolate(hu);
  const liver = inEllipsoid(point, { x: -66, y: 0, z: -178, rx: 73, ry: 89, rz: 109 });
  const heart = inEllipsoid(turned(point), { x: 0, y: 0, z: -38, rx: 64, ry: 44, rz: 50 });
  let suv = ofTissue;
  if (liver && hu > 60) suv = 2.3;
  // The muscle takes up more than the blood in the chambers.
  if (heart && hu > 40 && hu < 180) suv = 4.5;
  for (const lesion of LESIONS) {
    const distance = Math.hypot(point.x - lesion.x, point.y - lesion.y, point.z - lesion.z);
    suv += (lesion.suv - suv) * smoothStep(lesion.radius + 2, lesion.radius - 2, distance);
  }
  return suv;
}

/** @param {number} hu */
function interpolate(hu) {
  const above = BY_HOUNSFIELD.findIndex((each) => each.hu > hu);
  const upper = BY_HOUNSFIELD.at(above);
  const lower = BY_HOUNSFIELD[above - 1];
  if (upper === undefined || lower === undefined)
    return (above === 0 ? upper : BY_HOUNSFIELD.at(-1))?.suv ?? 0;
  return lower.suv + ((hu - lower.hu) / (upper.hu - lower.hu)) * (upper.suv - lower.suv);
}

/**
 * Into the axes of the heart of the phantom, which is turned about z.
 *
 * @param {Point} point
 * @returns {Point}
 */
function turned({ x, y, z }) {
  const turn = 0.62;
  const dx = x - 21;
  const dy = y + 26;
  return {
    x: dx * Math.cos(turn) + dy * Math.sin(turn),
    y: dy * Math.cos(turn) - dx * Math.sin(turn),
    z,
  };
}

/**
 * @param {Point} point
 * @param {Point & { rx: number, ry: number, rz: number }} ellipsoid
 */
export function inEllipsoid(point, { x, y, z, rx, ry, rz }) {
  return ((point.x - x) / rx) ** 2 + ((point.y - y) / ry) ** 2 + ((point.z - z) / rz) ** 2 < 1;
}

import { FIELD_OF_VIEW_IN_MM, sliceZ } from '../phantom/phantomSlice.mjs';
import { element, writePart10 } from '../writePart10.mjs';
import {
  decimal,
  FRAME_OF_REFERENCE_UID,
  slicePlane,
  STUDY_ATTRIBUTES,
  STUDY_UID,
  visitVoxels,
} from './study.mjs';
import { LESIONS } from './uptake.mjs';

/** @typedef {import('./study.mjs').Grid} Grid */
/** @typedef {import('../phantom/shapes.mjs').Point} Point */

const RT_DOSE_STORAGE = '1.2.840.10008.5.1.4.1.1.481.2';
const SERIES_UID = `${STUDY_UID}.481`;
const PRESCRIBED_GY = 60;
/** Stored values stay below 2^24, which 32-bit floats hold exactly. */
const GY_PER_UNIT = 1e-5;
const MARGIN_IN_MM = 6;
/** Directions in the axial plane that the beams come from. */
const BEAM_ANGLES = [0, 72, 144, 216, 288].map((degrees) => (degrees * Math.PI) / 180);
/** Outline of the chest, outside of which there is no dose. */
const BODY = { y: 4, rx: 168, ry: 115 };
/** Part of the prescribed dose that a beam leaves on its way. */
const BEAM_PART = 0.26;

/**
 * A radiotherapy dose in Gy, as one multi-frame file with 32 bits a voxel (RT Dose Module, PS3.3 C.8.8.3). The
 * planes are given by the Grid Frame Offset Vector, relative to the first one.
 *
 * @param {Grid} grid
 * @returns {Buffer}
 */
export function doseFile(grid) {
  const pixels = grid.size * grid.size;
  const stored = new Uint32Array(pixels * grid.slices);
  for (let sliceIndex = 0; sliceIndex < grid.slices; sliceIndex++) {
    visitVoxels(grid, sliceIndex, (point, pixel) => {
      stored[sliceIndex * pixels + pixel] = Math.round(doseAt(point) / GY_PER_UNIT);
    });
  }
  const offsets = Array.from({ length: grid.slices }, (_, sliceIndex) =>
    decimal(sliceZ(sliceIndex, grid.slices) - sliceZ(0, grid.slices)),
  );
  return writePart10({
    studyUID: STUDY_UID,
    seriesUID: SERIES_UID,
    sopUID: `${SERIES_UID}.1`,
    sopClassUID: RT_DOSE_STORAGE,
    modality: 'RTDOSE',
    instanceNumber: 1,
    frameOfReferenceUID: FRAME_OF_REFERENCE_UID,
    ...slicePlane(grid, 0),
    bitsAllocated: 32,
    frames: grid.slices,
    attributes: {
      ...STUDY_ATTRIBUTES,
      '0008103E': element('LO', 'Planned dose 60 Gy'),
      '00180050': element('DS', null),
      '00200011': element('IS', 4),
      '00280009': element('AT', '3004000C'),
      30040002: element('CS', 'GY'),
      30040004: element('CS', 'PHYSICAL'),
      '3004000A': element('CS', 'PLAN'),
      '3004000C': element('DS', ...offsets),
      '3004000E': element('DS', GY_PER_UNIT),
    },
    pixelData: Buffer.from(stored.buffer),
  });
}

/**
 * @param {Point} point in mm
 * @returns {number} Gy: the prescribed dose in the first lesion, which falls off around it and along the beams
 */
function doseAt(point) {
  if ((point.x / BODY.rx) ** 2 + ((point.y - BODY.y) / BODY.ry) ** 2 > 1) return 0;
  const target = /** @type {import('./uptake.mjs').Lesion} */ (LESIONS[0]);
  const radius = target.radius + MARGIN_IN_MM;
  const dx = point.x - target.x;
  const dy = point.y - target.y;
  const dz = point.z - target.z;
  const outside = Math.max(0, Math.hypot(dx, dy, dz) - radius);
  const focus = Math.exp(-((outside / 14) ** 2));
  let beams = 0;
  for (const angle of BEAM_ANGLES) {
    const along = dx * Math.cos(angle) + dy * Math.sin(angle);
    const across = Math.hypot(dy * Math.cos(angle) - dx * Math.sin(angle), dz);
    const profile = 1 / (1 + Math.exp((across - radius) / 2.5));
    // Tissue weakens a beam: it is stronger where it comes in than behind the target.
    const depth = Math.exp(-(FIELD_OF_VIEW_IN_MM / 4 - along) / 260);
    beams += BEAM_PART * profile * depth;
  }
  return PRESCRIBED_GY * (focus + Math.min(1, beams) * 0.85 * (1 - focus));
}

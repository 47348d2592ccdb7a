import { FIELD_OF_VIEW_IN_MM, sliceZ, STACK_HEIGHT_IN_MM } from '../phantom/phantomSlice.mjs';
import { element } from '../writePart10.mjs';

/** @typedef {import('../dicomJson.mjs').DicomJson} DicomJson */

/** Of the UIDs of the demo study; the CT with this version is the one that the others fit. */
export const STUDY_UID = '2.25.309217204186312207451843016790118452.1';
/** The coordinates that the CT, the PET and the dose share. */
export const FRAME_OF_REFERENCE_UID = `${STUDY_UID}.0`;
/** Day of the study (DA). */
export const STUDY_DATE = '20240102';
export const PATIENT_WEIGHT_IN_KG = 75;

/**
 * The patient, the study and the equipment (PS3.3 C.7.1.1, C.7.2, C.7.5.1), the same in each series of the demo.
 *
 * @type {DicomJson}
 */
export const STUDY_ATTRIBUTES = {
  '00080005': element('CS', 'ISO_IR 192'),
  '00080020': element('DA', STUDY_DATE),
  '00080030': element('TM', '101500'),
  '00080050': element('SH', 'DEMO'),
  '00080070': element('LO', 'Computed phantom'),
  '00080090': element('PN', null),
  '00081030': element('LO', 'Chest with contrast'),
  '00100010': element('PN', 'Phantom^CT'),
  '00100020': element('LO', 'PHANTOM-CT'),
  '00100030': element('DA', null),
  // The SUV by lean body mass and by body surface need the sex and the size too.
  '00100040': element('CS', 'F'),
  '00101020': element('DS', 1.75),
  '00101030': element('DS', PATIENT_WEIGHT_IN_KG),
  '00185100': element('CS', 'HFS'),
  '00200010': element('SH', '1'),
  '00201040': element('LO', null),
};

/**
 * The grid of a series that covers the phantom.
 *
 * @typedef {object} Grid
 * @property {number} size edge of a slice in pixels
 * @property {number} slices
 */

/**
 * Where the slices of a grid lie, as options of `writePart10`.
 *
 * @param {Grid} grid
 * @param {number} sliceIndex from 0 at the feet
 */
export function slicePlane({ size, slices }, sliceIndex) {
  const spacing = FIELD_OF_VIEW_IN_MM / size;
  const corner = decimal(spacing / 2 - FIELD_OF_VIEW_IN_MM / 2);
  return {
    position: [corner, corner, decimal(sliceZ(sliceIndex, slices))],
    orientation: [1, 0, 0, 0, 1, 0],
    pixelSpacing: [spacing, spacing],
    rows: size,
    columns: size,
  };
}

/**
 * Calls `visit` for each voxel of a slice, row by row.
 *
 * @param {Grid} grid
 * @param {number} sliceIndex
 * @param {(point: import('../phantom/shapes.mjs').Point, pixel: number) => void} visit gets the centre of the voxel
 *   in mm and its index in the slice
 */
export function visitVoxels({ size, slices }, sliceIndex, visit) {
  const spacing = FIELD_OF_VIEW_IN_MM / size;
  const z = sliceZ(sliceIndex, slices);
  for (let row = 0; row < size; row++) {
    const y = (row + 0.5) * spacing - FIELD_OF_VIEW_IN_MM / 2;
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) * spacing - FIELD_OF_VIEW_IN_MM / 2;
      visit({ x, y, z }, row * size + column);
    }
  }
}

/**
 * Distance between the slices of a grid in mm.
 *
 * @param {Grid} grid
 */
export function sliceDistance({ slices }) {
  return decimal(STACK_HEIGHT_IN_MM / slices);
}

/**
 * Decimal strings (DS) have at most 16 characters.
 *
 * @param {number} value
 */
export function decimal(value) {
  return Number(value.toFixed(6));
}

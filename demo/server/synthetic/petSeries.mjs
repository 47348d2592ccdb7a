import { phantomSlice } from '../phantom/phantomSlice.mjs';
import { element, writePart10 } from '../writePart10.mjs';
import {
  decimal,
  FRAME_OF_REFERENCE_UID,
  PATIENT_WEIGHT_IN_KG,
  sliceDistance,
  slicePlane,
  STUDY_ATTRIBUTES,
  STUDY_DATE,
  STUDY_UID,
  visitVoxels,
} from './study.mjs';
import { uptakeAt } from './uptake.mjs';

/** @typedef {import('./study.mjs').Grid} Grid */

const PET_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.128';
const SERIES_UID = `${STUDY_UID}.128`;
const LARGEST_STORED = 32767;
const DOSE_IN_BQ = 370e6;
const HALF_LIFE_IN_S = 6586.2;
/** The injection is an hour before the scan, which the images are corrected to (START). */
const INJECTED_AT = '091700';
const SCANNED_AT = '101700';
const UPTAKE_TIME_IN_S = 3600;
/** Activity concentration in Bq/ml of an SUV of 1 (PS3.3 C.8.9.1.1.3). */
const BQML_PER_SUV =
  (DOSE_IN_BQ * 2 ** (-UPTAKE_TIME_IN_S / HALF_LIFE_IN_S)) / (PATIENT_WEIGHT_IN_KG * 1000);

/**
 * A PET of the phantom in Bq/ml, with what SUV by body weight is computed of. Each slice has a slope of its own.
 *
 * @param {Grid} grid
 * @returns {Generator<Buffer>} files, from the head to the feet
 */
export function* petSeries(grid) {
  const activity = smooth(uptakeVolume(grid), grid);
  const pixels = grid.size * grid.size;
  for (let instanceNumber = 1; instanceNumber <= grid.slices; instanceNumber++) {
    const sliceIndex = grid.slices - instanceNumber;
    const slice = activity.subarray(sliceIndex * pixels, (sliceIndex + 1) * pixels);
    yield petSlice(grid, sliceIndex, slice, instanceNumber);
  }
}

/**
 * @param {Grid} grid
 * @returns {Float32Array} SUV
 */
function uptakeVolume(grid) {
  const pixels = grid.size * grid.size;
  const uptake = new Float32Array(pixels * grid.slices);
  for (let sliceIndex = 0; sliceIndex < grid.slices; sliceIndex++) {
    const hounsfield = phantomSlice(sliceIndex, grid);
    visitVoxels(grid, sliceIndex, (point, pixel) => {
      uptake[sliceIndex * pixels + pixel] = uptakeAt(point, hounsfield[pixel] ?? 0);
    });
  }
  return uptake;
}

/**
 * Blurs a volume as a PET scanner does: twice the mean of each voxel (weight 2) and its neighbours on every axis.
 *
 * @param {Float32Array} values
 * @param {Grid} grid
 */
function smooth(values, { size }) {
  let from = values;
  for (const step of [1, 1, size, size, size * size, size * size]) {
    const to = new Float32Array(from.length);
    for (let i = 0; i < to.length; i++) {
      const here = from[i] ?? 0;
      to[i] = (2 * here + (from[i - step] ?? here) + (from[i + step] ?? here)) / 4;
    }
    from = to;
  }
  return from;
}

/**
 * @param {Grid} grid
 * @param {number} sliceIndex
 * @param {Float32Array} suv
 * @param {number} instanceNumber
 */
function petSlice(grid, sliceIndex, suv, instanceNumber) {
  const highest = suv.reduce((max, value) => Math.max(max, value), 0);
  const slope = decimal((highest * BQML_PER_SUV) / LARGEST_STORED);
  const stored = Uint16Array.from(suv, (value) =>
    Math.min(LARGEST_STORED, Math.round((value * BQML_PER_SUV) / slope)),
  );
  return writePart10({
    studyUID: STUDY_UID,
    seriesUID: SERIES_UID,
    sopUID: `${SERIES_UID}.${instanceNumber}`,
    sopClassUID: PET_IMAGE_STORAGE,
    modality: 'PT',
    instanceNumber,
    frameOfReferenceUID: FRAME_OF_REFERENCE_UID,
    ...slicePlane(grid, sliceIndex),
    bitsStored: 15,
    slope,
    intercept: 0,
    attributes: {
      ...STUDY_ATTRIBUTES,
      ...PET_ATTRIBUTES,
      '00180050': element('DS', sliceDistance(grid)),
      '00541330': element('US', instanceNumber),
    },
    pixelData: Buffer.from(stored.buffer),
  });
}

/** @type {import('../dicomJson.mjs').DicomJson} */
const PET_ATTRIBUTES = {
  '00080008': element('CS', 'ORIGINAL', 'PRIMARY'),
  '00080021': element('DA', STUDY_DATE),
  '00080022': element('DA', STUDY_DATE),
  '00080031': element('TM', SCANNED_AT),
  '00080032': element('TM', SCANNED_AT),
  '0008103E': element('LO', 'PET, corrected'),
  '00181242': element('IS', 120000),
  '00200011': element('IS', 3),
  '00280051': element('CS', 'ATTN', 'DECY', 'SCAT', 'NORM'),
  '00540016': element('SQ', {
    '00180031': element('LO', 'Fluorodeoxyglucose'),
    '00181072': element('TM', INJECTED_AT),
    '00181074': element('DS', DOSE_IN_BQ),
    '00181075': element('DS', HALF_LIFE_IN_S),
    '00181078': element('DT', `${STUDY_DATE}${INJECTED_AT}`),
  }),
  '00541000': element('CS', 'WHOLE BODY', 'IMAGE'),
  '00541001': element('CS', 'BQML'),
  '00541102': element('CS', 'START'),
  '00541300': element('DS', 0),
};

import { phantomSlice, sliceZ } from '../phantom/phantomSlice.mjs';
import { noiseTile, TILE_SIDE } from '../phantom/noise.mjs';
import { spineY } from '../phantom/bones.mjs';
import { smoothStep } from '../phantom/shapes.mjs';
import { element, writePart10 } from '../writePart10.mjs';
import {
  decimal,
  sliceDistance,
  slicePlane,
  STUDY_ATTRIBUTES,
  STUDY_DATE,
  STUDY_UID,
  visitVoxels,
} from './study.mjs';
import { inEllipsoid } from './uptake.mjs';

/** @typedef {import('./study.mjs').Grid} Grid */
/** @typedef {import('../phantom/shapes.mjs').Point} Point */

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';
const SERIES_UID = `${STUDY_UID}.4`;
/** A scan of its own, whose coordinates are not those of the CT. */
const OWN_FRAME_OF_REFERENCE_UID = `${SERIES_UID}.0`;
const SECONDS_PER_TIME_POINT = 1.5;
const STARTED_AT_S = 10 * 3600 + 40 * 60;
const MOST_SIGNAL = 1400;
const NOISE = 9;
/** Width in mm of the part of the body that has large vessels. */
const VESSEL_REACH_IN_MM = 92;

/**
 * Contrast medium on its way through the heart and the great vessels: the right chambers, the lungs, the left
 * chambers, and the aorta, in a stack of slices that is scanned again and again.
 *
 * @param {Grid & { firstSlice: number, sliceCount: number, timePoints: number }} options the slices of the grid that
 *   are scanned
 * @returns {Generator<Buffer>} files, time point by time point
 */
export function* perfusionSeries({ firstSlice, sliceCount, timePoints, ...grid }) {
  const noise = noiseTile(23, 1);
  const anatomy = Array.from({ length: sliceCount }, (_, index) =>
    describeSlice(grid, firstSlice + index),
  );
  for (let timePoint = 0; timePoint < timePoints; timePoint++) {
    for (const [index, slice] of anatomy.entries()) {
      const shift = Math.imul(timePoint * sliceCount + index + 1, 0x9e3779b1) >>> 23;
      const stored = Uint16Array.from(slice.base, (base, pixel) => {
        const contrast = bolus(timePoint * SECONDS_PER_TIME_POINT, slice.arrival[pixel] ?? 0);
        const grain = NOISE * (noise[(pixel + shift * TILE_SIDE) % noise.length] ?? 0);
        return Math.max(0, Math.round(base + (slice.vessel[pixel] ?? 0) * contrast + grain));
      });
      yield timePointSlice(grid, {
        sliceIndex: firstSlice + index,
        index,
        sliceCount,
        timePoint,
        timePoints,
        stored,
      });
    }
  }
}

/**
 * Signal without contrast medium, the part of each voxel that contrast medium enhances, and when it arrives.
 *
 * @param {Grid} grid
 * @param {number} sliceIndex
 */
function describeSlice(grid, sliceIndex) {
  const hounsfield = phantomSlice(sliceIndex, grid);
  const base = new Float32Array(hounsfield.length);
  const vessel = new Float32Array(hounsfield.length);
  const arrival = new Float32Array(hounsfield.length);
  visitVoxels(grid, sliceIndex, (point, pixel) => {
    const hu = hounsfield[pixel] ?? 0;
    const isBone = hu > 330 || !nearVessels(point);
    base[pixel] = signalOf(hu, isBone);
    const blood = isBone ? 0 : smoothStep(110, 230, hu);
    const muscle = isBone || hu < 70 || hu > 160 ? 0 : 0.16;
    vessel[pixel] = MOST_SIGNAL * Math.max(blood, muscle);
    arrival[pixel] = arrivalAt(point) + (blood > muscle ? 0 : 2);
  });
  return { base, vessel, arrival };
}

/**
 * @param {number} hu
 * @param {boolean} isBone
 */
function signalOf(hu, isBone) {
  if (hu < -700) return 8 + 0.1 * (hu + 1000);
  if (hu < -40) return 420 * smoothStep(-700, -110, hu);
  return isBone && hu > 150 ? 140 : 240;
}

/** @param {Point} point */
function nearVessels({ x, y, z }) {
  return Math.abs(x) < VESSEL_REACH_IN_MM && y > -82 && y < spineY(z) - 5;
}

/**
 * @param {Point} point
 * @returns {number} seconds from the injection until the contrast medium comes
 */
function arrivalAt(point) {
  const { x, y, z } = point;
  const isRight =
    inEllipsoid(point, { x: 12, y: -50, z: -44, rx: 42, ry: 20, rz: 36 }) ||
    inEllipsoid(point, { x: -26, y: -24, z: -34, rx: 24, ry: 28, rz: 34 });
  if (isRight) return 1.5;
  const isCava = x < -14 && z > 0 && Math.abs(y) < 30;
  if (isCava) return 0.5;
  const isPulmonary =
    Math.abs(x) > 30 || inEllipsoid(point, { x: 16, y: -22, z: 12, rx: 13, ry: 18, rz: 28 });
  if (isPulmonary && z > -10) return 3;
  const isLeft =
    inEllipsoid(point, { x: 44, y: -20, z: -46, rx: 40, ry: 28, rz: 32 }) ||
    inEllipsoid(point, { x: 4, y: 8, z: -22, rx: 36, ry: 20, rz: 24 });
  return isLeft ? 5.5 : 7;
}

/**
 * Concentration over time, from 0 to 1: a gamma variate with its peak 3 s after the arrival, and a little that
 * circulates.
 *
 * @param {number} time in s
 * @param {number} arrival in s
 */
function bolus(time, arrival) {
  const since = (time - arrival) / 3;
  return since <= 0 ? 0 : since ** 2 * Math.exp(2 * (1 - since)) + 0.14 * smoothStep(0.6, 3, since);
}

/**
 * @param {Grid} grid
 * @param {{ sliceIndex: number, index: number, sliceCount: number, timePoint: number, timePoints: number,
 *   stored: Uint16Array }} slice
 */
function timePointSlice(grid, { sliceIndex, index, sliceCount, timePoint, timePoints, stored }) {
  const instanceNumber = timePoint * sliceCount + index + 1;
  const seconds = timePoint * SECONDS_PER_TIME_POINT;
  return writePart10({
    studyUID: STUDY_UID,
    seriesUID: SERIES_UID,
    sopUID: `${SERIES_UID}.${instanceNumber}`,
    sopClassUID: MR_IMAGE_STORAGE,
    modality: 'MR',
    instanceNumber,
    frameOfReferenceUID: OWN_FRAME_OF_REFERENCE_UID,
    ...slicePlane(grid, sliceIndex),
    bitsStored: 12,
    attributes: {
      ...STUDY_ATTRIBUTES,
      '00080008': element('CS', 'ORIGINAL', 'PRIMARY', 'PERFUSION'),
      '00080021': element('DA', STUDY_DATE),
      '00080022': element('DA', STUDY_DATE),
      '00080031': element('TM', timeText(STARTED_AT_S)),
      '00080032': element('TM', timeText(STARTED_AT_S + seconds)),
      '0008103E': element('LO', 'Dynamic contrast'),
      '00180020': element('CS', 'GR'),
      '00180021': element('CS', 'SK'),
      '00180050': element('DS', sliceDistance(grid)),
      '00180080': element('DS', 3),
      '00180081': element('DS', 1.2),
      '00181060': element('DS', decimal(seconds * 1000)),
      '00200011': element('IS', 5),
      '00200012': element('IS', timePoint + 1),
      '00200100': element('IS', timePoint + 1),
      '00200105': element('IS', timePoints),
      '00201041': element('DS', decimal(sliceZ(sliceIndex, grid.slices))),
      '00281050': element('DS', 700),
      '00281051': element('DS', 1400),
    },
    pixelData: Buffer.from(stored.buffer),
  });
}

/**
 * @param {number} seconds of the day
 * @returns {string} time of day as DICOM writes it (TM)
 */
function timeText(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const fraction = Math.round((seconds - whole) * 1e6);
  return `${parts.map((part) => String(part).padStart(2, '0')).join('')}.${String(fraction).padStart(6, '0')}`;
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { phantomSlice } from '../../demo/server/phantom/phantomSlice.mjs';
import { element, writePart10 } from '../../demo/server/writePart10.mjs';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const PET_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.128';
const UID_ROOT = '2.25.218840219093462718290365107427735';
/** Default of the study that {@link writeCtStudy} writes. */
export const CT_STUDY_UID = `${UID_ROOT}.1`;
const EXTENT_IN_MM = 320;
const HEIGHT_IN_MM = 240;
const HU_INTERCEPT = -1024;

/** Injection of the PET series: SUV is activity * weight / dose. */
const DOSE_IN_BQ = 350e6;
const WEIGHT_IN_KG = 70;
export const PET_SLOPE = 1.75;
/** Body weight in g over the dose; the dose has not decayed, as the scan begins with the injection. */
export const SUV_FACTOR = (WEIGHT_IN_KG * 1000) / DOSE_IN_BQ;

/**
 * A series that was written.
 *
 * @typedef {object} WrittenSeries
 * @property {string} seriesUID
 * @property {number} slices
 * @property {number} size edge of a slice in pixels
 * @property {(sliceIndex: number) => Uint16Array<ArrayBuffer>} stored
 * @property {(sopUID: string) => number} sliceOf the slice of an instance, from 0 at the feet
 */

/**
 * Writes a study of a CT series of the computed phantom.
 *
 * @param {string} folder
 * @param {{ slices: number, size: number, number?: number }} options `number` of the study
 */
export async function writeCtStudy(folder, { slices, size, number = 1 }) {
  const studyUID = `${UID_ROOT}.${number}`;
  const ct = await writeSeries(folder, { ...ctSeries(slices, size), studyUID, seriesNumber: 1 });
  return { studyUID, ct };
}

/**
 * Writes a study of a CT series and a PET series with the attributes that SUV needs, in one frame of reference.
 *
 * @param {string} folder
 * @param {{ slices: number, size: number, number?: number }} options of the CT; half of each for the PET
 */
export async function writePetCtStudy(folder, { slices, size, number = 2 }) {
  const studyUID = `${UID_ROOT}.${number}`;
  const ct = await writeSeries(folder, { ...ctSeries(slices, size), studyUID, seriesNumber: 1 });
  const pet = await writeSeries(folder, {
    ...petSeries(slices >> 1, size >> 1),
    studyUID,
    seriesNumber: 2,
  });
  return { studyUID, ct, pet };
}

/**
 * The parts of a series.
 *
 * @typedef {object} SeriesContent
 * @property {number} slices
 * @property {number} size
 * @property {string} modality
 * @property {string} sopClassUID
 * @property {string} description
 * @property {number} slope
 * @property {number} intercept
 * @property {number} bitsStored
 * @property {import('../../demo/server/dicomJson.mjs').DicomJson} attributes
 * @property {(sliceIndex: number) => Uint16Array<ArrayBuffer>} stored
 */

/**
 * @param {number} slices
 * @param {number} size
 * @returns {SeriesContent}
 */
function ctSeries(slices, size) {
  return {
    slices,
    size,
    modality: 'CT',
    sopClassUID: CT_IMAGE_STORAGE,
    description: 'CT WB',
    slope: 1,
    intercept: HU_INTERCEPT,
    bitsStored: 12,
    attributes: { '00281050': element('DS', 40), '00281051': element('DS', 400) },
    /** @param {number} sliceIndex */
    stored: (sliceIndex) =>
      Uint16Array.from(phantomSlice(sliceIndex, { slices, size }), (hu) => hu - HU_INTERCEPT),
  };
}

/**
 * A sphere of activity in a low background.
 *
 * @param {number} slices
 * @param {number} size
 * @returns {SeriesContent}
 */
function petSeries(slices, size) {
  return {
    slices,
    size,
    modality: 'PT',
    sopClassUID: PET_IMAGE_STORAGE,
    description: 'PET WB Corrected',
    slope: PET_SLOPE,
    intercept: 0,
    bitsStored: 16,
    attributes: PET_ATTRIBUTES,
    /** @param {number} sliceIndex */
    stored: (sliceIndex) =>
      Uint16Array.from({ length: size * size }, (_, index) => {
        const x = (index % size) / size - 0.5;
        const y = Math.floor(index / size) / size - 0.5;
        const z = (sliceIndex + 0.5) / slices - 0.5;
        const body = x * x * 8 + y * y * 14 < 1 ? 2200 : 0;
        const lesion = (x - 0.12) ** 2 + (y + 0.05) ** 2 + z * z < 0.006 ? 24_000 : 0;
        return body + lesion + ((index * 7 + sliceIndex * 13) % 97);
      }),
  };
}

/** @type {import('../../demo/server/dicomJson.mjs').DicomJson} */
const PET_ATTRIBUTES = {
  '00101020': element('DS', 1.75),
  '00101030': element('DS', WEIGHT_IN_KG),
  '00280051': element('CS', 'DECY', 'ATTN'),
  '00540016': element('SQ', {
    '00181072': element('TM', '101500'),
    '00181074': element('DS', DOSE_IN_BQ),
    '00181075': element('DS', 6586.2),
    '00181078': element('DT', '20240102101500'),
  }),
  '00541000': element('CS', 'STATIC', 'IMAGE'),
  '00541001': element('CS', 'BQML'),
  '00541102': element('CS', 'START'),
  '00541300': element('DS', 0),
};

/**
 * @param {string} folder
 * @param {SeriesContent & { studyUID: string, seriesNumber: number }} series
 * @returns {Promise<WrittenSeries>}
 */
async function writeSeries(folder, { studyUID, seriesNumber, ...series }) {
  const { slices, size, modality, stored, description } = series;
  const seriesUID = `${studyUID}.${seriesNumber}`;
  const spacing = EXTENT_IN_MM / size;
  const corner = (spacing - EXTENT_IN_MM) / 2;
  const distance = HEIGHT_IN_MM / slices;
  const target = path.join(folder, seriesUID);
  await mkdir(target, { recursive: true });
  for (let slice = 0; slice < slices; slice++) {
    const file = writePart10({
      studyUID,
      seriesUID,
      sopUID: `${seriesUID}.${slice + 1}`,
      sopClassUID: series.sopClassUID,
      frameOfReferenceUID: `${studyUID}.0`,
      modality,
      instanceNumber: slice + 1,
      position: [corner, corner, (slice + 0.5) * distance - HEIGHT_IN_MM / 2],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [spacing, spacing],
      rows: size,
      columns: size,
      bitsStored: series.bitsStored,
      slope: series.slope,
      intercept: series.intercept,
      attributes: {
        ...COMMON_ATTRIBUTES,
        '0008103E': element('LO', description),
        '00180050': element('DS', distance),
        '00200011': element('IS', seriesNumber),
        ...series.attributes,
      },
      pixelData: Buffer.from(stored(slice).buffer),
    });
    await writeFile(path.join(target, `${slice + 1}.dcm`), file);
  }
  const sliceOf = (/** @type {string} */ sopUID) => Number(sopUID.split('.').at(-1)) - 1;
  return { seriesUID, slices, size, stored, sliceOf };
}

/** @type {import('../../demo/server/dicomJson.mjs').DicomJson} */
const COMMON_ATTRIBUTES = {
  '00080008': element('CS', 'ORIGINAL', 'PRIMARY', 'AXIAL'),
  '00080020': element('DA', '20240102'),
  '00080021': element('DA', '20240102'),
  '00080022': element('DA', '20240102'),
  '00080030': element('TM', '101500'),
  '00080031': element('TM', '101500'),
  '00080032': element('TM', '101500'),
  '00080050': element('SH', 'TEST'),
  '00081030': element('LO', 'PET/CT of a phantom'),
  '00100010': element('PN', 'Phantom^Computed'),
  '00100020': element('LO', 'PHANTOM'),
  '00200010': element('SH', '1'),
};

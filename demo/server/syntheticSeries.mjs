import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FIELD_OF_VIEW_IN_MM,
  phantomSlice,
  sliceZ,
  STACK_HEIGHT_IN_MM,
} from './phantom/phantomSlice.mjs';
import { FRAME_OF_REFERENCE_UID, STUDY_ATTRIBUTES, STUDY_UID } from './synthetic/study.mjs';
import { element, writePart10 } from './writePart10.mjs';

export { phantomSlice };

/** To be raised whenever the files change: a series of another version is generated again. */
const VERSION = 2;
const STAMP_FILE = '.series.json';
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const INTERCEPT = -1024;

/**
 * Generates the demo series, a CT of a chest, unless the folder has it. The files are complete or absent:
 * they are written to a temporary folder that is renamed at the end.
 *
 * @param {object} options
 * @param {string} options.folder replaced when it has another version or size
 * @param {number} [options.slices] default 220
 * @param {number} [options.size] edge of a slice in pixels, default 512
 * @param {(done: number, total: number) => void} [options.onProgress] after each slice
 * @returns {Promise<{ created: boolean }>}
 */
export async function ensureDemoSeries({
  folder,
  slices = 220,
  size = 512,
  onProgress = () => {},
}) {
  const stamp = JSON.stringify({ version: VERSION, slices, size });
  const found = await readFile(join(folder, STAMP_FILE), 'utf8').catch(() => undefined);
  if (found === stamp) return { created: false };
  const unfinished = `${folder}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (let i = 0; i < slices; i++) {
    const name = `slice-${String(i + 1).padStart(4, '0')}.dcm`;
    await writeFile(join(unfinished, name), demoSlice(i, slices, size));
    onProgress(i + 1, slices);
  }
  await writeFile(join(unfinished, STAMP_FILE), stamp);
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  return { created: true };
}

/**
 * One slice as a file: unsigned, 12 of 16 bits, Hounsfield units + 1024.
 *
 * @param {number} sliceIndex from 0 at the feet
 * @param {number} slices
 * @param {number} size
 * @returns {Buffer}
 */
function demoSlice(sliceIndex, slices, size) {
  const hounsfield = phantomSlice(sliceIndex, { slices, size });
  const stored = new Uint16Array(hounsfield.length);
  for (let i = 0; i < stored.length; i++) stored[i] = (hounsfield[i] ?? 0) - INTERCEPT;
  const spacing = FIELD_OF_VIEW_IN_MM / size;
  const corner = spacing / 2 - FIELD_OF_VIEW_IN_MM / 2;
  const thickness = STACK_HEIGHT_IN_MM / slices;
  const z = round(sliceZ(sliceIndex, slices));
  // Scanners number a chest from the top.
  const instanceNumber = slices - sliceIndex;
  return writePart10({
    studyUID: STUDY_UID,
    seriesUID: `${STUDY_UID}.${size}.${slices}`,
    sopUID: `${STUDY_UID}.${size}.${slices}.${instanceNumber}`,
    sopClassUID: CT_IMAGE_STORAGE,
    modality: 'CT',
    instanceNumber,
    frameOfReferenceUID: FRAME_OF_REFERENCE_UID,
    position: [round(corner), round(corner), z],
    orientation: [1, 0, 0, 0, 1, 0],
    pixelSpacing: [spacing, spacing],
    rows: size,
    columns: size,
    bitsStored: 12,
    slope: 1,
    intercept: INTERCEPT,
    attributes: {
      ...DESCRIPTION,
      '00180050': element('DS', round(thickness)),
      '00180088': element('DS', round(thickness)),
      '00181100': element('DS', FIELD_OF_VIEW_IN_MM),
      '00201041': element('DS', z),
    },
    pixelData: Buffer.from(stored.buffer),
  });
}

/** @type {import('./dicomJson.mjs').DicomJson} */
const DESCRIPTION = {
  ...STUDY_ATTRIBUTES,
  '00080008': element('CS', 'DERIVED', 'PRIMARY', 'AXIAL'),
  '00080021': element('DA', '20240102'),
  '00080022': element('DA', '20240102'),
  '00080023': element('DA', '20240102'),
  '00080031': element('TM', '101700'),
  '00080032': element('TM', '101720'),
  '00080033': element('TM', '101730'),
  '0008103E': element('LO', 'Chest 1.5 mm'),
  '00180015': element('CS', 'CHEST'),
  '00180060': element('DS', 120),
  '00181120': element('DS', 0),
  '00181151': element('IS', 220),
  '00181210': element('SH', 'B40'),
  '00200011': element('IS', 2),
  '00200012': element('IS', 1),
  '00281050': element('DS', 40, -500),
  '00281051': element('DS', 400, 1500),
  '00281054': element('LO', 'HU'),
  '00281055': element('LO', 'SOFT TISSUE', 'LUNG'),
};

/**
 * Decimal strings have at most 16 characters.
 *
 * @param {number} value
 */
function round(value) {
  return Number(value.toFixed(6));
}

import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { element, writePart10 } from '../../demo/server/writePart10.mjs';
import { functionalGroups } from './functionalGroups.mjs';
import {
  PIXEL_FORMATS,
  TEST_SERIES_COLUMNS,
  TEST_SERIES_ROWS,
  TEST_SERIES_SLICES,
} from './pixelFormats.mjs';

/** @typedef {import('./pixelFormats.mjs').PixelFormat} PixelFormat */

const UID_ROOT = '2.25.184467440737095516151.7';

/**
 * Writes a series of large files, and one small series per pixel format: 24 slices of 64 columns x 48 rows,
 * 1.5 x 0.75 mm, 2 mm apart, and tilted about the x axis so that no direction is an axis of the patient.
 *
 * @param {string} folder
 * @returns {Promise<Record<string, string>>} folder by format name
 */
export async function writeTestSeries(folder) {
  /** @type {Record<string, string>} */
  const folders = {};
  for (const [number, [name, format]] of Object.entries(PIXEL_FORMATS).entries()) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    const files = format.multiFrame === true ? 1 : TEST_SERIES_SLICES;
    for (let file = 0; file < files; file++) {
      await writeFile(join(path, `${file}.dcm`), testFile(name, format, number + 1, file));
    }
    folders[name] = path;
  }
  const large = join(folder, LARGE_SERIES);
  await writeLargeSeries(large);
  folders[LARGE_SERIES] = large;
  return folders;
}

export const LARGE_SERIES = 'ct-large';
export const LARGE_SERIES_SLICES = 200;
const LARGE_SERIES_SIZE = 512;

/**
 * Writes a series whose files are as large as those of a scanner. Their pixels are 0 and take no space on the
 * disk (sparse files).
 *
 * @param {string} folder
 */
async function writeLargeSeries(folder) {
  await mkdir(folder, { recursive: true });
  for (let slice = 0; slice < LARGE_SERIES_SLICES; slice++) {
    const file = writePart10({
      studyUID: `${UID_ROOT}.1`,
      seriesUID: `${UID_ROOT}.1.100`,
      sopUID: `${UID_ROOT}.1.100.${slice + 1}`,
      frameOfReferenceUID: `${UID_ROOT}.2.100`,
      modality: 'CT',
      instanceNumber: slice + 1,
      position: slicePosition(slice),
      orientation: ORIENTATION,
      pixelSpacing: PIXEL_SPACING,
      rows: LARGE_SERIES_SIZE,
      columns: LARGE_SERIES_SIZE,
      pixelData: Buffer.alloc(LARGE_SERIES_SIZE * LARGE_SERIES_SIZE * 2),
    });
    const path = join(folder, `${slice}.dcm`);
    await writeFile(
      path,
      file.subarray(0, file.length - LARGE_SERIES_SIZE * LARGE_SERIES_SIZE * 2),
    );
    await truncate(path, file.length);
  }
}

/**
 * @param {string} name
 * @param {PixelFormat} format
 * @param {number} seriesNumber
 * @param {number} file the slice, or 0 when one file has all slices
 */
function testFile(name, format, seriesNumber, file) {
  const { modality, bitsAllocated, bitsStored, pixelRepresentation, multiFrame = false } = format;
  const samplesPerPixel = format.samplesPerPixel ?? 1;
  const slope = multiFrame ? undefined : format.slope?.(file);
  const frames = Array.from({ length: TEST_SERIES_SLICES }, (_, i) => i);
  const slices = multiFrame ? frames.map(format.sliceOfFrame ?? ((frame) => frame)) : [file];
  return writePart10({
    studyUID: `${UID_ROOT}.1`,
    seriesUID: `${UID_ROOT}.1.${seriesNumber}`,
    sopUID: `${UID_ROOT}.1.${seriesNumber}.${file + 1}`,
    frameOfReferenceUID: `${UID_ROOT}.2.${seriesNumber}`,
    modality,
    instanceNumber: file + 1,
    ...(multiFrame
      ? { frames: slices.length }
      : {
          position: positionOf(format.place?.(file) ?? { along: 2 * file, aside: 0 }),
          orientation: ORIENTATION,
          pixelSpacing: PIXEL_SPACING,
        }),
    rows: TEST_SERIES_ROWS,
    columns: TEST_SERIES_COLUMNS,
    bitsAllocated,
    bitsStored,
    pixelRepresentation,
    samplesPerPixel,
    photometricInterpretation: samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
    ...(slope === undefined ? {} : { slope, intercept: format.intercept ?? 0 }),
    attributes: {
      '0008103E': element('LO', name),
      '00180050': element('DS', 2),
      '00281050': element('DS', 400),
      '00281051': element('DS', 1600),
      ...(format.extremes
        ? {
            '00280106': element('US', format.extremes[0]),
            '00280107': element('US', format.extremes[1]),
          }
        : {}),
      ...(modality === 'PT' ? { '00541001': element('CS', 'BQML') } : {}),
      ...(format.planes === 'nuclear' ? nuclearPlanes(slices) : {}),
      ...(multiFrame && format.planes !== 'nuclear'
        ? functionalGroups(
            MEASURES,
            slices.map((slice) => frameGroups(format, slice)),
          )
        : {}),
    },
    pixelData: Buffer.concat(slices.map((slice) => framePixels(format, slice))),
  });
}

// A right angle whose cosine and sine are exact in decimal.
const ORIENTATION = [1, 0, 0, 0, 0.8, 0.6];
const PIXEL_SPACING = [1.5, 0.75];
const MEASURES = { pixelSpacing: PIXEL_SPACING, sliceThickness: 2 };

/** @param {number} slice */
function slicePosition(slice) {
  return positionOf({ along: slice * 2, aside: 0 });
}

/** @param {{ along: number, aside: number }} place in mm along the normal and along the rows */
function positionOf({ along, aside }) {
  return [-24 + aside, -30 - 0.6 * along, 10 + 0.8 * along].map((mm) => Number(mm.toFixed(6)));
}

/**
 * The modules of a reconstructed nuclear medicine image (PS3.3 C.8.4.11, C.8.4.15), as far as needed for
 * geometry.
 *
 * @param {readonly number[]} slices of the frames, in the order of the file
 */
function nuclearPlanes([first = 0, second = 0]) {
  return {
    '00080008': element('CS', 'ORIGINAL', 'PRIMARY', 'RECON TOMO', 'EMISSION'),
    '00180088': element('DS', 2 * (second - first)),
    '00280030': element('DS', ...PIXEL_SPACING),
    '00540022': element('SQ', {
      '00200032': element('DS', ...slicePosition(first)),
      '00200037': element('DS', ...ORIENTATION),
    }),
  };
}

/**
 * @param {PixelFormat} format
 * @param {number} slice
 * @returns {import('./functionalGroups.mjs').FrameGroups}
 */
function frameGroups({ slope, intercept, planes }, slice) {
  if (planes === 'none') return {};
  if (planes === 'turning') {
    const angle = (slice * Math.PI) / TEST_SERIES_SLICES;
    const row = [Math.cos(angle), Math.sin(angle), 0].map((cosine) => Number(cosine.toFixed(9)));
    return { position: row.map((cosine) => -24 * cosine), orientation: [...row, 0, 0, -1] };
  }
  const plane = { position: slicePosition(slice), orientation: ORIENTATION };
  if (slope === undefined || intercept === undefined) return plane;
  return { ...plane, slope: slope(slice), intercept };
}

/**
 * @param {PixelFormat} format
 * @param {number} slice
 */
function framePixels({ bitsAllocated, pixelRepresentation, samplesPerPixel = 1, stored }, slice) {
  const count = TEST_SERIES_COLUMNS * TEST_SERIES_ROWS * samplesPerPixel;
  const values = Array.from({ length: count }, (_, index) => {
    const pixel = Math.floor(index / samplesPerPixel);
    const row = Math.floor(pixel / TEST_SERIES_COLUMNS);
    return stored(pixel % TEST_SERIES_COLUMNS, row, slice, index % samplesPerPixel);
  });
  if (bitsAllocated === 8) return Buffer.from(Uint8Array.from(values));
  const words = pixelRepresentation === 1 ? Int16Array.from(values) : Uint16Array.from(values);
  return Buffer.from(words.buffer);
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePart10 } from '../demo/server/writePart10.mjs';

const FRAMES_FILE = fileURLToPath(new URL('../test/support/codecFrames.json', import.meta.url));
const FRAMES = JSON.parse(readFileSync(FRAMES_FILE, 'utf8'));
const JPEG_LS_LOSSLESS = '1.2.840.10008.1.2.4.80';
const SLICES = 5;

/**
 * Writes the series of the packed applications: slices with the same compressed frame that differ only in
 * their intercept.
 *
 * @param {string} folder - created
 */
export function writePackedSeries(folder) {
  mkdirSync(folder);
  for (let slice = 0; slice < SLICES; slice++) {
    const file = writePart10({
      studyUID: '2.25.1',
      seriesUID: '2.25.2',
      sopUID: `2.25.3.${slice}`,
      frameOfReferenceUID: '2.25.4',
      transferSyntaxUID: JPEG_LS_LOSSLESS,
      modality: 'CT',
      instanceNumber: slice + 1,
      position: [0, 0, 2 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [1, 1],
      rows: FRAMES.rows,
      columns: FRAMES.columns,
      slope: 1,
      intercept: getIntercept(slice),
      pixelData: [Buffer.from(FRAMES.jpegLs, 'base64')],
    });
    writeFileSync(path.join(folder, `${slice}.dcm`), file);
  }
}

/** The expected volume of the series. */
export function getPackedVolume() {
  const frameLength = FRAMES.columns * FRAMES.rows;
  return {
    slices: SLICES,
    dimensions: [FRAMES.columns, FRAMES.rows, SLICES],
    voxels: Array.from({ length: frameLength * SLICES }, (_, index) => {
      const stored = (37 * (index % frameLength)) % 1000;
      return stored + getIntercept(Math.floor(index / frameLength));
    }),
  };
}

/** @param {number} slice */
function getIntercept(slice) {
  return 1000 * slice - 1024;
}

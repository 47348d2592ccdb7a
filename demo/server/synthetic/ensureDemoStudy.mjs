import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { doseFile } from './doseFile.mjs';
import { perfusionSeries } from './perfusionSeries.mjs';
import { petSeries } from './petSeries.mjs';

/** To be raised whenever the files change: a folder of another version is generated again. */
const VERSION = 1;
const STAMP_FILE = '.study.json';

/**
 * @typedef {object} StudySizes
 * @property {import('./study.mjs').Grid} pet
 * @property {import('./study.mjs').Grid} dose
 * @property {import('./study.mjs').Grid & { firstSlice: number, sliceCount: number, timePoints: number }} perfusion
 */

/** @type {StudySizes} */
const DEFAULT_SIZES = {
  pet: { size: 128, slices: 100 },
  dose: { size: 80, slices: 66 },
  perfusion: { size: 96, slices: 60, firstSlice: 21, sliceCount: 20, timePoints: 12 },
};

/**
 * Generates what the demo study has besides the CT, unless the folder has it: a PET and a radiotherapy dose in the
 * coordinates of the CT, and a series of several time points. The files are complete or absent: they are written to a
 * temporary folder that is renamed at the end.
 *
 * @param {{ folder: string, sizes?: StudySizes }} options `folder` is replaced when it has another version or size
 * @returns {Promise<{ created: boolean }>}
 */
export async function ensureDemoStudy({ folder, sizes = DEFAULT_SIZES }) {
  const stamp = JSON.stringify({ version: VERSION, ...sizes });
  const found = await readFile(join(folder, STAMP_FILE), 'utf8').catch(() => undefined);
  if (found === stamp) return { created: false };
  const unfinished = `${folder}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  // A server lists the series in the order of these names.
  for (const [name, files] of Object.entries({
    'a-pet': petSeries(sizes.pet),
    'b-dose': [doseFile(sizes.dose)],
    'c-perfusion': perfusionSeries(sizes.perfusion),
  })) {
    let number = 0;
    for (const file of files) {
      number += 1;
      const path = join(unfinished, `${name}-${String(number).padStart(4, '0')}.dcm`);
      await writeFile(path, file);
    }
  }
  await writeFile(join(unfinished, STAMP_FILE), stamp);
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  return { created: true };
}

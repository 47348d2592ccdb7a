import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readPart10Header } from './part10File.mjs';

/** @typedef {import('./part10File.mjs').Part10File} Part10File */

/**
 * An instance of the index.
 *
 * @typedef {Part10File & { studyUID: string, seriesUID: string, sopUID: string, instanceNumber: number }}
 *   Instance
 *
 * @typedef {{ studyUID: string, seriesUID: string, instances: Instance[] }} Series instances in the
 *   order of Instance Number
 */

const FILES_AT_ONCE = 16;

/** The instances below some folders or files, by their UIDs. */
export class Part10Index {
  /** @type {Map<string, Instance>} */
  #bySopUID = new Map();
  /** @type {Map<string, Series>} */
  #seriesByKey = new Map();

  /** Files that are not DICOM, lack a UID, or cannot be parsed. */
  skippedFiles = 0;
  /** Files with the SOP Instance UID of an earlier file. */
  duplicateFiles = 0;

  /** All series, in the order in which they were found. */
  get series() {
    return [...this.#seriesByKey.values()];
  }

  /** Number of instances. */
  get size() {
    return this.#bySopUID.size;
  }

  /**
   * @param {string} studyUID
   * @param {string} seriesUID
   * @returns {Series | undefined}
   */
  findSeries(studyUID, seriesUID) {
    return this.#seriesByKey.get(`${studyUID}/${seriesUID}`);
  }

  /**
   * @param {string} sopUID
   * @returns {Instance | undefined}
   */
  findInstance(sopUID) {
    return this.#bySopUID.get(sopUID);
  }

  /**
   * Adds a file; the first of several files with one SOP Instance UID is kept.
   *
   * @param {Part10File} part10
   */
  add(part10) {
    const [studyUID, seriesUID, sopUID] = ['0020000D', '0020000E', '00080018'].map((tag) =>
      textOf(part10, tag),
    );
    if (studyUID === undefined || seriesUID === undefined || sopUID === undefined) {
      this.skippedFiles++;
      return;
    }
    if (this.#bySopUID.has(sopUID)) {
      this.duplicateFiles++;
      return;
    }
    const number = Number(part10.json['00200013']?.Value?.[0] ?? 0);
    const instance = { ...part10, studyUID, seriesUID, sopUID, instanceNumber: number };
    this.#bySopUID.set(sopUID, instance);
    const key = `${studyUID}/${seriesUID}`;
    const series = this.#seriesByKey.get(key) ?? { studyUID, seriesUID, instances: [] };
    this.#seriesByKey.set(key, series);
    series.instances.push(instance);
  }

  /** Sorts every series by Instance Number. */
  sort() {
    for (const { instances } of this.#seriesByKey.values()) {
      instances.sort((a, b) => a.instanceNumber - b.instanceNumber);
    }
  }
}

/**
 * Indexes every DICOM file below the given folders; a path may also be one file.
 *
 * @param {string[]} paths
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<Part10Index>}
 * @throws {Error} when a path does not exist or there is no DICOM in any of them
 */
export async function indexPart10(paths, { log = () => {} } = {}) {
  const index = new Part10Index();
  const files = (await Promise.all(paths.map(listFiles))).flat();
  for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
    const batch = files.slice(first, first + FILES_AT_ONCE);
    const headers = await Promise.allSettled(batch.map(readPart10Header));
    for (const header of headers) {
      if (header.status === 'fulfilled' && header.value !== undefined) index.add(header.value);
      else index.skippedFiles++;
      if (header.status === 'rejected') log(`Skipped: ${errorText(header.reason)}`);
    }
  }
  if (index.size === 0) {
    throw new Error(`No DICOM files in ${paths.join(', ')} (${files.length} files searched)`);
  }
  index.sort();
  if (index.skippedFiles > 0) log(`${index.skippedFiles} files skipped that are not DICOM images`);
  if (index.duplicateFiles > 0) log(`${index.duplicateFiles} duplicate files skipped`);
  return index;
}

/**
 * @param {string} path
 * @returns {Promise<string[]>} without hidden files; sorted, so that the index is the same everywhere
 */
async function listFiles(path) {
  const found = await stat(path).catch((cause) => {
    throw new Error(`No such file or folder: ${path}`, { cause });
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * @param {Part10File} part10
 * @param {string} tag
 */
function textOf(part10, tag) {
  const value = part10.json[tag]?.Value?.[0];
  return typeof value === 'string' ? value : undefined;
}

/** @param {unknown} reason */
function errorText(reason) {
  return reason instanceof Error ? reason.message : String(reason);
}

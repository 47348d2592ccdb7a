import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/**
 * The results of one run of the measurements.
 *
 * @typedef {object} Results
 * @property {import('./build/buildPage.mjs').BuildDescription} build
 * @property {ReturnType<typeof import('./describeMachine.mjs').describeMachine>} machine
 * @property {import('./summarize.mjs').SuiteSummary[]} suites
 */

/** @param {string} file */
const absolute = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * The default file of results: results of minified builds are in the repository.
 *
 * @param {Pick<import('./parseOptions.mjs').Options, 'bundler' | 'minify'>} options
 * @returns {string} absolute
 */
export function resultsFile({ bundler, minify }) {
  if (!minify) return absolute(`../.cache/bench/results.${bundler}-unminified.json`);
  return absolute(bundler === 'webpack' ? 'results.json' : `results.${bundler}.json`);
}

/**
 * Results of a second machine, with many cores and a graphics card. `--output` names this file, as the
 * options do not distinguish machines.
 */
export const WORKSTATION_FILE = absolute('results.workstation.json');

/**
 * @param {string} file
 * @param {Results} results
 */
export async function writeResults(file, results) {
  const config = await resolveConfig(file);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await format(JSON.stringify(results), { ...config, parser: 'json' }));
}

/**
 * @param {string} file
 * @returns {Promise<Results | undefined>} undefined when the file is missing
 * @throws {Error} when the file is not JSON
 */
export async function readResults(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/**
 * Results of earlier versions do not say what has drawn.
 *
 * @typedef {Omit<ReturnType<typeof import('./describeMachine.mjs').describeMachine>, 'graphics'> &
 *   { graphics?: import('./browser/launchBrowser.mjs').Graphics }} Machine
 *
 * The results of one run of the measurements.
 *
 * @typedef {object} Results
 * @property {import('./build/buildPage.mjs').BuildDescription} build
 * @property {Machine} machine
 * @property {import('./summarize.mjs').SuiteSummary[]} suites
 */

/** @param {string} file */
const absolute = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * The default file of results: those of minified builds are in the repository, and those that webpack has built
 * and a graphics card has drawn are for a second machine, `results.workstation.json`.
 *
 * @param {Pick<import('./parseOptions.mjs').Options, 'bundler' | 'minify'> & { gpu?: string[] | undefined }}
 *   options
 * @returns {string} absolute
 */
export function resultsFile({ bundler, minify, gpu }) {
  if (minify && bundler === 'webpack') {
    return absolute(gpu ? 'results.workstation.json' : 'results.json');
  }
  if (minify && !gpu) return absolute(`results.${bundler}.json`);
  const name = [bundler, ...(minify ? [] : ['unminified']), ...(gpu ? ['gpu'] : [])].join('-');
  return absolute(`../.cache/bench/results.${name}.json`);
}

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

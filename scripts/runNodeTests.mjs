import { mkdirSync, writeFileSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = new URL('../.cache/test-results/', import.meta.url);

/**
 * Runs test/node: the tests of the scripts, of the demo server and of the parts of the benchmark.
 *
 * @returns {Promise<boolean>} whether all tests passed
 */
export async function runNodeTests() {
  return runTestFiles({ name: 'node', patterns: ['test/node/**/*.test.mjs'], concurrency: true });
}

/**
 * Runs files of node:test and writes their counts and the failed tests to .cache/test-results/.
 *
 * @param {object} options
 * @param {string} options.name of the run, for its results
 * @param {string[]} options.patterns of the files, from the root of the repository
 * @param {boolean} options.concurrency whether files run in parallel
 * @returns {Promise<boolean>} whether all tests passed
 * @throws {Error} when no file matches
 */
export async function runTestFiles({ name, patterns, concurrency }) {
  const files = globSync(patterns, { cwd: ROOT, absolute: true });
  if (files.length === 0) {
    throw new Error(`No test fits ${patterns.join(' ')}`);
  }
  /** @type {string[]} */
  const failures = [];
  const counts = { name, passed: 0, failed: 0, skipped: 0, failures };
  const stream = run({ files, concurrency });
  stream.on('test:pass', (event) => {
    if (event.details.type !== 'suite') {
      counts[event.skip || event.todo ? 'skipped' : 'passed']++;
    }
  });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') {
      counts.failed++;
      failures.push(`${event.name}: ${event.details.error.message.split('\n')[0]}`);
    }
  });
  const output = stream.compose(new spec());
  output.pipe(process.stdout, { end: false });
  await new Promise((resolve, reject) => output.on('end', resolve).on('error', reject));
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL(`${name}.json`, RESULTS), `${JSON.stringify(counts)}\n`);
  return counts.failed === 0;
}

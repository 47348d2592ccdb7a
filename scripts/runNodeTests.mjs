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
  const files = globSync('test/node/**/*.test.mjs', { cwd: ROOT, absolute: true });
  const counts = { name: 'node', passed: 0, failed: 0, skipped: 0 };
  const stream = run({ files, concurrency: true });
  stream.on('test:pass', (event) => {
    if (event.details.type !== 'suite') {
      counts[event.skip || event.todo ? 'skipped' : 'passed']++;
    }
  });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') {
      counts.failed++;
    }
  });
  const output = stream.compose(new spec());
  output.pipe(process.stdout, { end: false });
  await new Promise((resolve, reject) => output.on('end', resolve).on('error', reject));
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL('node.json', RESULTS), `${JSON.stringify(counts)}\n`);
  return counts.failed === 0;
}

/**
 * Tests the OHIF extension in the real OHIF, prebuilt in its package, in headless Chromium
 * (`npm run build` comes first). The counts are written to .cache/test-results/ohif.json.
 *
 *   npm run test:ohif
 *   npm run test:ohif -- --screenshots          writes the pictures of docs/ohif.md too
 *   npm run test:ohif -- --only tmtv            one file of test/ohif
 *
 * Where the package cannot be installed the tests are skipped with one line; in CI (CI=true) this is a failure.
 */
import { parseArgs } from 'node:util';
import { fetchOhif, OHIF_VERSION } from './ohif/fetchOhif.mjs';
import { runTestFiles } from './runNodeTests.mjs';

const { values: flags } = parseArgs({
  options: { screenshots: { type: 'boolean', default: false }, only: { type: 'string' } },
});

/** @returns {Promise<boolean>} whether everything passed */
async function main() {
  try {
    fetchOhif();
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    const line = `@ohif/app ${OHIF_VERSION} cannot be installed: ${reason}`;
    if (process.env['CI']) throw new Error(line, { cause: error });
    process.stdout.write(`SKIPPED the tests in OHIF: ${line}\n`);
    return true;
  }
  process.env['OHIF_SCREENSHOTS'] = flags.screenshots ? '1' : '0';
  return runTestFiles({
    name: 'ohif',
    patterns: [`test/ohif/${flags.only ?? '*'}.test.mjs`],
    // The pages draw without a graphics card: in parallel each would take more than twice as long.
    concurrency: false,
  });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

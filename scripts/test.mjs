/**
 * Runs the tests: first those of the scripts (node:test, test/node), then the specs in headless
 * Chromium, once with cross-origin isolation and once without. Each run writes its counts to
 * .cache/test-results/.
 *
 *   npm test                                               everything
 *   npm run test:one -- test/geometry/foo.spec.ts          some specs (paths or quoted globs)
 *   npm run test:one -- 'test/loading/**' --grep D10        of these, the specs with this name
 *   npm run test:one -- test/foo.spec.ts --isolated 0      only without isolation (1: only with)
 *   npm test -- --seed 12345                               the order of an earlier run
 *   npm run test:core-5.6.8                                the packages of Cornerstone3D 5.6.8, without the
 *                                                          specs of code that has nothing of Cornerstone
 *   npm test -- --at-once                                  both browsers beside each other: faster
 *
 * SPECS (globs, separated by blanks) and ISOLATED do the same as the arguments.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { bundleSpecs } from './bundleSpecs.mjs';
import { findChromium } from './findChromium.mjs';
import { installCornerstone } from './installCornerstone.mjs';
import { runKarma } from './runKarma.mjs';
import { runNodeTests } from './runNodeTests.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    core: { type: 'string' },
    'at-once': { type: 'boolean', default: false },
    grep: { type: 'string' },
    isolated: { type: 'string', default: process.env.ISOLATED },
    seed: { type: 'string' },
    // Requires a subset, so that `npm run test:one` alone does not run everything.
    one: { type: 'boolean', default: false },
  },
});

/** Specs of code without Cornerstone, and of the demo: one run of them, with the installed packages, is enough. */
const PURE = ['!test/{demo,geometry}/**', '!test/headers/part10/fileFuzz.spec.ts'];

/** @returns {Promise<boolean>} whether everything passed */
async function main() {
  const chosen = positionals.length > 0 ? positionals : (process.env.SPECS ?? '').split(/\s+/);
  const patterns = chosen.filter(Boolean);
  const isSubset = flags.one || patterns.length > 0 || flags.grep !== undefined;
  if (flags.one && patterns.length === 0) {
    throw new Error("Name the specs: npm run test:one -- 'test/geometry/**/*.spec.ts'");
  }
  if (flags.isolated !== undefined && !['0', '1'].includes(flags.isolated)) {
    throw new Error(`Expected --isolated 0 or 1, got ${flags.isolated}`);
  }

  let passed = true;
  if (!isSubset && !flags.core) {
    passed = await runNodeTests();
  }
  process.env.CHROME_BIN = await findChromium();

  const packages = flags.core ? await installCornerstone(flags.core) : undefined;
  const coreVersion = flags.core ?? getInstalledCoreVersion();
  const name = `core-${coreVersion}${isSubset ? '-subset' : ''}`;
  const bundleFolder = await bundleSpecs({
    patterns: patterns.length > 0 ? patterns : ['test/**/*.spec.ts', ...(flags.core ? PURE : [])],
    isSubset,
    packageSet: `core-${coreVersion}`,
    packagesFolder: packages,
  });
  const run = (/** @type {boolean} */ isolated) =>
    runKarma({
      name: `${name}-${isolated ? 'isolated' : 'not-isolated'}`,
      bundleFolder,
      coreVersion,
      isolated,
      showConsole: isSubset,
      grep: flags.grep,
      seed: flags.seed,
    });
  const modes = flags.isolated === undefined ? [true, false] : [flags.isolated === '1'];
  if (flags['at-once']) {
    const results = await Promise.all(modes.map(run));
    return passed && results.every(Boolean);
  }
  for (const isolated of modes) {
    const ok = await run(isolated);
    passed &&= ok;
  }
  return passed;
}

function getInstalledCoreVersion() {
  return createRequire(import.meta.url)('@cornerstonejs/core/package.json').version;
}

try {
  // Karma and webpack leave handles open, so the process exits explicitly.
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

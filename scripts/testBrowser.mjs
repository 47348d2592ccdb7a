/**
 * Runs specs in Firefox (cross-origin isolated; those that draw where there is a display, or Xvfb) or specs that do not
 * draw in WebKitGTK (not isolated, as it has no SharedArrayBuffer), and writes the counts to .cache/test-results/firefox.json or webkit.json.
 *
 *   npm run test:firefox
 *   npm run test:webkit
 *   npm run test:firefox -- test/loading/loading.spec.ts --grep D10 --isolated 0
 *
 * Where the browser is missing, one line says how to install it; in CI that is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { bundleSpecs } from './bundleSpecs.mjs';
import { findFirefox, findWebKit, findXvfbRun } from './findBrowsers.mjs';
import { createFirefoxLauncher, createWebKitLauncher } from './karmaLaunchers.mjs';
import { runKarma } from './runKarma.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, isolated: { type: 'string' }, seed: { type: 'string' } },
});
const [browser, ...chosen] = positionals;

/**
 * Voxels of all codecs and schemes, the main job, loading, and frames given back as Images; specs that draw are marked by
 * test/support/itDraws.ts.
 */
const FIREFOX_SPECS = [
  'test/{browsers,loading,pixels}/**/*.spec.ts',
  'test/endToEnd/{dicomWeb,part10,trace,wadors}.spec.ts',
  'test/reported/pixelFormats.spec.ts',
  'test/volume/images/images.spec.ts',
];

/** Of drawing, in seconds and not minutes; all others pass too. */
const FIREFOX_DRAWING_SPECS = [
  'test/rendering/{drawingBudget,followViewports,mapperTextures,standIns}.spec.ts',
  'test/volume/{drawing,texture}/*.spec.ts',
];

/** The main job, the voxels of all codecs over `wadors:`, `wadouri:` and files, and frames given back as Images. */
const WEBKIT_SPECS = [
  'test/browsers/**/*.spec.ts',
  'test/endToEnd/{dicomWeb,part10,wadors}.spec.ts',
  'test/reported/pixelFormats.spec.ts',
  'test/volume/images/images.spec.ts',
];

/** @returns {Promise<boolean>} whether everything passed */
async function main() {
  if (browser !== 'firefox' && browser !== 'webkit') {
    throw new Error('Name the browser: firefox or webkit');
  }
  const found = browser === 'firefox' ? openFirefox() : openWebKit();
  if ('missing' in found) {
    process.stdout.write(`SKIPPED the specs in ${browser}: ${found.missing}\n`);
    return !process.env.CI;
  }
  if (found.version) {
    process.stdout.write(`${found.version}\n`);
  }
  const coreVersion = createRequire(import.meta.url)('@cornerstonejs/core/package.json').version;
  return runKarma({
    name: `${browser}${chosen.length > 0 || flags.grep ? '-subset' : ''}`,
    bundleFolder: await bundleSpecs({
      patterns: chosen.length > 0 ? chosen : found.specs,
      isSubset: true,
      packageSet: `core-${coreVersion}`,
    }),
    coreVersion,
    isolated: flags.isolated === undefined ? browser === 'firefox' : flags.isolated === '1',
    showConsole: chosen.length > 0,
    grep: flags.grep,
    seed: flags.seed,
    launcher: found.launcher,
  });
}

function openFirefox() {
  const command = findFirefox();
  if (!command) {
    return { missing: 'install Firefox (Debian: apt-get install firefox-esr), or set FIREFOX_BIN' };
  }
  const hasDisplay = process.env.DISPLAY !== undefined;
  return {
    version: execFileSync(command, ['--version'], { encoding: 'utf8' }).trim(),
    specs: hasDisplay ? [...FIREFOX_SPECS, ...FIREFOX_DRAWING_SPECS] : FIREFOX_SPECS,
    launcher: {
      name: 'Firefox',
      plugin: createFirefoxLauncher(command, hasDisplay),
      draws: hasDisplay,
    },
  };
}

function openWebKit() {
  const webkit = findWebKit();
  if (!webkit) {
    return { missing: 'install WebKitGTK (Debian: apt-get install webkit2gtk-driver xvfb)' };
  }
  return {
    // The driver tells it when the browser has started.
    version: undefined,
    specs: WEBKIT_SPECS,
    launcher: { name: 'WebKit', plugin: createWebKitLauncher(webkit), draws: false },
  };
}

/** Set for the script that {@link runOnXvfb} runs. */
const ON_XVFB = 'SPECS_ON_XVFB';

/** Runs this script again on a display of Xvfb, which ends with it. */
function runOnXvfb(/** @type {string} */ xvfbRun) {
  const screen = ['--auto-servernum', '--server-args=-screen 0 1280x1024x24'];
  const { status } = spawnSync(xvfbRun, [...screen, process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [ON_XVFB]: '1' },
  });
  process.exit(status ?? 1);
}

// Also where there is a display: no window opens in front of the user.
const xvfbRun = findXvfbRun();
if (browser === 'firefox' && process.env[ON_XVFB] === undefined && xvfbRun !== undefined) {
  runOnXvfb(xvfbRun);
}
try {
  // Karma and webpack leave handles open, so the process exits explicitly.
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

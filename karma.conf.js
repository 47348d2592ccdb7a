/**
 * Runs a bundle of specs (see webpack.specs.config.js) in headless Chromium; scripts/test.mjs
 * starts it once with and once without cross-origin isolation. scripts/testBrowser.mjs runs some of the specs in
 * Firefox or in WebKit.
 *
 * With isolation every response carries COOP, COEP and CORP: SharedArrayBuffer needs the first two
 * on the page and on the script of each worker. If test/support/startServers.mjs exists, its
 * `startServers({ isolated })` is awaited, and its `clientConfig` reaches the specs together with
 * the facts of the run as `window.__karma__.config.fixtures` (test/support/karmaFixtures.ts).
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumFlags } from './scripts/chromiumFlags.mjs';
import { createSummaryReporter } from './test/support/karmaSummaryReporter.mjs';

/** Grow cut needs WebGPU, which Chromium enables without a graphics card only with these flags. */
const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
/** Specs of memory collect garbage and read the exact size of the heap. */
const MEMORY_FLAGS = ['--js-flags=--expose-gc', '--enable-precise-memory-info'];

const START_SERVERS = new URL('./test/support/startServers.mjs', import.meta.url);

/**
 * What scripts/test.mjs passes as `config.testRun`.
 *
 * @typedef {object} TestRun
 * @property {string} name - of the run, for its results
 * @property {string} bundleFolder - absolute path of the bundled specs
 * @property {string} coreVersion
 * @property {boolean} isolated
 * @property {boolean} showConsole - whether the page's console is printed
 * @property {string} [grep] - only specs whose full name contains it
 * @property {string} [seed] - of the random order
 * @property {{ name: string, plugin: import('karma').InlinePluginDef, draws: boolean }} [launcher] - of another browser than
 *   Chromium, and whether it has WebGL
 */

/** @param {import('karma').Config & { testRun: TestRun }} config */
export default async function configure(config) {
  const run = config.testRun;
  const servers = await startServers(run.isolated);
  const resultFile = fileURLToPath(
    new URL(`./.cache/test-results/${run.name}.json`, import.meta.url),
  );

  config.set({
    basePath: '',
    colors: process.stdout.isTTY,
    plugins: [
      'karma-jasmine',
      'karma-chrome-launcher',
      ...(run.launcher ? [run.launcher.plugin] : []),
      { 'middleware:isolation': ['factory', isolationMiddleware] },
      createSummaryReporter(run.name, resultFile, servers.stop),
    ],
    frameworks: ['jasmine'],
    files: [
      { pattern: `${run.bundleFolder}/specs.js`, watched: false },
      { pattern: `${run.bundleFolder}/**/*`, included: false, watched: false },
    ],
    beforeMiddleware: run.isolated ? ['isolation'] : [],
    reporters: ['dots', 'summary'],
    browsers: [run.launcher?.name ?? 'HeadlessChromium'],
    customLaunchers: {
      HeadlessChromium: {
        base: 'Chrome',
        flags: [...chromiumFlags(), ...WEBGPU_FLAGS, ...MEMORY_FLAGS],
      },
    },
    hostname: 'localhost',
    listenAddress: '127.0.0.1',
    client: /** @type {import('karma').ClientOptions & { fixtures: object }} */ ({
      args: run.grep ? ['--grep', run.grep] : [],
      clearContext: false,
      captureConsole: true,
      fixtures: {
        ...servers.clientConfig,
        coreVersion: run.coreVersion,
        isolated: run.isolated,
        draws: run.launcher?.draws ?? true,
        ci: Boolean(process.env.CI),
      },
      jasmine: {
        random: true,
        seed: run.seed,
        // Only for what never ends: software rendering on a busy machine takes its time.
        timeoutInterval: 60_000,
        failSpecWithNoExpectations: true,
      },
    }),
    // The libraries under test log each failure that a spec provokes, so only small runs show it.
    browserConsoleLogOptions: { level: 'debug', terminal: run.showConsole },
    failOnEmptyTestSuite: true,
    browserNoActivityTimeout: 120_000,
    captureTimeout: 60_000,
    // On a busy machine a page may take longer to respond than Karma waits by default.
    pingTimeout: 120_000,
    browserDisconnectTimeout: 60_000,
    singleRun: true,
    autoWatch: false,
    logLevel: config.LOG_WARN,
  });
}

/**
 * @param {boolean} isolated
 * @returns {Promise<{ clientConfig: object, stop: () => Promise<void> }>}
 */
async function startServers(isolated) {
  if (!existsSync(START_SERVERS)) {
    return { clientConfig: {}, stop: async () => {} };
  }
  const module = await import(START_SERVERS.href);
  return module.startServers({ isolated });
}

/** @returns {(request: object, response: import('node:http').ServerResponse, next: () => void) => void} */
function isolationMiddleware() {
  return (_request, response, next) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    next();
  };
}

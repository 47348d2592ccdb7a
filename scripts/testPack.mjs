/**
 * Tests the package as published (`npm run build` comes first): packs it, installs the tarball
 * into an empty application outside of the repository, and there
 *
 * - imports it in Node, and in Vitest with jsdom
 * - builds the application for production, minified, with webpack and with Vite
 * - streams a volume in each from the demo's DICOMweb server, with and without cross-origin isolation and with
 *   and without hooks of the application in dicom-image-loader's transport
 * - loses the script of volumes, which the application's bundler has made, and gets it in the next attempt
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startDicomWebServer } from '../demo/server/index.mjs';
import { chromiumFlags } from './chromiumFlags.mjs';
import { findChromium } from './findChromium.mjs';
import { openPackedApplication } from './openPackedApplication.mjs';
import {
  cornerstoneVersions,
  installPacked,
  manifest,
  packPackage,
  runNpm,
} from './packedPackage.mjs';
import {
  getPackedKinds,
  getPackedVolume,
  KIND_UIDS,
  writePackedKinds,
  writePackedSeries,
} from './packedSeries.mjs';

/** Packages that the application is built and tested with. */
const TOOLS = {
  webpack: manifest.devDependencies.webpack,
  'webpack-cli': manifest.devDependencies['webpack-cli'],
  vite: '8.3',
  // Cornerstone imports node's module of this name, which only webpack replaces by itself.
  events: '3',
  // The last versions that run on Node 20.
  vitest: '4',
  jsdom: '26',
};
/** Of the volume that is looked at frame by frame. */
const SERIES = KIND_UIDS['decimated'];
const BUNDLERS = ['webpack', 'vite'];
const HOOKS = ['none', 'ohif'];
/** Headers of the frame requests that the hooks in packedApplication/src/index.js set. */
const HEADERS_OF_HOOKS = {
  authorization: 'Bearer x',
  accept: 'multipart/related; type="application/octet-stream"',
};

const ENDS_BY_ITSELF_MS = 60_000;

/** A text of `src/api/volumeLoader.ts`. */
const IN_VOLUMES = 'The browser cannot allocate';

const folder = mkdtempSync(path.join(os.tmpdir(), 'packed-application-'));
try {
  const application = path.join(folder, 'application');
  cpSync(fileURLToPath(new URL('packedApplication', import.meta.url)), application, {
    recursive: true,
  });
  installPacked(application, packPackage(folder), {
    cornerstone: cornerstoneVersions.current,
    packages: TOOLS,
  });
  testInNode(application);
  testInVitest(application);
  build(application);
  writePackedSeries(path.join(folder, 'data'));
  writePackedKinds(path.join(folder, 'data'));
  await testInBrowser(application, path.join(folder, 'data'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} application */
function testInNode(application) {
  /** @param {string[]} args */
  const runNode = (...args) =>
    JSON.parse(
      execFileSync(process.execPath, args, {
        cwd: application,
        encoding: 'utf8',
        timeout: ENDS_BY_ITSELF_MS,
      }),
    );
  const names = runNode(
    '--input-type=module',
    '--eval',
    `console.log(JSON.stringify(Object.keys(await import('${manifest.name}'))))`,
  );
  assert.ok(names.includes('createStreamingVolume'), `Exports in Node: ${names.join()}`);
  const { exports, effects } = runNode('outsideBrowser/sideEffects.js');
  assert.deepEqual(exports, names);
  assert.deepEqual(effects, { changed: [], touched: [], listeners: [] });
  process.stdout.write(`Node ${process.version} imports ${names.length} names.\n`);
}

/** @param {string} application */
function testInVitest(application) {
  const packages = path.join(application, 'node_modules');
  cpSync(path.join(packages, manifest.name), path.join(packages, 'second-copy'), {
    recursive: true,
  });
  const config = 'outsideBrowser/vitest.config.mjs';
  runNpm(['exec', '--', 'vitest', 'run', '--config', config], application);
  process.stdout.write('Vitest with jsdom makes and fills a volume.\n');
}

/** @param {string} application */
function build(application) {
  runNpm(['exec', '--', 'webpack'], application);
  writeFileSync(
    path.join(application, 'webpack/index.html'),
    '<!doctype html><script src="main.js"></script>',
  );
  runNpm(['exec', '--', 'vite', 'build'], application);
}

/**
 * @param {string} application
 * @param {string} dataFolder
 */
async function testInBrowser(application, dataFolder) {
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: chromiumFlags(),
  });
  try {
    for (const bundler of BUNDLERS) {
      for (const crossOriginIsolated of [true, false]) {
        const server = await startDicomWebServer({
          folders: [dataFolder],
          staticFolder: path.join(application, bundler),
          crossOriginIsolated,
        });
        try {
          await checkLostScript(
            browser,
            server.url(`/index.html?hooks=none&series=${SERIES}`),
            bundler,
          );
          for (const hooks of HOOKS) {
            const page = server.url(`/index.html?hooks=${hooks}`);
            const opened = await openPackedApplication(browser, `${page}&series=${SERIES}`);
            checkPage(opened, { bundler, crossOriginIsolated, hooks });
            const kinds = encodeURIComponent(JSON.stringify(KIND_UIDS));
            const about = `${bundler} ${hooks}, isolated: ${crossOriginIsolated}`;
            checkKinds(await openPackedApplication(browser, `${page}&kinds=${kinds}`), about);
          }
        } finally {
          await server.close();
        }
      }
    }
  } finally {
    await browser.close();
  }
}

/**
 * @param {import('./openPackedApplication.mjs').OpenedPage} opened
 * @param {{ bundler: string, crossOriginIsolated: boolean, hooks: string }} page
 */
function checkPage(
  { result, fetches, requests, messages },
  { bundler, crossOriginIsolated, hooks },
) {
  const name = `${bundler} ${hooks}`;
  const about = `${name}, isolated: ${crossOriginIsolated}`;
  const { slices, dimensions, voxels } = getPackedVolume();
  assert.equal(result.error, undefined, `${about}\n${messages.join('\n')}`);
  assert.deepEqual(result.failed, [], about);
  assert.equal(result.framesLoaded, slices, about);
  assert.deepEqual(result.dimensions, dimensions, about);
  assert.equal(result.isShared, crossOriginIsolated, about);
  assert.deepEqual(result.voxels, voxels, about);
  assert.equal(requests.length, slices, `${about}: each frame is requested once`);
  if (hooks === 'ohif') {
    for (const { headers } of requests) {
      assert.deepEqual(pick(headers, HEADERS_OF_HOOKS), HEADERS_OF_HOOKS, about);
    }
  }
  process.stdout.write(`${about}: ${slices} frames, ${JSON.stringify(fetches)}\n`);
  assert.deepEqual(
    requests.map(({ type }) => type),
    requests.map(() => 'fetch'),
    about,
  );
  const { frameWorkers, ...frames } = fetches;
  assert.ok(frameWorkers > 0, `${about}: no frame worker has started`);
  assert.deepEqual(
    frames,
    { byWorkers: slices, byXMLHttpRequest: 0, byFetch: 0, decodedByLoader: 0 },
    about,
  );
  assert.equal(result.transport?.thread, 'worker', `${about}: ${result.transport?.reason}`);
  assert.deepEqual(result.transport?.decoder, { thread: 'frame worker' }, about);
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {string} bundler
 */
async function checkLostScript(browser, url, bundler) {
  const opened = await openPackedApplication(browser, url, { lostScript: IN_VOLUMES });
  const { result, scriptError, messages } = opened;
  assert.match(String(scriptError), /the volumes of streaming-image-volume-loader/, bundler);
  assert.equal(result.error, undefined, messages.join('\n'));
  assert.equal(result.framesLoaded, getPackedVolume().slices, bundler);
  process.stdout.write(`${bundler}: the script of volumes was lost, and fetched again\n`);
}

/**
 * @param {import('./openPackedApplication.mjs').OpenedPage} opened
 * @param {string} about
 */
function checkKinds({ result, messages }, about) {
  assert.equal(result.error, undefined, `${about}\n${messages.join('\n')}`);
  for (const [kind, voxels] of Object.entries(getPackedKinds())) {
    assert.deepEqual(result[kind], { failed: [], voxels, thread: 'worker' }, `${about}: ${kind}`);
  }
  process.stdout.write(`${about}: ${Object.keys(result).join(', ')}\n`);
}

/**
 * @param {Record<string, string>} values
 * @param {Record<string, string>} like - its keys are the values to be read
 */
function pick(values, like) {
  return Object.fromEntries(Object.keys(like).map((name) => [name, values[name]]));
}

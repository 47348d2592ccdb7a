/**
 * Tests the package as a user gets it (`npm run build` comes first): packs it, installs the tarball
 * into an empty webpack application outside of the repository, builds that, and streams a volume
 * in it from the demo's DICOMweb server, with and without cross-origin isolation.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startDicomWebServer } from '../demo/server/index.mjs';
import { writePart10 } from '../demo/server/writePart10.mjs';
import { chromiumFlags } from './chromiumFlags.mjs';
import { findChromium } from './findChromium.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const APPLICATION = fileURLToPath(new URL('packedApplication', import.meta.url));
const FRAMES = JSON.parse(readFileSync(path.join(ROOT, 'test/support/codecFrames.json'), 'utf8'));
const JPEG_LS_LOSSLESS = '1.2.840.10008.1.2.4.80';
const SLICES = 5;

const folder = mkdtempSync(path.join(os.tmpdir(), 'packed-application-'));
try {
  const dataFolder = writeSeries(path.join(folder, 'data'));
  const staticFolder = buildApplication(path.join(folder, 'application'));
  for (const crossOriginIsolated of [true, false]) {
    const server = await startDicomWebServer({
      folders: [dataFolder],
      staticFolder,
      crossOriginIsolated,
    });
    try {
      const { result, frameRequests } = await openApplication(server.url('/index.html'));
      assert.equal(result.error, undefined);
      assert.equal(result.framesLoaded, SLICES);
      assert.equal(result.framesTotal, SLICES);
      assert.deepEqual(result.dimensions, [FRAMES.columns, FRAMES.rows, SLICES]);
      assert.equal(result.isShared, crossOriginIsolated);
      assert.deepEqual(result.voxels, getExpectedVoxels());
      // The main thread would ask with XMLHttpRequests: the frame workers are there.
      assert.deepEqual(frameRequests, Array(SLICES).fill('fetch'));
    } finally {
      await server.close();
    }
  }
  process.stdout.write(`The packed application streamed ${SLICES} of ${SLICES} frames.\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Slices of the same compressed frame that differ in their intercept only.
 *
 * @param {string} target
 */
function writeSeries(target) {
  mkdirSync(target);
  for (let slice = 0; slice < SLICES; slice++) {
    const file = writePart10({
      studyUID: '2.25.1',
      seriesUID: '2.25.2',
      sopUID: `2.25.3.${slice}`,
      frameOfReferenceUID: '2.25.4',
      transferSyntaxUID: JPEG_LS_LOSSLESS,
      modality: 'CT',
      instanceNumber: slice + 1,
      position: [0, 0, 2 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacing: [1, 1],
      rows: FRAMES.rows,
      columns: FRAMES.columns,
      slope: 1,
      intercept: getIntercept(slice),
      pixelData: [Buffer.from(FRAMES.jpegLs, 'base64')],
    });
    writeFileSync(path.join(target, `${slice}.dcm`), file);
  }
  return target;
}

function getExpectedVoxels() {
  const frameLength = FRAMES.columns * FRAMES.rows;
  return Array.from({ length: frameLength * SLICES }, (_, index) => {
    const stored = (37 * (index % frameLength)) % 1000;
    return stored + getIntercept(Math.floor(index / frameLength));
  });
}

/** @param {number} slice */
function getIntercept(slice) {
  return 1000 * slice - 1024;
}

/**
 * @param {string} target
 * @returns {string} the folder to serve
 */
function buildApplication(target) {
  if (!existsSync(path.join(ROOT, 'dist/index.js'))) {
    throw new Error('There is no dist/index.js: npm run build');
  }
  cpSync(APPLICATION, target, { recursive: true });
  npm(['pack', '--silent', '--pack-destination', target], ROOT);
  const tarball = readdirSync(target).find((file) => file.endsWith('.tgz'));
  const { devDependencies, name } = readManifest(ROOT);
  /** @param {string} dependency */
  const withVersion = (dependency) => [dependency, devDependencies[dependency]];
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      [name]: `file:${tarball}`,
      ...Object.fromEntries(
        ['@cornerstonejs/core', '@cornerstonejs/dicom-image-loader', 'webpack', 'webpack-cli'].map(
          withVersion,
        ),
      ),
    },
  };
  writeFileSync(path.join(target, 'package.json'), JSON.stringify(manifest));
  npm(['install', '--no-audit', '--no-fund', '--loglevel=error'], target);
  npm(['exec', '--', 'webpack'], target);
  const dist = path.join(target, 'dist');
  writeFileSync(path.join(dist, 'index.html'), '<!doctype html><script src="main.js"></script>');
  return dist;
}

/** @param {string} repository */
function readManifest(repository) {
  return JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  // `npm run` tells its children which package they are in, and this is another one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([variable]) => !/^(npm_|INIT_CWD$)/i.test(variable)),
  );
  execFileSync('npm', args, {
    cwd,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** @param {string} url */
async function openApplication(url) {
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: chromiumFlags(),
  });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const messages = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(String(error)));
    /** @type {string[]} what the requests for frames were made with */
    const frameRequests = [];
    page.on('request', (request) => {
      if (request.url().includes('/frames/')) {
        frameRequests.push(request.resourceType());
      }
    });
    await page.goto(url);
    const result = await page
      .waitForFunction(() => Reflect.get(globalThis, '__result'), undefined, { timeout: 30_000 })
      .catch((error) => {
        throw new Error(`${url} gave no result:\n${messages.join('\n')}`, { cause: error });
      });
    return { result: await result.jsonValue(), frameRequests };
  } finally {
    await browser.close();
  }
}

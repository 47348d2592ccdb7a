import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { startDicomWebServer } from '../../demo/server/index.mjs';
import { ensureDemoSeries } from '../../demo/server/syntheticSeries.mjs';
import { chromiumFlags } from '../../scripts/chromiumFlags.mjs';
import { findChromium } from '../../scripts/findChromium.mjs';
import { packPackage } from '../../scripts/packedPackage.mjs';
import { buildExample, installExamples, readPackage } from './builtExample.mjs';
import { ExamplePage } from './ExamplePage.mjs';

const SLICES = 40;
const FRAMES = '/frames/';
/** Of all tests: an example that requests no frames would be waited for without end. */
const TIMEOUT_MS = 600_000;

/** Shows the tests the cache of the page. */
const CACHE_SPY = `import { cache as seen } from '@cornerstonejs/core';
Reflect.set(window, '__countOfCache', () => ({
  volumes: seen.getVolumes().length,
  bytes: seen.getCacheSize(),
}));
`;

describe('examples', { timeout: TIMEOUT_MS }, () => {
  /** @type {string} */
  let folder;
  /** @type {string} */
  let data;
  /** The copies of the examples by their names. @type {Record<'vanilla' | 'react', string>} */
  let viteCopies;
  /** Resolves to the copy of the example. @type {Promise<string>} */
  let webpackBuild;
  /** @type {import('playwright-core').Browser} */
  let browser;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'examples-'));
    data = path.join(folder, 'data');
    await ensureDemoSeries({ folder: data, slices: SLICES, size: 128 });
    const tarball = packPackage(folder);
    // Minifying takes webpack longer than everything else: the other examples are built and driven meanwhile.
    webpackBuild = buildWithWebpack(tarball);
    // Its test reports a failure.
    webpackBuild.catch(() => {});
    const [vanilla = '', react = ''] = await installExamples(
      ['vite-vanilla', 'vite-react'],
      path.join(folder, 'vite-applications'),
      tarball,
    );
    viteCopies = { vanilla, react };
    browser = await chromium.launch({
      executablePath: await findChromium(),
      args: chromiumFlags(),
    });
  });
  after(async () => {
    await browser?.close();
    await webpackBuild?.catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  });

  /** @param {string} tarball */
  async function buildWithWebpack(tarball) {
    const [copy = ''] = await installExamples(
      ['webpack'],
      path.join(folder, 'webpack-applications'),
      tarball,
    );
    await buildExample(copy);
    return copy;
  }

  /**
   * Serves a built example and the series.
   *
   * @param {string} staticFolder
   * @param {(server: import('../../demo/server/index.mjs').DicomWebServer) => Promise<void>} use
   */
  async function served(staticFolder, use) {
    const server = await startDicomWebServer({ folders: [data], staticFolder });
    try {
      await use(server);
    } finally {
      await server.close();
    }
  }

  for (const [name, heading] of /** @type {const} */ ([
    ['vite-vanilla', 'Vite'],
    ['webpack', 'webpack'],
  ])) {
    it(`${name} is the package that the commands of docs/getting-started.md make`, () => {
      const { type, dependencies, devDependencies } = readPackage(name);
      assert.deepEqual(packageOf(heading), {
        type,
        dependencies: Object.keys(dependencies).toSorted(),
        devDependencies: Object.keys(devDependencies).toSorted(),
      });
    });
  }

  it('vite-vanilla, built for production, draws a series that workers fetch', async () => {
    await buildExample(viteCopies.vanilla);
    await drawsSeries(path.join(viteCopies.vanilla, 'dist'));
  });

  describe('vite-react', () => {
    /** @type {string} */
    let copy;
    before(async () => {
      copy = viteCopies.react;
      appendFileSync(path.join(copy, 'src/main.tsx'), CACHE_SPY);
      await buildExample(copy);
    });

    it('compiles as strict TypeScript', async () => {
      const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
      await promisify(execFile)(process.execPath, [tsc, '-p', copy]).catch(({ stdout }) =>
        assert.fail(stdout),
      );
    });

    it('built for production, draws two planes of a series that workers fetch', async () => {
      await served(path.join(copy, 'dist'), async (server) => {
        const example = await ExamplePage.open(browser, server.url('/'), server.dicomWebRoot);
        await example.page.locator(`progress[value="${SLICES}"]`).waitFor();
        await example.untilDrawn(2);
        await checkFetches(example);
        assert.deepEqual(example.errors, []);
        await example.page.close();
      });
    });

    it('built for production, shows how many frames have failed', async () => {
      await served(path.join(copy, 'dist'), async (server) => {
        server.controls.setFaults([{ match: FRAMES, status: 404, times: 2 }]);
        const example = await ExamplePage.open(browser, server.url('/'), server.dicomWebRoot);
        await example.untilShown('2 failed');
        await example.page.locator(`progress[value="${SLICES - 2}"]`).waitFor();
        await example.page.close();
      });
    });

    it('built for production, ends the load on unmount, and opens again', async () => {
      await served(path.join(copy, 'dist'), (server) => closeWhileLoading(server, server.url('/')));
    });

    it('in development, mounted twice by StrictMode, ends the load on unmount', async () => {
      const vite = await import(
        pathToFileURL(createRequire(path.join(copy, 'package.json')).resolve('vite')).href
      );
      const page = await vite.createServer({
        root: copy,
        logLevel: 'error',
        server: { port: 0, host: '127.0.0.1' },
      });
      await page.listen();
      try {
        await served(copy, (server) => closeWhileLoading(server, page.resolvedUrls.local[0]));
      } finally {
        await page.close();
      }
    });
  });

  it('webpack, built for production, draws a series that workers fetch', async () => {
    await drawsSeries(path.join(await webpackBuild, 'public'));
  });

  /**
   * Opens a built example that shows one plane.
   *
   * @param {string} staticFolder
   */
  async function drawsSeries(staticFolder) {
    await served(staticFolder, async (server) => {
      const example = await ExamplePage.open(browser, server.url('/'), server.dicomWebRoot);
      await example.untilShown(`${SLICES} frames loaded by the worker, 0 failed`);
      await example.untilDrawn(1);
      await checkFetches(example);
      assert.deepEqual(example.errors, []);
      await example.page.close();
    });
  }

  /**
   * Closes the series when some of its frames are on their way, and opens it again.
   *
   * @param {import('../../demo/server/index.mjs').DicomWebServer} server
   * @param {string} url
   */
  async function closeWhileLoading(server, url) {
    server.controls.setFaults([{ match: FRAMES, hold: true }]);
    const example = await ExamplePage.open(browser, url, server.dicomWebRoot);
    await server.requests.waitFor(FRAMES, 2);
    assert.equal((await countOfCache(example)).volumes, 1);

    await example.page.getByRole('button', { name: 'Close' }).click();
    await example.page.getByRole('button', { name: 'Open' }).waitFor();
    await untilIdle(server);
    assert.deepEqual(await countOfCache(example), { volumes: 0, bytes: 0 });
    const requested = server.requests.entries.filter(({ path: at }) => at.includes(FRAMES));
    assert.ok(requested.every(({ aborted }) => aborted));

    server.controls.setFaults([]);
    await example.page.getByRole('button', { name: 'Open' }).click();
    await example.page.locator(`progress[value="${SLICES}"]`).waitFor();
    await example.untilDrawn(2);
    assert.equal((await countOfCache(example)).volumes, 1);
    assert.deepEqual(example.errors, []);
    await example.page.close();
  }

  /** @param {import('../../demo/server/index.mjs').DicomWebServer} server */
  async function untilIdle({ requests }) {
    const deadline = Date.now() + 30_000;
    while (requests.inFlight > 0) {
      assert.ok(Date.now() < deadline, `${requests.inFlight} requests are still in flight`);
      await wait(20);
    }
  }

  /** @param {ExamplePage} example */
  async function checkFetches(example) {
    const { frameWorkers, ...frames } = await example.fetches();
    assert.ok(frameWorkers > 0, 'no frame worker has started');
    assert.deepEqual(frames, {
      byWorkers: SLICES,
      byXMLHttpRequest: 0,
      byFetch: 0,
      decodedByLoader: 0,
    });
  }

  /** @param {ExamplePage} example */
  function countOfCache(example) {
    return example.page.evaluate(() => Reflect.get(globalThis, '__countOfCache')());
  }
});

/**
 * What the commands make and install below a heading of docs/getting-started.md.
 *
 * @param {string} heading
 */
function packageOf(heading) {
  const page = readFileSync(new URL('../../docs/getting-started.md', import.meta.url), 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const commands = [...section.matchAll(/^ {4}npm install (--save-dev )?(.*)$/gm)];
  const packagesOf = (/** @type {boolean} */ isDev) =>
    commands
      .filter(([, saveDev]) => (saveDev !== undefined) === isDev)
      .flatMap(([, , names = '']) => names.split(' '))
      .toSorted();
  // npm 11 makes packages of CommonJS, whose scripts no bundler takes `import` in.
  const [, type] = /^ {4}npm pkg set type=(.*)$/m.exec(section) ?? [];
  return { type, dependencies: packagesOf(false), devDependencies: packagesOf(true) };
}

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser } from '../../bench/browser/launchBrowser.mjs';
import { buildPage } from '../../bench/build/buildPage.mjs';
import { measure } from '../../bench/measure.mjs';
import { observePeakMemory } from '../../bench/observers/observeMemory.mjs';
import { readResidentBytes } from '../../bench/observers/processMemory.mjs';
import { findRendererProcess } from '../../bench/observers/traceTasks.mjs';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { startBenchServer } from '../../bench/server/startBenchServer.mjs';
import { findChromium } from '../../scripts/findChromium.mjs';

/** 2 MB of voxels, and 4 MB in a texture of 32 bit floats. */
const SOAK_FRAMES = 4;
/** Of 50 volumes each; the first has what the browser makes once. */
const ROUNDS = 4;
/** For 150 volumes, whose voxels are 315 MB. */
const MOST_GROWTH = 60e6;

/** Workers end and the collector comes round when they like: the least of so many looks is what is held. */
const LOOKS = 12;
const LOOK_INTERVAL_MS = 250;

/** 157 MB of voxels. */
const PEAK_FRAMES = 300;
/** Besides the volume: what the page needs, and what the collector has not taken yet. */
const MOST_BESIDES = 60e6;

const skip = process.platform === 'linux' ? false : 'the memory of a process is read on Linux only';

describe('The memory of the browser', { skip }, () => {
  /** @type {import('../../bench/browser/launchBrowser.mjs').Browser} */
  let browser;
  /** @type {string} */
  let pageFolder;

  before(async () => {
    ({ folder: pageFolder } = await buildPage());
    browser = await launchBrowser(await findChromium());
  });

  after(async () => {
    await browser?.close();
  });

  for (const isolated of [true, false]) {
    const title = `${isolated ? 'with' : 'without'} shared memory`;

    /** @param {number} frames */
    const startServer = (frames) =>
      startBenchServer({
        pageFolder,
        isolated,
        protocol: 'http/1.1',
        series: {
          measured: new BenchSeries(frames, 1),
          'warm-up': new BenchSeries(SOAK_FRAMES, 2),
        },
      });

    /**
     * @param {import('../../bench/page/task.js').ScenarioName} scenario
     * @returns {import('../../bench/page/task.js').Task}
     */
    const taskOf = (scenario) => ({
      scenario,
      variant: 'ours',
      isolated,
      series: '/series/measured',
      warmUp: '/series/warm-up',
    });

    test(`does not grow with 200 volumes that are made, loaded, drawn and removed, ${title}`, async (t) => {
      const server = await startServer(SOAK_FRAMES);
      const page = await browser.newPage();
      try {
        await page.goto(server.origin);
        await page.evaluate(`bench.prepare(${JSON.stringify(taskOf('soak'))})`);
        const pids = {
          page: await findRendererProcess(page),
          gpu: await browser.findGpuProcess(),
        };
        const sizes = [];
        for (let round = 0; round < ROUNDS; round++) {
          // Sees the pixels of each on the screen.
          assert.equal((await page.evaluate('bench.measure()')).volumes, 50);
          sizes.push(await readHeld(page, pids));
        }
        const [early, late] = [sizes[0], sizes.at(-1)];
        assert(early && late);
        const growth = { page: late.page - early.page, gpu: late.gpu - early.gpu };
        const grown = `grew by ${JSON.stringify(growth)} bytes, from ${JSON.stringify(sizes)}`;
        t.diagnostic(grown);
        assert(growth.page < MOST_GROWTH, `the page ${grown}`);
        assert(growth.gpu < MOST_GROWTH, `what draws ${grown}`);
      } finally {
        await page.close();
        await server.close();
      }
    });

    test(`is little more than the volume while one is loaded, ${title}`, async (t) => {
      const server = await startServer(PEAK_FRAMES);
      try {
        // Looks at every voxel when the peak has been read.
        const {
          figures: { peakBytes, bytesSent },
        } = await measure(browser, {
          url: server.origin,
          task: taskOf('open'),
          traffic: server.traffic,
          observer: observePeakMemory,
        });
        assert(peakBytes && bytesSent);
        t.diagnostic(`peak ${peakBytes} bytes, sent ${bytesSent} bytes`);
        assert(peakBytes < bytesSent + MOST_BESIDES, `${peakBytes} for ${bytesSent} bytes`);
      } finally {
        await server.close();
      }
    });
  }
});

/**
 * The memory that the browser's processes hold when garbage was collected.
 *
 * @param {import('../../bench/browser/BrowserPage.mjs').BrowserPage} page
 * @param {{ page: number, gpu: number }} pids
 * @returns {Promise<{ page: number, gpu: number }>} bytes
 */
async function readHeld(page, pids) {
  const held = { page: Number.POSITIVE_INFINITY, gpu: Number.POSITIVE_INFINITY };
  for (let look = 0; look < LOOKS; look++) {
    await wait(LOOK_INTERVAL_MS);
    await page.send('HeapProfiler.collectGarbage');
    held.page = Math.min(held.page, (await readResidentBytes(pids.page)).now);
    held.gpu = Math.min(held.gpu, (await readResidentBytes(pids.gpu)).now);
  }
  return held;
}

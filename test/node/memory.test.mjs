import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../../bench/browser/launchBrowser.mjs';
import { buildPage } from '../../bench/build/buildPage.mjs';
import { measure } from '../../bench/measure.mjs';
import { readHeldMemory } from '../../bench/observers/heldMemory.mjs';
import { observePeakMemory } from '../../bench/observers/observeMemory.mjs';
import { findRendererProcess } from '../../bench/observers/traceTasks.mjs';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { startBenchServer } from '../../bench/server/startBenchServer.mjs';
import { FAULT_NAMES } from '../../bench/soak/FaultySeries.mjs';
import { FIRST_CYCLES, judgeSoak } from '../../bench/soak/judgeSoak.mjs';
import { runSoak } from '../../bench/soak/runSoak.mjs';
import { findChromium } from '../../scripts/findChromium.mjs';

/** 2 MB of voxels, and 4 MB in a texture of 32 bit floats. */
const SOAK_FRAMES = 4;
/** Of 50 volumes each; the first has what the browser makes once. */
const ROUNDS = 4;
/** For 150 volumes, whose voxels are 315 MB. */
const MOST_GROWTH = 60e6;

/** Time limit; the number of cycles ends it sooner. */
const LEAK_MINUTES = 5;

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
        await page.evaluate(`bench.prepare(${JSON.stringify(taskOf('openAndRemove'))})`);
        const pids = {
          page: await findRendererProcess(page),
          gpu: await browser.findGpuProcess(),
        };
        const sizes = [];
        for (let round = 0; round < ROUNDS; round++) {
          // Sees the pixels of each on the screen.
          assert.equal((await page.evaluate('bench.measure()')).volumes, 50);
          const held = await readHeldMemory(page, pids);
          assert(held.page && held.gpu);
          sizes.push({ page: held.page, gpu: held.gpu });
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

  test('is watched by the soak, which finds what is leaked, and nothing else', async (t) => {
    const leaks = {
      workers: "new Worker(URL.createObjectURL(new Blob([''])))",
      textures: "document.createElement('canvas').getContext('webgl2').createTexture()",
      timers: 'setTimeout(() => {}, 1e8)',
    };
    const result = await runSoak({
      browser,
      pageFolder,
      isolated: true,
      minutes: LEAK_MINUTES,
      mostCycles: FIRST_CYCLES + 1,
      beforeCycle: `[${Object.values(leaks).join(', ')}]`,
      log: (line) => t.diagnostic(line),
    });
    const problems = judgeSoak(result, FAULT_NAMES);
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      ['live workers', 'WebGL textures', 'pending timers of the page'],
      problems.join('\n'),
    );
  });
});

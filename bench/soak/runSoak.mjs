import { platform } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { readHeldMemory } from '../observers/heldMemory.mjs';
import { findRendererProcess } from '../observers/traceTasks.mjs';
import { withTimeLimit } from '../withTimeLimit.mjs';
import { FIRST_CYCLES, HANDLES, inMB } from './judgeSoak.mjs';
import { startSoakServer } from './startSoakServer.mjs';

/** Time limit of one cycle, which takes some seconds. */
const CYCLE_LIMIT_MS = 120_000;
const MS_PER_MINUTE = 60_000;
/** For responses whose end the server has not heard of yet. */
const LOOKS = 40;
const LOOK_INTERVAL_MS = 50;

/**
 * Runs cycles of the page's scenario `soak` in one page, until the time is over or a cycle fails.
 *
 * @param {object} options
 * @param {import('../browser/launchBrowser.mjs').Browser} options.browser
 * @param {string} options.pageFolder
 * @param {boolean} options.isolated whether the page has SharedArrayBuffer
 * @param {number} options.minutes
 * @param {number} [options.mostCycles] ends sooner after so many; default: no limit
 * @param {string} [options.beforeCycle] an expression of JavaScript that the page evaluates before each cycle;
 *   default: none
 * @param {(line: string) => void} options.log
 * @returns {Promise<import('./judgeSoak.mjs').SoakResult>}
 */
export async function runSoak({
  browser,
  pageFolder,
  isolated,
  minutes,
  mostCycles = Number.POSITIVE_INFINITY,
  beforeCycle,
  log,
}) {
  const { server, faulty } = await startSoakServer({ pageFolder, isolated });
  const page = await browser.newPage();
  /** @type {import('./judgeSoak.mjs').Cycle[]} */
  const cycles = [];
  /** @type {import('./judgeSoak.mjs').HeldMemory[]} */
  const memory = [];
  /** @type {string | undefined} */
  let failure;
  try {
    await page.goto(server.origin);
    await page.evaluate(`bench.prepare(${JSON.stringify(taskOf(isolated))})`);
    const pids =
      platform() === 'linux'
        ? { page: await findRendererProcess(page), gpu: await browser.findGpuProcess() }
        : undefined;
    const start = performance.now();
    const minutesSoFar = () => (performance.now() - start) / MS_PER_MINUTE;
    const look = async () => {
      const held = await readHeldMemory(page, pids);
      memory.push({ minutes: minutesSoFar(), cycles: cycles.length, ...held });
      log(describe(/** @type {import('./judgeSoak.mjs').HeldMemory} */ (memory.at(-1)), cycles));
    };
    const looks = lookMinutes(minutes);
    const isLookDue = () => looks[0] !== undefined && minutesSoFar() >= looks[0];
    while (minutesSoFar() < minutes && cycles.length < mostCycles) {
      faulty.start();
      if (beforeCycle !== undefined) await page.evaluate(`void (${beforeCycle})`);
      const figures = await withTimeLimit(page.evaluate('bench.measure()'), CYCLE_LIMIT_MS);
      cycles.push({ ...figures, responses: await settledResponses(server.traffic) });
      if (cycles.length === FIRST_CYCLES || (cycles.length > FIRST_CYCLES && isLookDue())) {
        await look();
        while (isLookDue()) looks.shift();
      }
    }
    await look();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    await page.close();
    await server.close();
  }
  return {
    cycles,
    memory,
    faults: faulty.counts,
    complaints: page.complaints,
    ...(failure !== undefined && { failure }),
  };
}

/**
 * When the memory is looked at between the first look and the last: each minute, and at half of the time.
 *
 * @param {number} minutes of the whole run
 * @returns {number[]} in minutes, ascending
 */
function lookMinutes(minutes) {
  const whole = Array.from({ length: Math.ceil(minutes) - 1 }, (_, index) => index + 1);
  return [...new Set([...whole, minutes / 2])].toSorted((a, b) => a - b);
}

/**
 * @param {boolean} isolated
 * @returns {import('../page/task.js').Task}
 */
function taskOf(isolated) {
  return {
    scenario: 'soak',
    variant: 'ours',
    isolated,
    series: '/series/measured',
    warmUp: '/series/warm-up',
  };
}

/** @param {import('../server/FrameTraffic.mjs').FrameTraffic} traffic */
async function settledResponses(traffic) {
  for (let looks = 0; traffic.underWay > 0 && looks < LOOKS; looks++) await wait(LOOK_INTERVAL_MS);
  return traffic.underWay;
}

/**
 * @param {import('./judgeSoak.mjs').HeldMemory} held
 * @param {readonly import('./judgeSoak.mjs').Cycle[]} cycles
 */
function describe({ minutes, heap, page, gpu }, cycles) {
  const volumes = cycles.reduce((sum, cycle) => sum + (cycle.volumes ?? 0), 0);
  const processes = [
    page === undefined ? [] : `page ${inMB(page)}`,
    gpu === undefined ? [] : `drawing ${inMB(gpu)}`,
  ].flat();
  const handles = Object.keys(HANDLES).map((name) => `${name} ${cycles.at(-1)?.[name]}`);
  return (
    `${minutes.toFixed(1)} min: ${cycles.length} cycles, ${volumes} volumes; heap ${inMB(heap)}` +
    `${processes.map((each) => `, ${each}`).join('')}; ${handles.join(', ')}`
  );
}

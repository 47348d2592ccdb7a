/**
 * Loads, draws, cancels, removes and plays volumes in one page of the minified build for minutes, with faults of the
 * server and compressed series, and reports the memory and the handles that the page holds.
 *
 *   npm run soak                        ten minutes
 *   npm run soak -- --minutes 1         as long as CI takes
 *   npm run soak -- --isolated 0        a page without SharedArrayBuffer; default 1
 *
 * The exit code is 1 when more is held after a cycle than after the first ones, when the memory has grown beyond the
 * bounds of judgeSoak.mjs, when a voxel is wrong, or when an error has occurred that nothing handles.
 */
import { parseArgs } from 'node:util';
import { findChromium } from '../../scripts/findChromium.mjs';
import { launchBrowser } from '../browser/launchBrowser.mjs';
import { buildPage } from '../build/buildPage.mjs';
import { FAULT_NAMES } from './FaultySeries.mjs';
import { HANDLES, judgeSoak, WORK } from './judgeSoak.mjs';
import { runSoak } from './runSoak.mjs';

const MOST_MINUTES = 24 * 60;

try {
  const { minutes, isolated } = readArguments();
  const executablePath = await findChromium();
  log('Building the page');
  const { folder: pageFolder } = await buildPage();
  const browser = await launchBrowser(executablePath);
  try {
    const result = await runSoak({ browser, pageFolder, isolated, minutes, log });
    report(result);
    const problems = judgeSoak(result, FAULT_NAMES);
    problems.forEach((problem) => process.stdout.write(`FAILED: ${problem}\n`));
    process.exitCode = problems.length > 0 ? 1 : 0;
  } finally {
    await browser.close();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      isolated: { type: 'string', default: '1' },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
    throw new Error(`Expected --minutes above 0 and up to ${MOST_MINUTES}, got ${values.minutes}`);
  }
  if (!['0', '1'].includes(values.isolated)) {
    throw new Error(`Expected --isolated 0 or 1, got ${values.isolated}`);
  }
  return { minutes, isolated: values.isolated === '1' };
}

/** @param {import('./judgeSoak.mjs').SoakResult} result */
function report({ cycles, faults }) {
  const totalOf = (/** @type {string} */ name) =>
    cycles.reduce((sum, cycle) => sum + (cycle[name] ?? 0), 0);
  const done = Object.entries(WORK).map(([name, what]) => `${totalOf(name)} ${what}`);
  const made = Object.entries(faults).map(([name, count]) => `${count} ${name}`);
  process.stdout.write(
    `\n${cycles.length} cycles: ${done.join(', ')}; faults of the server: ${made.join(', ')}\n`,
  );
  for (const [name, what] of Object.entries(HANDLES)) {
    const counts = cycles.map((cycle) => cycle[name] ?? 0);
    process.stdout.write(
      `${what}: ${counts[0]} after the first cycle, ${counts.at(-1)} after the last, at most ${Math.max(...counts)}\n`,
    );
  }
}

/** @param {string} line */
function log(line) {
  process.stderr.write(`${line}\n`);
}

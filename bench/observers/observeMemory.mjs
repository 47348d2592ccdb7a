import { setTimeout as wait } from 'node:timers/promises';
import { readResidentBytes, resetPeak } from './processMemory.mjs';
import { findRendererProcess } from './traceTasks.mjs';

/** Delay after the load before the held memory is read: idle workers end, and garbage is collected. */
const HELD_AFTER_MS = 2000;

/** @typedef {import('../browser/BrowserPage.mjs').BrowserPage} BrowserPage */

/**
 * The peak of the memory of the page's process, above its value before (`peakBytes`).
 *
 * @type {import('../measure.mjs').Observer}
 */
export async function observePeakMemory(page) {
  const memory = await watchMemory(page);
  return async () => ({ peakBytes: await memory.readPeak() });
}

/**
 * The peak of the memory of the page's process above its value before (`peakBytes`), and its memory two
 * seconds after the work, after a garbage collection (`heldBytes`).
 *
 * @type {import('../measure.mjs').Observer}
 */
export async function observeMemory(page) {
  const memory = await watchMemory(page);
  return async () => {
    const peakBytes = await memory.readPeak();
    await wait(HELD_AFTER_MS);
    return { peakBytes, heldBytes: await memory.readHeld() };
  };
}

/** @param {BrowserPage} page */
async function watchMemory(page) {
  const pid = await findRendererProcess(page);
  const collectGarbage = async () => {
    await page.send('HeapProfiler.collectGarbage');
  };
  await collectGarbage();
  await resetPeak(pid);
  const { now: idle } = await readResidentBytes(pid);
  return {
    readPeak: async () => (await readResidentBytes(pid)).peak - idle,
    readHeld: async () => {
      await collectGarbage();
      return (await readResidentBytes(pid)).now - idle;
    },
  };
}

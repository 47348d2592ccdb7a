import { setTimeout as wait } from 'node:timers/promises';
import { readResidentBytes } from './processMemory.mjs';

/** Workers end and the collector comes round when they like: the least of so many looks is what is held. */
const LOOKS = 12;
const LOOK_INTERVAL_MS = 250;

/**
 * The memory that the browser holds when garbage was collected.
 *
 * @param {import('../browser/BrowserPage.mjs').BrowserPage} page
 * @param {{ page: number, gpu: number } | undefined} pids of the processes of the page and of the drawing; undefined
 *   where the memory of a process cannot be read
 * @returns {Promise<{ heap: number, page?: number, gpu?: number }>} bytes: of the page's JavaScript heap, and the
 *   resident ones of the processes
 */
export async function readHeldMemory(page, pids) {
  /** @type {{ heap: number, page?: number, gpu?: number }} */
  const held = { heap: Number.POSITIVE_INFINITY };
  for (let look = 0; look < LOOKS; look++) {
    await wait(LOOK_INTERVAL_MS);
    await page.send('HeapProfiler.collectGarbage');
    held.heap = Math.min(held.heap, (await page.send('Runtime.getHeapUsage')).usedSize);
    for (const owner of /** @type {const} */ (['page', 'gpu'])) {
      if (pids) {
        const { now } = await readResidentBytes(pids[owner]);
        held[owner] = Math.min(held[owner] ?? now, now);
      }
    }
  }
  return held;
}

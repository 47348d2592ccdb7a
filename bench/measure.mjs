import { withTimeLimit } from './withTimeLimit.mjs';

/** @typedef {import('./page/task.js').Task} Task */
/** @typedef {import('./page/task.js').Figures} Figures */
/** @typedef {import('./page/task.js').Transport} Transport */

/**
 * Observes the browser during a measurement. It is called when the page is ready; the returned function is
 * called when the page has done its work, before the page checks the values, and returns the figures.
 *
 * @typedef {(page: import('./browser/BrowserPage.mjs').BrowserPage) => Promise<() => Promise<Record<string,
 *   number>>>} Observer
 */

/** Time limit of a measurement; the slowest takes some seconds. */
const TIME_LIMIT_MS = 120_000;

/**
 * Makes one measurement in a fresh page with a fresh profile, independent of the one before.
 *
 * @param {import('./browser/launchBrowser.mjs').Browser} browser
 * @param {object} options
 * @param {string} options.url of the page
 * @param {Task} options.task
 * @param {import('./server/FrameTraffic.mjs').FrameTraffic} options.traffic of the server
 * @param {Observer} [options.observer]
 * @returns {Promise<{ figures: Figures, transport: Transport | null }>} the figures of the page, the
 *   observer and the server; and how the volume fetched its frames, null when it is unknown
 * @throws {Error} with the errors of the page, when the task fails, takes too long or the page crashes
 */
export async function measure(browser, { url, task, traffic, observer }) {
  const page = await browser.newPage();
  try {
    const run = async () => {
      await page.goto(url);
      await page.evaluate(`bench.prepare(${JSON.stringify(task)})`);
      const stopObserving = await observer?.(page);
      traffic.start();
      /** @type {Figures} */
      const figures = await page.evaluate('bench.measure()');
      const sent = traffic.figures;
      const observed = await stopObserving?.();
      /** @type {Transport | undefined} */
      const transport = await page.evaluate('bench.transport()');
      await page.evaluate('bench.verify()');
      return { figures: { ...figures, ...observed, ...sent }, transport: transport ?? null };
    };
    return await withTimeLimit(run(), TIME_LIMIT_MS);
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error([message, ...new Set(page.complaints)].slice(0, 3).join('; '), {
      cause: error,
    });
  } finally {
    await page.close();
  }
}

/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('./page/task.js').Task} Task */

/** Beyond it a measurement has failed: the slowest of all takes some seconds. */
const TIME_LIMIT_MS = 60_000;

/**
 * Makes one measurement in a fresh page with a profile of its own, so that nothing is left of the one
 * before.
 *
 * @param {Browser} browser
 * @param {string} url of the page
 * @param {Task} task
 * @returns {Promise<number>}
 * @throws {Error} with what the page said, when the task fails, takes too long or the page crashes
 */
export async function measure(browser, url, task) {
  const context = await browser.newContext();
  /** @type {string[]} */
  const complaints = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    const run = async () => {
      await page.goto(url);
      return page.evaluate(`bench.run(${JSON.stringify(task)})`);
    };
    const value = await withTimeLimit(run(), TIME_LIMIT_MS);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new Error(`The page answered ${JSON.stringify(value)}`);
    }
    return value;
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error([message, ...new Set(complaints)].slice(0, 3).join('; '), { cause: error });
  } finally {
    await context.close();
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} milliseconds
 * @returns {Promise<T>}
 */
async function withTimeLimit(promise, milliseconds) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Not done after ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (limit)]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What is used of an event of the browser's tracing.
 *
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {number} pid
 * @property {number} tid
 * @property {number} [dur] microseconds
 * @property {{ name?: string, data?: { frames?: Array<{ frame?: string, processId?: number }> } }} [args]
 */

/**
 * Begins to record what a page's browser does. It can be done once for a page.
 *
 * @param {import('../browser/BrowserPage.mjs').BrowserPage} page
 * @param {string[]} categories and no others
 * @returns {Promise<() => Promise<TraceEvent[]>>} ends it
 */
export async function startTracing(page, categories) {
  /** @type {TraceEvent[]} */
  const events = [];
  page.on('Tracing.dataCollected', ({ value }) => {
    for (const event of /** @type {TraceEvent[]} */ (value)) events.push(event);
  });
  const complete = page.next('Tracing.tracingComplete');
  // Is heard of when it is waited for.
  complete.catch(() => {});
  await page.send('Tracing.start', {
    transferMode: 'ReportEvents',
    // Without the star the browser records its default categories too, and the page is busy with that.
    traceConfig: { includedCategories: categories, excludedCategories: ['*'] },
  });
  return async () => {
    await page.send('Tracing.end');
    await complete;
    return events;
  };
}

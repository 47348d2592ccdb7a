/**
 * The fields of a trace event that are used.
 *
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {number} pid
 * @property {number} tid
 * @property {number} [dur] microseconds
 * @property {{ name?: string, data?: { frames?: Array<{ frame?: string, processId?: number }> } }} [args]
 */

/**
 * Starts tracing the browser of a page. May be called once for a page.
 *
 * @param {import('../browser/BrowserPage.mjs').BrowserPage} page
 * @param {string[]} categories only these are recorded
 * @returns {Promise<() => Promise<TraceEvent[]>>} stops the tracing
 */
export async function startTracing(page, categories) {
  /** @type {TraceEvent[]} */
  const events = [];
  page.on('Tracing.dataCollected', ({ value }) => {
    for (const event of /** @type {TraceEvent[]} */ (value)) events.push(event);
  });
  const complete = page.next('Tracing.tracingComplete');
  // Reported when it is awaited.
  complete.catch(() => {});
  await page.send('Tracing.start', {
    transferMode: 'ReportEvents',
    // Without the star the browser also records its default categories, which keeps the page busy.
    traceConfig: { includedCategories: categories, excludedCategories: ['*'] },
  });
  return async () => {
    await page.send('Tracing.end');
    await complete;
    return events;
  };
}

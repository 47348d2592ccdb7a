import { readTrace } from './readTrace.mjs';

/** Has an event for each task of a thread, and says which process a page is in. */
const CATEGORIES = ['disabled-by-default-devtools.timeline'];
const MICROSECONDS_PER_MS = 1000;

/**
 * Begins to record the tasks of a page's main thread.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<() => Promise<number[]>>} ends it, and gives the time that each task took, in
 *   milliseconds
 */
export async function traceTasks(page) {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser');
  await browser.startTracing(page, { categories: CATEGORIES });
  return async () => {
    const events = readTrace(await browser.stopTracing());
    const pid = processOf(events, page);
    const thread = events.find(
      (event) =>
        event.pid === pid && event.name === 'thread_name' && event.args?.name === 'CrRendererMain',
    )?.tid;
    const tasks = events.filter(
      (event) => event.pid === pid && event.tid === thread && event.name === 'RunTask',
    );
    if (tasks.length === 0) throw new Error('The trace has no task of the main thread');
    return tasks.map(({ dur = 0 }) => dur / MICROSECONDS_PER_MS);
  };
}

/**
 * The process that a page is in.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<number>} its id
 */
export async function findRendererProcess(page) {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser');
  await browser.startTracing(page, { categories: CATEGORIES });
  return processOf(readTrace(await browser.stopTracing()), page);
}

/**
 * @param {import('./readTrace.mjs').TraceEvent[]} events
 * @param {import('playwright-core').Page} page
 */
function processOf(events, page) {
  const started = events.find(({ name }) => name === 'TracingStartedInBrowser');
  const id = started?.args?.data?.frames?.find(({ url }) => url === page.url())?.processId;
  if (id === undefined) throw new Error('The trace does not say which process the page is in');
  return id;
}

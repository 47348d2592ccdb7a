import { startTracing } from './startTracing.mjs';

/** Categories with an event for each task of a thread, and with the process of each page. */
const CATEGORIES = ['disabled-by-default-devtools.timeline'];
const MICROSECONDS_PER_MS = 1000;

/** @typedef {import('../browser/BrowserPage.mjs').BrowserPage} BrowserPage */

/**
 * Starts recording the tasks of a page's main thread.
 *
 * @param {BrowserPage} page
 * @returns {Promise<() => Promise<number[]>>} stops, and returns the duration of each task, in milliseconds
 */
export async function traceTasks(page) {
  const stopTracing = await startTracing(page, CATEGORIES);
  return async () => {
    const events = await stopTracing();
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
 * The process of a page.
 *
 * @param {BrowserPage} page
 * @returns {Promise<number>} its id
 */
export async function findRendererProcess(page) {
  const stopTracing = await startTracing(page, CATEGORIES);
  return processOf(await stopTracing(), page);
}

/**
 * @param {import('./startTracing.mjs').TraceEvent[]} events
 * @param {BrowserPage} page
 */
function processOf(events, page) {
  const started = events.find(({ name }) => name === 'TracingStartedInBrowser');
  const id = started?.args?.data?.frames?.find(({ frame }) => frame === page.id)?.processId;
  if (id === undefined) throw new Error('The trace does not say which process the page is in');
  return id;
}

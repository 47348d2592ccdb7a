import { traceTasks } from './traceTasks.mjs';

/**
 * The total time that the page's main thread is busy (`busyMs`, TaskDuration of the browser's Performance
 * domain), and its longest task (`longestTaskMs`, from the browser's tracing).
 *
 * @type {import('../measure.mjs').Observer}
 */
export async function observeMainThread(page) {
  await page.send('Performance.enable');
  const readBusySeconds = async () => {
    const { metrics } = await page.send('Performance.getMetrics');
    const metric = metrics.find(({ name }) => name === 'TaskDuration');
    if (metric === undefined) throw new Error('The browser has no metric TaskDuration');
    return metric.value;
  };
  const stopTracing = await traceTasks(page);
  const before = await readBusySeconds();
  return async () => {
    const busyMs = 1000 * ((await readBusySeconds()) - before);
    const longestTaskMs = Math.max(...(await stopTracing()));
    return { busyMs, longestTaskMs };
  };
}

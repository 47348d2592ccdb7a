/** How many times slower the page's main thread is. */
const RATE = 4;

/**
 * Makes the page's main thread slower during a measurement, as on an old computer: the browser stops the thread for
 * three quarters of the time. Workers, the drawing process and the network process are not affected.
 *
 * @type {import('../measure.mjs').Observer}
 */
export async function throttleProcessor(page) {
  await page.send('Emulation.setCPUThrottlingRate', { rate: RATE });
  return async () => {
    await page.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    return {};
  };
}

/**
 * Starts the frame worker. The expression stands in the package as it is here, so that the application's
 * bundler finds the script beside the module.
 *
 * @throws what the browser throws where the page may have no workers from there
 */
export function createFrameWorker(): Worker {
  return new Worker(new URL('./frameWorker.js', import.meta.url), { type: 'module' });
}

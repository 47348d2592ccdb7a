import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Builds the page by Vite as applications use it in production: nothing is set but what Cornerstone
 * needs, which is the format of its decode worker, and the package `events` beside it.
 *
 * @param {import('./buildPage.mjs').PageOptions} options
 * @throws {Error} with what Vite says
 */
export async function buildWithVite({ outputFolder, minify }) {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../page', import.meta.url)),
    // The codecs name node modules that they do not use in a browser, of which Vite warns each time.
    logLevel: 'error',
    build: { outDir: outputFolder, emptyOutDir: true, ...(!minify && { minify: false }) },
    worker: { format: 'es' },
  });
}

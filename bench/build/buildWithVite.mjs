import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Builds the page by Vite as applications do in production, with only the settings that Cornerstone needs:
 * the format of its decode worker, and the package `events`.
 *
 * @param {import('./buildPage.mjs').PageOptions} options
 * @throws {Error} with the message of Vite
 */
export async function buildWithVite({ outputFolder, minify }) {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../page', import.meta.url)),
    // The codecs name node modules that they do not use in a browser; Vite warns of each.
    logLevel: 'error',
    build: { outDir: outputFolder, emptyOutDir: true, ...(!minify && { minify: false }) },
    worker: { format: 'es' },
  });
}

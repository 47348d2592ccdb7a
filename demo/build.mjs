import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The folder that the viewer is built into, and served from. */
export const DEMO_FOLDER = fileURLToPath(new URL('../.cache/demo', import.meta.url));

/**
 * Builds the viewer as applications are built, minified: its scripts, the frame worker, the decode worker of
 * dicom-image-loader with its .wasm files, and the page itself.
 *
 * @throws {Error} with the message of the bundler
 */
export async function buildDemo() {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    publicDir: false,
    // The codecs name node modules that they do not use in a browser; Vite warns of each.
    logLevel: 'error',
    build: { outDir: DEMO_FOLDER, emptyOutDir: true },
    worker: { format: 'es' },
  });
}

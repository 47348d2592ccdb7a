import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import webpack from 'webpack';
import config from './webpack.config.js';

/** The folder that the viewer is built into, and served from. */
export const DEMO_FOLDER = fileURLToPath(new URL('../.cache/demo', import.meta.url));

/**
 * Builds the viewer; after the first time, from a cache.
 *
 * @throws {Error} with the message of the bundler
 */
export async function buildDemo() {
  const compiler = webpack(config);
  const stats = await promisify(compiler.run.bind(compiler))();
  if (stats === undefined || stats.hasErrors()) {
    throw new Error(stats?.toString({ preset: 'errors-only', colors: false }));
  }
  // Closing writes the cache, which makes the next start fast.
  await promisify(compiler.close.bind(compiler))();
}

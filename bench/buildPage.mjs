import { promisify } from 'node:util';
import webpack from 'webpack';
import config, { PAGE_FOLDER } from './webpack.config.js';

/**
 * Builds the page that is measured.
 *
 * @returns {Promise<string>} its absolute folder
 * @throws {Error} with what the bundler says
 */
export async function buildPage() {
  const compiler = webpack(config);
  const stats = await promisify(compiler.run.bind(compiler))();
  if (stats === undefined || stats.hasErrors()) {
    throw new Error(stats?.toString({ preset: 'errors-only', colors: false }));
  }
  // Writes the cache, which makes the next build quick.
  await promisify(compiler.close.bind(compiler))();
  return PAGE_FOLDER;
}

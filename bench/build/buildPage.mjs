import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../scripts/buildIfStale.mjs';
import { buildWithVite } from './buildWithVite.mjs';
import { buildWithWebpack } from './buildWithWebpack.mjs';

/**
 * @typedef {object} BuildOptions
 * @property {import('../parseOptions.mjs').Bundler} [bundler] default: webpack
 * @property {boolean} [minify] default: true, as applications are in production. Otherwise functions keep
 *   their names, for profiles.
 *
 * @typedef {object} PageOptions
 * @property {string} outputFolder absolute; emptied first
 * @property {boolean} minify
 *
 * What the figures were measured in.
 *
 * @typedef {object} BuildDescription
 * @property {string} bundler with its version
 * @property {boolean} minified
 * @property {string} cornerstone version of its core
 */

const BUILDERS = { webpack: buildWithWebpack, vite: buildWithVite };

/**
 * Builds the page that is measured as an application is built. The loader is in it as its package has it:
 * dist/ is built before, if need be.
 *
 * @param {BuildOptions} [options]
 * @returns {Promise<{ folder: string, build: BuildDescription }>} the absolute folder with its index.html
 * @throws {Error} with what the bundler says
 */
export async function buildPage({ bundler = 'webpack', minify = true } = {}) {
  buildIfStale();
  const name = minify ? bundler : `${bundler}-unminified`;
  const folder = fileURLToPath(new URL(`../../.cache/bench/${name}`, import.meta.url));
  await BUILDERS[bundler]({ outputFolder: folder, minify });
  return {
    folder,
    build: {
      bundler: `${bundler} ${versionOf(bundler)}`,
      minified: minify,
      cornerstone: versionOf('@cornerstonejs/core'),
    },
  };
}

/** @param {string} name */
function versionOf(name) {
  return createRequire(import.meta.url)(`${name}/package.json`).version;
}

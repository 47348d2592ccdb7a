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
 * The build that was measured.
 *
 * @typedef {object} BuildDescription
 * @property {string} bundler with its version
 * @property {boolean} minified
 * @property {string} cornerstone version of its core
 */

const BUILDERS = { webpack: buildWithWebpack, vite: buildWithVite };

/**
 * Builds the measured page as an application is built. It contains the loader as published: dist/ is built
 * before where it is stale.
 *
 * @param {BuildOptions} [options]
 * @returns {Promise<{ folder: string, build: BuildDescription }>} the absolute folder with its index.html
 * @throws {Error} with the message of the bundler
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

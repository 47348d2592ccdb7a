import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import webpack from 'webpack';
import {
  cornerstoneResolve,
  cornerstoneRules,
  typescriptRule,
} from '../../scripts/cornerstoneApplication.mjs';

/** @param {string} path */
const absolute = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the page by webpack as applications do in production, with Terser, and only the settings that
 * Cornerstone needs. The frame worker and the decode worker of dicom-image-loader become chunks, its
 * .wasm files assets.
 *
 * @param {import('./buildPage.mjs').PageOptions} options
 * @throws {Error} with the message of webpack
 */
export async function buildWithWebpack(options) {
  const compiler = webpack(createConfig(options));
  const stats = await promisify(compiler.run.bind(compiler))();
  if (stats === undefined || stats.hasErrors()) {
    throw new Error(stats?.toString({ preset: 'errors-only', colors: false }));
  }
  // Closing writes the cache, which makes the next build fast.
  await promisify(compiler.close.bind(compiler))();
}

/**
 * @param {import('./buildPage.mjs').PageOptions} options
 * @returns {import('webpack').Configuration}
 */
function createConfig({ outputFolder, minify }) {
  return {
    mode: 'production',
    devtool: false,
    context: absolute('../..'),
    entry: { bench: [absolute('../page/index.ts'), absolute('../page/webpack.html')] },
    output: { path: outputFolder, filename: '[name].js', clean: true },
    resolve: cornerstoneResolve,
    module: {
      rules: [
        ...cornerstoneRules,
        typescriptRule,
        { test: /\.html$/, type: 'asset/resource', generator: { filename: 'index.html' } },
      ],
    },
    optimization: { minimize: minify },
    cache: {
      type: 'filesystem',
      // With one name, minified and other builds would evict the cache of each other.
      name: minify ? 'bench-minified' : 'bench',
      cacheDirectory: absolute('../../.cache/webpack'),
      buildDependencies: { config: [fileURLToPath(import.meta.url)] },
    },
    performance: false,
    stats: 'errors-warnings',
  };
}

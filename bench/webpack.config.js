/**
 * Builds the page that is measured into .cache/bench/page: one script with both loaders, and the decode
 * worker of dicom-image-loader with its .wasm files.
 */
import { fileURLToPath } from 'node:url';
import {
  cornerstoneResolve,
  cornerstoneRules,
  typescriptRule,
} from '../scripts/cornerstoneApplication.mjs';

/** @param {string} path */
const absolute = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where the page is, absolute. */
export const PAGE_FOLDER = absolute('../.cache/bench/page');

/** @type {import('webpack').Configuration} */
export default {
  mode: 'production',
  devtool: false,
  context: absolute('..'),
  entry: { bench: [absolute('page/index.ts'), absolute('page/index.html')] },
  output: { path: PAGE_FOLDER, filename: '[name].js', clean: true },
  resolve: cornerstoneResolve,
  module: {
    rules: [
      ...cornerstoneRules,
      typescriptRule,
      { test: /\.html$/, type: 'asset/resource', generator: { filename: '[name][ext]' } },
    ],
  },
  // Names are kept for profiles, and the build is short.
  optimization: { minimize: false, concatenateModules: false },
  cache: {
    type: 'filesystem',
    name: 'bench',
    cacheDirectory: absolute('../.cache/webpack'),
    buildDependencies: { config: [fileURLToPath(import.meta.url)] },
  },
  performance: false,
  stats: 'errors-warnings',
};

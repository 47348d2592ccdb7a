/**
 * Builds the viewer into .cache/demo as applications are built, minified: the scripts, the decode worker
 * of dicom-image-loader with its .wasm files, and the page itself.
 */
import { fileURLToPath } from 'node:url';
import {
  cornerstoneResolve,
  cornerstoneRules,
  typescriptRule,
} from '../scripts/cornerstoneApplication.mjs';

/** @param {string} path */
const absolute = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @type {import('webpack').Configuration} */
export default {
  mode: 'production',
  devtool: false,
  context: absolute('..'),
  entry: {
    viewer: [
      absolute('src/index.ts'),
      absolute('public/index.html'),
      absolute('public/viewer.css'),
      absolute('public/panels.css'),
      absolute('public/narrow.css'),
    ],
  },
  output: { path: absolute('../.cache/demo'), filename: '[name].js', clean: true },
  resolve: cornerstoneResolve,
  module: {
    rules: [
      ...cornerstoneRules,
      typescriptRule,
      {
        include: absolute('public'),
        type: 'asset/resource',
        generator: { filename: '[name][ext]' },
      },
    ],
  },
  optimization: {
    splitChunks: {
      cacheGroups: {
        // A chunk that is minified once: edits of the viewer change the other one.
        packages: {
          test: /[\\/]node_modules[\\/]/,
          name: 'packages',
          chunks: ({ name }) => name === 'viewer',
        },
      },
    },
  },
  cache: {
    type: 'filesystem',
    name: 'demo',
    cacheDirectory: absolute('../.cache/webpack'),
    buildDependencies: { config: [fileURLToPath(import.meta.url)] },
  },
  performance: false,
  stats: 'errors-warnings',
};

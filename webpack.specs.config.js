/**
 * Bundles the specs for the browser: one script for the page, the decode worker of dicom-image-loader and its
 * .wasm files. Karma serves the folder as plain files, so
 * that both runs (with and without cross-origin isolation) use the same bundle; therefore karma-webpack is
 * not used.
 *
 * `eval` keeps rebuilds fast and names the source file in each line of a stack trace.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cornerstoneResolve,
  cornerstoneRules,
  typescriptRule,
} from './scripts/cornerstoneApplication.mjs';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/**
 * @param {object} options
 * @param {string[]} options.specs - absolute paths of the spec files
 * @param {string} options.outputFolder - absolute path; emptied first
 * @param {string} options.cacheName - one cache for each set of packages
 * @param {boolean} options.cacheReadonly - for small runs, several of which may run in parallel
 * @param {string} [options.packagesFolder] - a node_modules folder that the sources of this repository
 *   resolve from first; its packages resolve each other there
 * @returns {import('webpack').Configuration}
 */
export function createSpecsConfig({
  specs,
  outputFolder,
  cacheName,
  cacheReadonly,
  packagesFolder,
}) {
  return {
    mode: 'development',
    devtool: 'eval',
    context: ROOT,
    entry: { specs: [path.join(ROOT, 'test/support/karmaSetup.ts'), ...specs] },
    output: { path: outputFolder, clean: true },
    resolve: cornerstoneResolve,
    module: {
      rules: [
        ...cornerstoneRules,
        typescriptRule,
        ...(packagesFolder
          ? [
              {
                exclude: /node_modules/,
                resolve: { modules: [packagesFolder, 'node_modules'] },
              },
            ]
          : []),
      ],
    },
    cache: {
      type: 'filesystem',
      name: cacheName,
      readonly: cacheReadonly,
      cacheDirectory: path.join(ROOT, '.cache/webpack'),
      buildDependencies: { config: [fileURLToPath(import.meta.url)] },
    },
    performance: false,
    stats: 'errors-warnings',
  };
}

/**
 * Builds the script of the frame worker as one module, since not every browser imports modules in a worker. All other
 * sources are written by `tsc -p tsconfig.build.json`, one module for each, so that an application's bundler leaves out
 * what the application does not import, and makes scripts of their own of what is imported with `import()`.
 *
 * The codecs stay imports: the application's bundler finds them, with their .wasm files.
 *
 * Not minified: the application does that, and stack traces stay readable.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { typescriptExtensions, typescriptRule } from './scripts/cornerstoneApplication.mjs';

/** Of the script, in src/ and in dist/. */
const FOLDER = 'pixels/worker';
const DIST = fileURLToPath(new URL(`dist/${FOLDER}`, import.meta.url));

/** @type {import('webpack').Configuration} */
export default {
  mode: 'production',
  entry: { frameWorker: `./src/${FOLDER}/frameWorker.ts` },
  devtool: 'source-map',
  experiments: { outputModule: true },
  output: {
    path: DIST,
    filename: '[name].js',
    module: true,
    library: { type: 'module' },
    // Names in the source map are resolved from the folder of the script to the sources.
    devtoolModuleFilenameTemplate: ({ absoluteResourcePath }) =>
      absoluteResourcePath.startsWith('/') || /^[A-Za-z]:/.test(absoluteResourcePath)
        ? path.relative(DIST, absoluteResourcePath).replaceAll('\\', '/')
        : absoluteResourcePath,
  },
  externalsType: 'module-import',
  externals: [/^@cornerstonejs\//, /^@kitware\/vtk\.js/, 'dicom-parser', 'gl-matrix'],
  resolve: { extensions: ['.ts', '.js'], extensionAlias: typescriptExtensions },
  module: {
    rules: [typescriptRule],
    // The application's bundler finds the .wasm files by the expressions that fetch them.
    parser: { javascript: { worker: false, url: false, importMeta: false } },
  },
  optimization: { minimize: false },
  performance: false,
  stats: 'errors-warnings',
};

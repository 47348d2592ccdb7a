/**
 * Builds the library as one ES module, and the OHIF extension and the script of the frame worker as two more.
 * The packages of Cornerstone3D
 * and vtk.js stay imports: they hold state (cache, registries, vtk's clock), so the application must have one
 * copy of each. The decode worker
 * with its .wasm files is left to the application's bundler.
 *
 * Not minified: the application does that, and stack traces stay readable.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { typescriptExtensions, typescriptRule } from './scripts/cornerstoneApplication.mjs';

/**
 * The other entries import the main one from the same folder, so that its state (the registration) exists once.
 *
 * @param {{ context?: string, request?: string }} data
 * @returns {Promise<string | undefined>}
 */
async function mainEntryOfOthers({ context = '', request = '' }) {
  const isMainEntry =
    path.resolve(context, request) === path.resolve(import.meta.dirname, 'src/index.js');
  return isMainEntry && context.endsWith('ohif') ? 'module-import ./index.js' : undefined;
}

/** @type {import('webpack').Configuration} */
export default {
  mode: 'production',
  entry: {
    index: './src/index.ts',
    ohif: './src/ohif/index.ts',
    frameWorker: './src/pixels/worker/frameWorker.ts',
  },
  devtool: 'source-map',
  experiments: { outputModule: true },
  output: {
    path: fileURLToPath(new URL('dist', import.meta.url)),
    filename: '[name].js',
    module: true,
    library: { type: 'module' },
    clean: true,
    // Names in the source map are resolved from dist/ to the sources.
    devtoolModuleFilenameTemplate: ({ absoluteResourcePath }) =>
      absoluteResourcePath.startsWith('/') || /^[A-Za-z]:/.test(absoluteResourcePath)
        ? `../${path.relative(import.meta.dirname, absoluteResourcePath).replaceAll('\\', '/')}`
        : absoluteResourcePath,
  },
  externalsType: 'module-import',
  externals: [
    /^@cornerstonejs\//,
    /^@kitware\/vtk\.js/,
    'gl-matrix',
    'dicom-parser',
    mainEntryOfOthers,
  ],
  resolve: { extensions: ['.ts', '.js'], extensionAlias: typescriptExtensions },
  module: {
    rules: [typescriptRule],
    // The application's bundler finds the worker by the expression that starts it.
    parser: { javascript: { worker: false, url: false, importMeta: false } },
  },
  optimization: { minimize: false },
  performance: false,
  stats: 'errors-warnings',
};

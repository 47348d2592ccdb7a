/**
 * Builds the library as one ES module. The packages of Cornerstone3D and vtk.js stay imports: they
 * hold state (cache, registries, vtk's clock), so the application must have one copy of each, and
 * the decode worker with its .wasm files is left to the application's bundler.
 *
 * Not minified: the application does that, and stack traces stay readable.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { typescriptExtensions, typescriptRule } from './scripts/cornerstoneApplication.mjs';

/** @type {import('webpack').Configuration} */
export default {
  mode: 'production',
  entry: './src/index.ts',
  devtool: 'source-map',
  experiments: { outputModule: true },
  output: {
    path: fileURLToPath(new URL('dist', import.meta.url)),
    filename: 'index.js',
    module: true,
    library: { type: 'module' },
    clean: true,
    // Names in the source map that resolve from dist/ to the sources.
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
    'dicomweb-client',
  ],
  resolve: { extensions: ['.ts', '.js'], extensionAlias: typescriptExtensions },
  module: { rules: [typescriptRule] },
  optimization: { minimize: false },
  performance: false,
  stats: 'errors-warnings',
};

/**
 * Builds the package as ES modules, one for each source, and the script of the frame worker as one. All lie in one
 * folder, named by their path: `src/api/register.ts` becomes `api-register.js`. So the application's bundler leaves
 * out what the application does not import, and makes scripts of their own of what is imported with `import()`.
 *
 * The packages of Cornerstone3D and vtk.js stay imports: they hold state (cache, registries, vtk's clock), so the
 * application must have one copy of each. The decode worker with its .wasm files is left to the application's bundler.
 *
 * Not minified: the application does that, and stack traces stay readable.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import webpack from 'webpack';
import { typescriptExtensions, typescriptRule } from './scripts/cornerstoneApplication.mjs';

const SOURCES = path.join(import.meta.dirname, 'src');

/** Sources with a name of their own in the package. */
const NAMES = new Map([
  ['ohif/index', 'ohif'],
  ['pixels/worker/frameWorker', 'frameWorker'],
]);

/** The frame worker has everything that it needs in its script: not every browser starts others from a worker. */
const WORKER_LAYER = 'worker';

/** @param {string} source - absolute path without extension */
function nameOf(source) {
  const name = path.relative(SOURCES, source).replaceAll('\\', '/');
  return NAMES.get(name) ?? name.replaceAll('/', '-');
}

/** @returns {Record<string, string | { import: string, layer: string }>} */
function entries() {
  const files = globSync('**/*.ts', { cwd: SOURCES, ignore: '**/*.d.ts', absolute: true });
  return Object.fromEntries(
    files.sort().map((file) => {
      const name = nameOf(file.replace(/\.ts$/, ''));
      return [name, name === 'frameWorker' ? { import: file, layer: WORKER_LAYER } : file];
    }),
  );
}

/** The names of the modules that each module imports. @type {Map<string, Set<string>>} */
const imports = new Map();

/**
 * The address by which a module of the package imports another one.
 *
 * @param {string} issuer - the source that imports it
 * @param {string} request - `../room/other.js`
 */
function importedAddress(issuer, request) {
  const name = nameOf(path.resolve(path.dirname(issuer), request.replace(/\.js$/, '')));
  const importer = nameOf(issuer.replace(/\.ts$/, ''));
  imports.set(importer, (imports.get(importer) ?? new Set()).add(name));
  return `./${name}.js`;
}

/**
 * Sources import each other in the package as they do in the repository.
 *
 * @param {{ request?: string, contextInfo?: { issuer: string, issuerLayer?: string | null } }} data
 * @returns {Promise<string | undefined>}
 */
async function otherSources({ request = '', contextInfo }) {
  const isImported = request.startsWith('.') && contextInfo?.issuer;
  return isImported && contextInfo.issuerLayer !== WORKER_LAYER
    ? `module-import ${importedAddress(contextInfo.issuer, request)}`
    : undefined;
}

/** The names of all modules that the package needs: sources with nothing but types, and those of the worker, are none. */
function neededModules() {
  const needed = new Set(['index', 'ohif', 'frameWorker']);
  for (const name of needed) {
    for (const imported of imports.get(name) ?? []) needed.add(imported);
  }
  return needed;
}

const PLUGIN = 'OneModuleForEachSource';

/** @type {webpack.WebpackPluginInstance} */
const oneModuleForEachSource = {
  apply(compiler) {
    compiler.hooks.thisCompilation.tap(PLUGIN, (compilation, { normalModuleFactory }) => {
      // Webpack would wrap `import()` of another module of the package: a bundler needs to see it as it is.
      normalModuleFactory.hooks.parser.for('javascript/auto').tap(PLUGIN, (parser) => {
        parser.hooks.importCall.tap(PLUGIN, ({ source }) => {
          const { value } = /** @type {{ value?: unknown }} */ (source);
          if (typeof value !== 'string' || !value.startsWith('.')) return undefined;
          const { resource } = /** @type {webpack.NormalModule} */ (parser.state.module);
          const address = JSON.stringify(importedAddress(resource, value));
          const range = /** @type {[number, number]} */ (source.range);
          parser.state.module.addPresentationalDependency(
            new webpack.dependencies.ConstDependency(address, range),
          );
          return true;
        });
      });
      compilation.hooks.processAssets.tap(PLUGIN, () => {
        const needed = neededModules();
        for (const name of compilation.entries.keys()) {
          if (!needed.has(name)) compilation.deleteAsset(`${name}.js`);
        }
      });
    });
  },
};

/** @type {webpack.Configuration} */
export default {
  mode: 'production',
  entry: entries(),
  devtool: 'source-map',
  experiments: { outputModule: true, layers: true },
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
  externals: [/^@cornerstonejs\//, /^@kitware\/vtk\.js/, 'dicom-parser', otherSources],
  resolve: { extensions: ['.ts', '.js'], extensionAlias: typescriptExtensions },
  module: {
    rules: [typescriptRule],
    // The application's bundler finds the worker by the expression that starts it, and other scripts by `import()`.
    parser: { javascript: { worker: false, url: false, importMeta: false, import: false } },
  },
  plugins: [oneModuleForEachSource],
  optimization: { minimize: false },
  performance: false,
  stats: 'errors-warnings',
};

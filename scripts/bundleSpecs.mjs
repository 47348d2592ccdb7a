import { globSync } from 'tinyglobby';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import webpack from 'webpack';
import { createSpecsConfig } from '../webpack.specs.config.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packages with module state: two copies in one bundle would not share it. */
const SINGLE_PACKAGE =
  /^(.*\/node_modules\/(@cornerstonejs\/[^/]+|@kitware\/vtk\.js|gl-matrix|comlink))\//;

/**
 * Bundles specs for the browser into a new folder below .cache/specs, which is removed when the
 * process ends.
 *
 * @param {object} options
 * @param {string[]} options.patterns - globs or paths, from the root of the repository
 * @param {boolean} options.isSubset - whether these are only some of the specs
 * @param {string} options.packageSet - names the packages that the specs are bundled with
 * @param {string} [options.packagesFolder] - see createSpecsConfig
 * @returns {Promise<string>} the absolute folder of the bundle
 * @throws {Error} when no spec fits, the bundle has an error, or holds a package twice
 */
export async function bundleSpecs({ patterns, isSubset, packageSet, packagesFolder }) {
  const specs = globSync(patterns, { cwd: ROOT, absolute: true }).sort();
  if (specs.length === 0) {
    throw new Error(`No spec fits ${patterns.join(' ')}`);
  }
  const outputFolder = path.join(ROOT, '.cache/specs', `${packageSet}-${process.pid}`);
  process.on('exit', () => rmSync(outputFolder, { recursive: true, force: true }));
  const config = createSpecsConfig({
    specs,
    outputFolder,
    cacheName: packageSet,
    cacheReadonly: isSubset,
    packagesFolder,
  });
  const stats = await build(config);
  if (stats.hasErrors()) {
    throw new Error(stats.toString({ preset: 'errors-only', colors: false }));
  }
  throwIfPackageTwice(stats.compilation);
  return outputFolder;
}

/** @param {import('webpack').Compilation} compilation */
function throwIfPackageTwice(compilation) {
  /** @type {Map<string, string>} */
  const folders = new Map();
  for (const module of compilation.modules) {
    const [, folder, name] = SINGLE_PACKAGE.exec(module.nameForCondition() ?? '') ?? [];
    if (folder === undefined || name === undefined) {
      continue;
    }
    const first = folders.get(name) ?? folder;
    if (first !== folder) {
      throw new Error(`${name} is in the bundle twice: ${first} and ${folder}`);
    }
    folders.set(name, first);
  }
}

/**
 * @param {import('webpack').Configuration} config
 * @returns {Promise<import('webpack').Stats>}
 */
async function build(config) {
  const compiler = webpack(config);
  const run = promisify(compiler.run.bind(compiler));
  const close = promisify(compiler.close.bind(compiler));
  try {
    return /** @type {import('webpack').Stats} */ (await run());
  } finally {
    // Closing writes the cache; without it the next build is slow.
    await close();
  }
}

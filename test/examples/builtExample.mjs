import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest, runNpmAside } from '../../scripts/packedPackage.mjs';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/**
 * Copies examples, and installs what their package.json files name and nothing else. The copies are workspaces of one
 * package, which share its node_modules: only examples that install the same bundler belong together.
 *
 * @param {string[]} names - of the folders in examples/
 * @param {string} folder - becomes the parent of the copies
 * @param {string} tarball - of the package
 * @returns {Promise<string[]>} the copies
 */
export async function installExamples(names, folder, tarball) {
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ private: true, workspaces: names }),
  );
  const copies = names.map((name) => {
    const copy = path.join(folder, name);
    cpSync(path.join(EXAMPLES, name), copy, { recursive: true });
    const application = readPackage(name);
    // A workspace called like a bundler would be installed in its place.
    application.name = `example-${name}`;
    application.dependencies[manifest.name] = `file:${tarball}`;
    writeFileSync(path.join(copy, 'package.json'), JSON.stringify(application));
    return copy;
  });
  await runNpmAside(
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    folder,
  );
  return copies;
}

/**
 * Builds an example for production.
 *
 * @param {string} copy
 */
export async function buildExample(copy) {
  await runNpmAside(['run', 'build'], copy);
}

/**
 * The package.json of an example.
 *
 * @param {string} name - of the folder in examples/
 * @returns {{ name?: string, type?: string, dependencies: Record<string, string>, devDependencies: Record<string, string> }}
 */
export function readPackage(name) {
  return JSON.parse(readFileSync(path.join(EXAMPLES, name, 'package.json'), 'utf8'));
}

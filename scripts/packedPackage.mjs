/** The package as its users get it: packed, and installed into applications outside of the repository. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORNERSTONE_PACKAGES } from './installCornerstone.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Of this repository. */
export const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** The versions of Cornerstone3D that the package states: the one it is developed with, and the oldest. */
export const cornerstoneVersions = {
  current: String(manifest.devDependencies['@cornerstonejs/core']),
  oldest: /^>=(\S+)/.exec(manifest.peerDependencies['@cornerstonejs/core'])?.[1] ?? '',
};

/**
 * @param {string} folder
 * @returns {string} the tarball
 */
export function packPackage(folder) {
  if (!existsSync(path.join(ROOT, 'dist/index.js'))) {
    throw new Error('There is no dist/index.js: npm run build');
  }
  mkdirSync(folder, { recursive: true });
  // Silent, npm prints nothing but the name.
  const name = runNpm(['pack', '--silent', '--pack-destination', folder], ROOT);
  return path.join(folder, name.trim());
}

/**
 * Installs the packed package and Cornerstone3D beside it, as an application has them.
 *
 * @param {string} folder - of the application; is made if it is not there
 * @param {string} tarball
 * @param {object} options
 * @param {string} options.cornerstone - version of Cornerstone3D
 * @param {Record<string, string>} [options.packages] - what the application has besides, with the versions
 */
export function installPacked(folder, tarball, { cornerstone, packages = {} }) {
  mkdirSync(folder, { recursive: true });
  const dependencies = {
    [manifest.name]: `file:${tarball}`,
    ...Object.fromEntries(
      CORNERSTONE_PACKAGES.map((name) => [`@cornerstonejs/${name}`, cornerstone]),
    ),
    ...packages,
  };
  const application = { private: true, type: 'module', dependencies };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(application));
  runNpm(['install', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string} what npm prints
 */
export function runNpm(args, cwd) {
  // `npm run` tells its children which package they are in, and this is another one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([variable]) => !/^(npm_|INIT_CWD$)/i.test(variable)),
  );
  return execFileSync('npm', args, {
    cwd,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

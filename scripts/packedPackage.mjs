/** The package as published: packed, and installed into applications outside of the repository. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CORNERSTONE_PACKAGES } from './installCornerstone.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Of this repository. */
export const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** The versions of Cornerstone3D in package.json: the development version, and the oldest supported one. */
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
  // With --silent npm prints only the name.
  const name = runNpm(['pack', '--silent', '--pack-destination', folder], ROOT);
  return path.join(folder, name.trim());
}

/**
 * Installs the packed package and Cornerstone3D, as an application does.
 *
 * @param {string} folder - of the application; created if missing
 * @param {string} tarball
 * @param {object} options
 * @param {string} options.cornerstone - version of Cornerstone3D
 * @param {Record<string, string>} [options.packages] - further packages of the application, with their versions
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
  runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string} what npm prints
 * @throws Error when it fails, after what it has printed
 */
export function runNpm(args, cwd) {
  const { status, error, stdout } = spawnSync('npm', args, {
    ...npmOptions(cwd),
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw npmFailure(args, status, stdout ?? '', error);
  }
  return stdout;
}

/**
 * Runs npm beside other work; what it prints is shown only when it fails.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @throws Error when it fails, after what it has printed
 */
export async function runNpmAside(args, cwd) {
  const npm = spawn('npm', args, { ...npmOptions(cwd), stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = Promise.all([text(npm.stdout), text(npm.stderr)]);
  /** @type {[number | null]} */
  const [status] = /** @type {any} */ (await once(npm, 'close'));
  if (status !== 0) {
    throw npmFailure(args, status, (await printed).join('\n'));
  }
}

/** @param {string} cwd */
function npmOptions(cwd) {
  return {
    cwd,
    // `npm run` passes the package of the repository to its child processes; this is another package.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([variable]) => !/^(npm_|INIT_CWD$)/i.test(variable)),
    ),
    shell: process.platform === 'win32',
    stdio: /** @type {['ignore', 'pipe', 'inherit']} */ (['ignore', 'pipe', 'inherit']),
  };
}

/**
 * @param {string[]} args
 * @param {number | null} status
 * @param {string} printed
 * @param {Error} [cause]
 */
function npmFailure(args, status, printed, cause) {
  process.stderr.write(printed);
  return new Error(`npm ${args.join(' ')} failed with exit code ${status}`, { cause });
}

/**
 * Builds the package into dist/ (`npm run build`) unless dist/ is up to date, for code that uses the package
 * as an application does.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * What a build reads and writes.
 *
 * @typedef {object} BuildPlan
 * @property {string} root absolute
 * @property {string[]} inputs globs in the root
 * @property {string[]} outputs globs in the root
 * @property {string} stamp file in the root that records the inputs of the last build
 * @property {() => void} build throws when it fails
 */

/** @type {BuildPlan} */
const PACKAGE = {
  root: ROOT,
  inputs: [
    'src/**',
    'package.json',
    'package-lock.json',
    'tsconfig*.json',
    'webpack.config.js',
    'scripts/cornerstoneApplication.mjs',
  ],
  outputs: ['dist/**'],
  stamp: '.cache/build.json',
  build: () =>
    execFileSync('npm', ['run', '--silent', 'build'], {
      cwd: ROOT,
      shell: process.platform === 'win32',
      // Standard output belongs to the results of the caller.
      stdio: ['ignore', 2, 2],
    }),
};

/**
 * Builds when inputs or outputs differ from the last build in this folder. Contents are compared, not times:
 * a build does not rewrite a file whose contents stay the same.
 *
 * @param {BuildPlan} [plan] default: the package
 * @returns {boolean} whether it was built
 * @throws {Error} when the build fails or leaves nothing
 */
export function buildIfStale(plan = PACKAGE) {
  const { root, inputs, outputs, build } = plan;
  const stamp = path.join(root, plan.stamp);
  const before = JSON.stringify({ inputs: hashOf(root, inputs), outputs: hashOf(root, outputs) });
  if (readStamp(stamp) === before) return false;
  build();
  const built = { inputs: hashOf(root, inputs), outputs: hashOf(root, outputs) };
  if (built.outputs === undefined) throw new Error(`The build left nothing in ${outputs.join()}`);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, JSON.stringify(built));
  return true;
}

/**
 * @param {string} root
 * @param {string[]} patterns
 * @returns {string | undefined} undefined when there is no such file
 */
function hashOf(root, patterns) {
  const files = globSync(patterns, { cwd: root }).sort();
  if (files.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} file */
function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest, runNpm } from '../../scripts/packedPackage.mjs';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/**
 * Copies an example, installs what its package.json names and nothing else, and builds it for production.
 *
 * @param {string} name - of the folder in examples/
 * @param {string} folder - becomes the parent of the copy
 * @param {string} tarball - of the package
 * @param {(copy: string) => void} [change] - before the build
 * @returns {string} the copy
 */
export function buildExample(name, folder, tarball, change = () => {}) {
  const copy = path.join(folder, name);
  cpSync(path.join(EXAMPLES, name), copy, { recursive: true });
  const file = path.join(copy, 'package.json');
  const application = JSON.parse(readFileSync(file, 'utf8'));
  application.dependencies[manifest.name] = `file:${tarball}`;
  writeFileSync(file, JSON.stringify(application));
  change(copy);
  runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], copy);
  runNpm(['run', 'build'], copy);
  return copy;
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../.cache', import.meta.url));
export const CORNERSTONE_PACKAGES = ['core', 'dicom-image-loader', 'metadata', 'tools', 'utils'];

/**
 * Installs one version of the Cornerstone3D packages with their dependencies into a separate folder;
 * package.json and its lock file are not changed.
 *
 * @param {string} version
 * @returns {Promise<string>} the absolute node_modules folder
 */
export async function installCornerstone(version) {
  const folder = path.join(CACHE, `core-${version}`);
  const dependencies = Object.fromEntries(
    CORNERSTONE_PACKAGES.map((name) => [`@cornerstonejs/${name}`, version]),
  );
  const packages = path.join(folder, 'node_modules');
  if (!isInstalled(packages, version)) {
    mkdirSync(folder, { recursive: true });
    const manifest = { private: true, type: 'module', dependencies };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
      // npm run sets its own folder in the environment, which would make this an install of the repository.
      env: { ...process.env, npm_config_local_prefix: undefined, INIT_CWD: undefined },
    });
  }
  return packages;
}

/**
 * @param {string} packages
 * @param {string} version
 */
function isInstalled(packages, version) {
  return CORNERSTONE_PACKAGES.every((name) => {
    const manifest = path.join(packages, '@cornerstonejs', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  });
}

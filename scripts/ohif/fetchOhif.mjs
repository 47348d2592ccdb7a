import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version that the extension is tested with. */
export const OHIF_VERSION = '3.13.2';

const CACHE = fileURLToPath(new URL('../../.cache/ohif', import.meta.url));

/**
 * The OHIF viewer as published in its package: prebuilt, so that none of its dependencies is needed. It is
 * cached in .cache/.
 *
 * @returns {string} the absolute folder of the application
 * @throws {Error} when the package cannot be installed
 */
export function fetchOhif() {
  const folder = path.join(CACHE, OHIF_VERSION);
  const application = path.join(folder, 'package/dist');
  if (!existsSync(application)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    try {
      const options = {
        cwd: unfinished,
        env: withoutNpm(process.env),
        encoding: /** @type {const} */ ('utf8'),
      };
      execFileSync('npm', ['pack', '--silent', `@ohif/app@${OHIF_VERSION}`], options);
      const [tarball = ''] = readdirSync(unfinished);
      execFileSync('tar', ['-xzf', tarball], options);
      rmSync(path.join(unfinished, tarball));
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return application;
}

/**
 * `npm run` passes the package of the repository to its child processes; this is another package.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([variable]) => !/^(npm_(?!config_(registry|userconfig|cache))|INIT_CWD$)/i.test(variable),
    ),
  );
}

import karma from 'karma';
import { fileURLToPath } from 'node:url';

const CONFIG = fileURLToPath(new URL('../karma.conf.js', import.meta.url));

/**
 * Runs bundled specs once.
 *
 * @param {import('../karma.conf.js').TestRun} testRun
 * @returns {Promise<boolean>} whether all specs passed
 */
export async function runKarma(testRun) {
  process.stdout.write(`\n${testRun.name}\n`);
  const config = await karma.config.parseConfig(
    CONFIG,
    /** @type {import('karma').ConfigOptions} */ ({ testRun }),
    { promiseConfig: true, throwErrors: true },
  );
  return new Promise((resolve) => {
    void new karma.Server(config, (exitCode) => resolve(exitCode === 0)).start();
  });
}

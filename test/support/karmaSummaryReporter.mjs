/**
 * A karma reporter: prints the skipped specs with their reasons, the slowest suites, the failed specs, the seed
 * and the counts, and writes the counts and the failed specs as JSON for `.ci/run`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} TestCounts
 * @property {string} name
 * @property {number} passed
 * @property {number} failed - includes a browser that crashed or did not start
 * @property {number} skipped
 * @property {string[]} failures - of each failed spec its full name and the first line of its first error
 */

/** Number of suites in the list of the slowest. */
const SLOWEST = 12;

/**
 * What karma-jasmine reports of a spec.
 *
 * @typedef {object} SpecResult
 * @property {string[]} suite
 * @property {string} description
 * @property {boolean} success
 * @property {boolean} skipped - pending or not chosen
 * @property {boolean} pending
 * @property {number} time - in milliseconds
 * @property {string[]} log - the errors
 * @property {{ pendingReason?: string } | null} [properties] - set by karmaSetup.ts
 */

/**
 * @param {string} name - of the run
 * @param {string} resultFile - absolute path of the JSON
 * @param {() => Promise<void>} onExit - awaited before karma ends
 * @returns {import('karma').InlinePluginDef} a plugin with the reporter `summary`
 */
export function createSummaryReporter(name, resultFile, onExit) {
  // The counts of an earlier run must not remain when this run ends before it writes its own.
  rmSync(resultFile, { force: true });
  return { 'reporter:summary': ['value', summaryReporter(name, resultFile, onExit)] };
}

/**
 * @param {string} name
 * @param {string} resultFile
 * @param {() => Promise<void>} onExit
 */
function summaryReporter(name, resultFile, onExit) {
  /** @type {TestCounts} */
  const counts = { name, passed: 0, failed: 0, skipped: 0, failures: [] };
  /** Milliseconds of each top-level suite. @type {Map<string, number>} */
  const times = new Map();
  /** @type {string | undefined} */
  let seed;
  let isComplete = false;

  return {
    // Karma adds the targets of its output.
    adapters: [],

    onSpecComplete(/** @type {unknown} */ _browser, /** @type {SpecResult} */ result) {
      const fullName = [...result.suite, result.description].join(' ');
      const [suite = fullName] = result.suite;
      times.set(suite, (times.get(suite) ?? 0) + result.time);
      if (result.pending) {
        counts.skipped++;
        const reason = result.properties?.pendingReason || 'no reason given';
        process.stdout.write(`\nSKIPPED ${fullName}: ${reason}\n`);
      } else if (!result.skipped) {
        counts[result.success ? 'passed' : 'failed']++;
        if (!result.success) {
          counts.failures.push(`${fullName}: ${result.log[0]?.split('\n')[0] ?? 'no error given'}`);
        }
      }
    },

    onBrowserError(/** @type {unknown} */ _browser, /** @type {unknown} */ error) {
      counts.failed++;
      counts.failures.push(`The browser, outside of any spec: ${describe(error)}`);
    },

    onBrowserComplete(
      /** @type {unknown} */ _browser,
      /** @type {{ order?: { seed: string } } | undefined} */ result,
    ) {
      isComplete = result !== undefined;
      seed = result?.order?.seed;
    },

    onRunComplete(
      /** @type {unknown} */ _browsers,
      /** @type {import('karma').TestResults} */ results,
    ) {
      // A crash outside of any spec has no failed spec.
      if (counts.failed === 0 && (results.exitCode !== 0 || results.disconnected || !isComplete)) {
        counts.failed++;
        counts.failures.push('The browser ended before it had run every spec');
      }
      mkdirSync(path.dirname(resultFile), { recursive: true });
      writeFileSync(resultFile, `${JSON.stringify(counts)}\n`);
      process.stdout.write(listSlowest(times));
      process.stdout.write(counts.failures.map((failure) => `FAILED ${failure}\n`).join(''));
      process.stdout.write(
        `\n${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` +
          ` (seed ${seed ?? 'unknown'})\n`,
      );
    },

    onExit(/** @type {() => void} */ done) {
      onExit().then(done, (error) => {
        process.stderr.write(`The fixture servers did not stop: ${error}\n`);
        done();
      });
    },
  };
}

/** @param {unknown} error - as Karma passes it: a text, or an object with a message */
function describe(error) {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message).split('\n')[0];
}

/** @param {ReadonlyMap<string, number>} times */
function listSlowest(times) {
  const slowest = [...times].sort(([, first], [, second]) => second - first).slice(0, SLOWEST);
  const lines = slowest.map(
    ([suite, time]) => `${(time / 1000).toFixed(1).padStart(7)} s  ${suite}\n`,
  );
  return `\nThe suites that took longest:\n${lines.join('')}`;
}

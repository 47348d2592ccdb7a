/**
 * A karma reporter: prints the skipped specs with their reasons, the seed and the counts, and writes the
 * counts as JSON for `.ci/run`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} TestCounts
 * @property {string} name
 * @property {number} passed
 * @property {number} failed - includes a browser that crashed or did not start
 * @property {number} skipped
 */

/**
 * What karma-jasmine reports of a spec.
 *
 * @typedef {object} SpecResult
 * @property {string[]} suite
 * @property {string} description
 * @property {boolean} success
 * @property {boolean} skipped - pending or not chosen
 * @property {boolean} pending
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
  const counts = { name, passed: 0, failed: 0, skipped: 0 };
  /** @type {string | undefined} */
  let seed;
  let isComplete = false;

  return {
    // Karma adds the targets of its output.
    adapters: [],

    onSpecComplete(/** @type {unknown} */ _browser, /** @type {SpecResult} */ result) {
      if (result.pending) {
        counts.skipped++;
        const reason = result.properties?.pendingReason || 'no reason given';
        const fullName = [...result.suite, result.description].join(' ');
        process.stdout.write(`\nSKIPPED ${fullName}: ${reason}\n`);
      } else if (!result.skipped) {
        counts[result.success ? 'passed' : 'failed']++;
      }
    },

    onBrowserError() {
      counts.failed++;
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
      }
      mkdirSync(path.dirname(resultFile), { recursive: true });
      writeFileSync(resultFile, `${JSON.stringify(counts)}\n`);
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

import { measure } from './measure.mjs';
import { BenchSeries } from './server/BenchSeries.mjs';
import { startBenchServer } from './server/startBenchServer.mjs';

/** @typedef {import('./page/task.js').Variant} Variant */
/** @typedef {import('./suites.mjs').Suite} Suite */

/** @type {Variant[]} */
const VARIANTS = ['floor', 'builtin', 'ours'];
const WARM_UP_FRAMES = 8;

/**
 * What one variant came to: a value for each round, `null` for one that failed.
 *
 * @typedef {object} VariantResult
 * @property {Array<number | null>} values
 * @property {string[]} failures
 *
 * @typedef {Record<Variant, VariantResult>} SuiteResult
 */

/**
 * Runs a suite. Each round measures all variants, one after the other, in turn from the first to the
 * last and from the last to the first, so that what the machine does meanwhile meets all alike.
 *
 * @param {Suite} suite
 * @param {object} options
 * @param {() => Promise<import('playwright-core').Browser>} options.getBrowser gives one that runs
 * @param {string} options.pageFolder
 * @param {number} options.frames
 * @param {number} options.rounds
 * @param {(line: string) => void} options.log
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite(suite, { getBrowser, pageFolder, frames, rounds, log }) {
  /** @type {SuiteResult} */
  const result = { floor: emptyResult(), builtin: emptyResult(), ours: emptyResult() };
  const server = await startBenchServer({
    ...suite.connection,
    pageFolder,
    series: { ct: new BenchSeries(frames, 1), 'warm-up': new BenchSeries(WARM_UP_FRAMES, 2) },
  });
  try {
    for (let round = 0; round < rounds; round++) {
      for (const variant of round % 2 === 0 ? VARIANTS : [...VARIANTS].reverse()) {
        const { values, failures } = result[variant];
        const title = `${suite.name}, round ${round + 1} of ${rounds}, ${variant}`;
        try {
          const value = await measure(await getBrowser(), `${server.origin}/`, {
            scenario: suite.scenario,
            variant,
            isolated: suite.connection.isolated,
            series: '/series/ct',
            warmUp: '/series/warm-up',
          });
          values.push(value);
          log(`${title}: ${value.toFixed(1)} ${suite.unit}`);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          values.push(null);
          failures.push(`round ${round + 1}: ${message}`);
          log(`${title}: FAILED: ${message}`);
        }
        server.disconnect();
      }
    }
  } finally {
    await server.close();
  }
  return result;
}

/** @returns {VariantResult} */
function emptyResult() {
  return { values: [], failures: [] };
}

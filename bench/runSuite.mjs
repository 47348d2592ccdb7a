import { checkTraffic } from './checkTraffic.mjs';
import { checkWorkers } from './checkWorkers.mjs';
import { measure } from './measure.mjs';
import { startBenchServer } from './server/startBenchServer.mjs';

/** @typedef {import('./page/task.js').Figures} Figures */
/** @typedef {import('./suites/Suite.mjs').Suite} Suite */
/** @typedef {import('./suites/Suite.mjs').Variant} Variant */

const WARM_UP_FRAMES = 8;

/**
 * What one variant came to: the figures of each round and how its volume fetched the frames, `null` for one
 * that failed; the latter also for one that does not say.
 *
 * @typedef {object} VariantResult
 * @property {Array<Figures | null>} rounds
 * @property {Array<import('./page/task.js').Transport | null>} transports
 * @property {string[]} failures
 *
 * @typedef {Partial<Record<Variant, VariantResult>>} SuiteResult without the variants that it has not
 */

/**
 * Runs a suite. Each round measures all variants, one after the other, in turn from the first to the
 * last and from the last to the first, so that what the machine does meanwhile meets all alike.
 *
 * @param {Suite} suite
 * @param {object} options
 * @param {() => Promise<import('./browser/launchBrowser.mjs').Browser>} options.getBrowser gives one that runs
 * @param {string} options.pageFolder
 * @param {number} options.rounds
 * @param {(line: string) => void} options.log
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite(suite, { getBrowser, pageFolder, rounds, log }) {
  /** @type {Map<Variant, VariantResult>} */
  const results = new Map(
    suite.variants.map((variant) => [variant, { rounds: [], transports: [], failures: [] }]),
  );
  const measured = await suite.openSeries(suite.frames, 1);
  const { frameHeaders } = suite.connection;
  const server = await startBenchServer({
    ...suite.connection,
    pageFolder,
    series: { measured, 'warm-up': await suite.openSeries(WARM_UP_FRAMES, 2) },
  });
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [variant, result] of round % 2 === 0 ? results : [...results].reverse()) {
        const title = `${suite.name}, round ${round + 1} of ${rounds}, ${variant}`;
        try {
          const { figures, transport } = await measure(await getBrowser(), {
            url: `${server.origin}/`,
            task: {
              scenario: suite.scenario,
              variant,
              isolated: suite.connection.isolated,
              ...(frameHeaders && { frameHeaders }),
              series: '/series/measured',
              warmUp: '/series/warm-up',
            },
            traffic: server.traffic,
            ...(suite.observer && { observer: suite.observer }),
          });
          if (suite.loadsAll) checkTraffic(figures, measured);
          if (suite.fetchedByWorkers && variant === 'ours') checkWorkers(figures, transport);
          log(`${title}: ${describe(suite, figures)}${transport ? ` (${transport.thread})` : ''}`);
          result.rounds.push(figures);
          result.transports.push(transport);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          result.rounds.push(null);
          result.transports.push(null);
          result.failures.push(`round ${round + 1}: ${message}`);
          log(`${title}: FAILED: ${message}`);
        }
        server.disconnect();
      }
    }
  } finally {
    await server.close();
  }
  return Object.fromEntries(results);
}

/**
 * @param {Suite} suite
 * @param {Figures} figures
 * @throws {Error} when a figure of the table is missing
 */
function describe({ rows }, figures) {
  return rows
    .map(({ name, unit, valueOf }) => {
      const value = valueOf(figures);
      if (value === undefined || !Number.isFinite(value)) throw new Error(`No figure for ${name}`);
      return `${Number(value.toFixed(2))} ${unit}`;
    })
    .join(', ');
}

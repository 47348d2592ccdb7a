import { checkTraffic } from './checkTraffic.mjs';
import { checkWorkers } from './checkWorkers.mjs';
import { measure } from './measure.mjs';
import { startBenchServer } from './server/startBenchServer.mjs';

/** @typedef {import('./page/task.js').Figures} Figures */
/** @typedef {import('./suites/Suite.mjs').Suite} Suite */
/** @typedef {import('./suites/Suite.mjs').Variant} Variant */

const WARM_UP_FRAMES = 8;

/**
 * The result of one variant: the figures of each round and how its volume fetched the frames, `null` for a
 * failed round; the latter also where it is unknown.
 *
 * @typedef {object} VariantResult
 * @property {Array<Figures | null>} rounds
 * @property {Array<import('./page/task.js').Transport | null>} transports
 * @property {string[]} failures
 *
 * @typedef {Partial<Record<Variant, VariantResult>>} SuiteResult has only the variants of the suite
 */

/**
 * Runs a suite. Each round measures all variants, alternately from the first to the last and from the last to
 * the first, so that other work on the machine affects all variants equally.
 *
 * @param {Suite} suite
 * @param {object} options
 * @param {() => Promise<import('./browser/launchBrowser.mjs').Browser>} options.getBrowser returns a running
 *   browser
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
              ...(suite.decodeWorkers && { decodeWorkers: suite.decodeWorkers }),
              ...(suite.retrieval && { retrieval: suite.retrieval }),
              series: `${server.archiveOrigin}/series/measured`,
              warmUp: `${server.archiveOrigin}/series/warm-up`,
            },
            traffic: server.traffic,
            ...(suite.observer && { observer: suite.observer }),
          });
          if (suite.loadsAll) {
            checkTraffic(figures, measured, { inRanges: suite.connection.servesRanges ?? false });
          }
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

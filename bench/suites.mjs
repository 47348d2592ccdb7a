/** @typedef {import('./server/startBenchServer.mjs').Connection} Connection */

/**
 * One row of the table: the same measurement with both loaders and with bare fetches.
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} unit
 * @property {import('./page/task.js').ScenarioName} scenario
 * @property {Connection} connection how the page reaches its server
 */

/** Of a hospital's network: 15 ms from a request to the first byte of its answer. */
const LINK = { bytesPerSecond: 25e6, latencyMs: 15 };

/** @type {Suite[]} */
export const SUITES = [
  suite('load-shared', 'load', { isolated: true, protocol: 'http/1.1' }),
  suite('load-plain', 'load', { isolated: false, protocol: 'http/1.1' }),
  suite('first-slice-h1', 'firstSlice', { isolated: true, protocol: 'http/1.1', link: LINK }),
  suite('first-slice-h2', 'firstSlice', { isolated: true, protocol: 'h2', link: LINK }),
  suite('scroll-latency-h1', 'scrollLatency', { isolated: true, protocol: 'http/1.1', link: LINK }),
  suite('scroll-latency-h2', 'scrollLatency', { isolated: true, protocol: 'h2', link: LINK }),
];

/**
 * The suites of some names or of the beginnings of some: `first-slice` means both of that kind.
 *
 * @param {string[]} names none means all
 * @returns {Suite[]}
 * @throws {Error} that lists what there is, when a name fits nothing
 */
export function selectSuites(names) {
  const fits = (/** @type {Suite} */ { name }, /** @type {string} */ wanted) =>
    name === wanted || name.startsWith(`${wanted}-`);
  for (const wanted of names) {
    if (!SUITES.some((each) => fits(each, wanted))) {
      throw new Error(
        `There is no suite ${wanted}, but ${SUITES.map(({ name }) => name).join(', ')}`,
      );
    }
  }
  return SUITES.filter((each) => names.length === 0 || names.some((wanted) => fits(each, wanted)));
}

/**
 * @param {string} name
 * @param {Suite['scenario']} scenario
 * @param {Connection} connection
 * @returns {Suite}
 */
function suite(name, scenario, connection) {
  return { name, unit: 'ms', scenario, connection };
}

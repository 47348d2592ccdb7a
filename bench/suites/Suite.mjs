/**
 * A series of measurements that are made in one way, with both loaders and as the floor. Each figure
 * that is looked at is a row of the table.
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {import('../page/task.js').ScenarioName} scenario what the page does
 * @property {import('../server/startBenchServer.mjs').Connection} connection how it reaches its server
 * @property {number} frames
 * @property {Variant[]} variants those that are measured
 * @property {OpenSeries} openSeries
 * @property {boolean} loadsAll whether each frame must have come once in full when a measurement ends
 * @property {boolean} [fetchedByWorkers] whether a measurement of ours has failed when the page itself asked
 *   for a frame
 * @property {import('../measure.mjs').Observer} [observer] looks at the browser meanwhile
 * @property {string} [reasonToSkip] why it cannot be run here
 * @property {Row[]} rows
 *
 * @typedef {import('../page/task.js').Variant} Variant
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {(figures: Figures) => number | undefined} valueOf
 *
 * @typedef {import('../page/task.js').Figures} Figures of the page (among them `pageRequests`
 *   and `workersStarted`), of the observer, and `requests`, `framesSent` and `bytesSent` of the server
 *
 * @typedef {(frames: number, number: number) => Promise<import('../server/startBenchServer.mjs').FrameSource>} OpenSeries
 *   `number` makes the UIDs
 */
import { BenchSeries } from '../server/BenchSeries.mjs';

/** @type {Variant[]} */
export const ALL_VARIANTS = ['floor', 'builtin', 'ours'];

/** Of a hospital's network: 15 ms from a request to the first byte of its answer. */
export const HOSPITAL_LINK = { bytesPerSecond: 25e6, latencyMs: 15 };

/** What OHIF has dicom-image-loader send, for a user who has logged in. */
const OHIF_HEADERS = {
  Authorization: 'Bearer bWVhc3VyZW1lbnQ',
  Accept: 'multipart/related; type="application/octet-stream"',
};

/**
 * Fills in what most suites have in common: an uncompressed series, loaded in full, with all variants,
 * over HTTP/1.1 on a page that has SharedArrayBuffer.
 *
 * @param {Pick<Suite, 'name' | 'scenario' | 'frames'> & Partial<Suite>} suite
 * @returns {Suite} default row: the time in milliseconds, under the name of the suite
 */
export function defineSuite(suite) {
  return {
    connection: { isolated: true, protocol: 'http/1.1' },
    variants: ALL_VARIANTS,
    openSeries: async (frames, number) => new BenchSeries(frames, number),
    loadsAll: true,
    rows: [{ name: suite.name, unit: 'ms', valueOf: ({ ms }) => ms }],
    ...suite,
  };
}

/**
 * A suite with and without SharedArrayBuffer, and with it in an application that has the hooks of OHIF.
 *
 * @param {string} name gets `-shared`, `-plain` or `-hooks` behind it
 * @param {(name: string, setting: Pick<Suite, 'connection' | 'fetchedByWorkers'>) => Suite} define
 * @returns {Suite[]}
 */
export function sharedPlainAndHooks(name, define) {
  const [shared, plain] = /** @type {const} */ ([
    { isolated: true, protocol: 'http/1.1' },
    { isolated: false, protocol: 'http/1.1' },
  ]);
  return [
    define(`${name}-shared`, { connection: shared }),
    define(`${name}-plain`, { connection: plain }),
    define(`${name}-hooks`, {
      connection: { ...shared, frameHeaders: OHIF_HEADERS },
      fetchedByWorkers: true,
    }),
  ];
}

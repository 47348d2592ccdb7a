/**
 * A kind of measurement, with both loaders and as the floor. Each reported figure is a row of the table.
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {import('../page/task.js').ScenarioName} scenario the work of the page
 * @property {import('../server/startBenchServer.mjs').Connection} connection to its server
 * @property {number} frames
 * @property {Variant[]} variants the measured variants
 * @property {OpenSeries} openSeries
 * @property {boolean} loadsAll whether each frame must have been sent once and completely at the end of a
 *   measurement
 * @property {boolean} [fetchedByWorkers] whether a measurement of this package has failed when the page
 *   itself requested a frame
 * @property {number} [decodeWorkers] number of workers that decode; default: each loader's default
 * @property {import('../page/task.js').Retrieval} [retrieval] how the built-in loader is configured; default:
 *   it is not
 * @property {import('../measure.mjs').Observer} [observer] of the browser
 * @property {string} [reasonToSkip] why the suite cannot run on this machine
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
 * @typedef {(frames: number, number: number) =>
 *   Promise<import('../server/startBenchServer.mjs').FrameSource>} OpenSeries
 *   `number` is a part of the UIDs
 */
import { BenchSeries } from '../server/BenchSeries.mjs';

/** @type {Variant[]} */
export const ALL_VARIANTS = ['floor', 'builtin', 'ours'];

/** Like the network of a hospital: 15 ms from a request to the first byte of its response. */
export const HOSPITAL_LINK = { bytesPerSecond: 25e6, latencyMs: 15 };

/** The headers that OHIF sends through dicom-image-loader for a logged-in user. */
const OHIF_HEADERS = {
  Authorization: 'Bearer bWVhc3VyZW1lbnQ',
  Accept: 'multipart/related; type="application/octet-stream"',
};

/**
 * The defaults of a suite: an uncompressed series, loaded completely, with all variants, over HTTP/1.1 on a
 * page with SharedArrayBuffer.
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
 * A suite with and without SharedArrayBuffer, and with SharedArrayBuffer in an application with the hooks of
 * OHIF.
 *
 * @param {string} name `-shared`, `-plain` or `-hooks` is appended
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

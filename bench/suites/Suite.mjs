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
 * @typedef {import('../page/task.js').Figures} Figures of the page, of the observer, and `requests`,
 *   `framesSent` and `bytesSent` of the server
 *
 * @typedef {(frames: number, number: number) => Promise<import('../server/startBenchServer.mjs').FrameSource>} OpenSeries
 *   `number` makes the UIDs
 */
import { BenchSeries } from '../server/BenchSeries.mjs';

/** @type {Variant[]} */
export const ALL_VARIANTS = ['floor', 'builtin', 'ours'];

/** Of a hospital's network: 15 ms from a request to the first byte of its answer. */
export const HOSPITAL_LINK = { bytesPerSecond: 25e6, latencyMs: 15 };

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
 * A suite with and without SharedArrayBuffer.
 *
 * @param {string} name gets `-shared` or `-plain` behind it
 * @param {(name: string, connection: Suite['connection']) => Suite} define
 * @returns {Suite[]}
 */
export function sharedAndPlain(name, define) {
  return [true, false].map((isolated) =>
    define(`${name}-${isolated ? 'shared' : 'plain'}`, { isolated, protocol: 'http/1.1' }),
  );
}

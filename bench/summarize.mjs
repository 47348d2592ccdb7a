import { median } from './median.mjs';

/** @typedef {import('./runSuite.mjs').SuiteResult} SuiteResult */
/** @typedef {import('./suites/Suite.mjs').Suite} Suite */
/** @typedef {import('./suites/Suite.mjs').Variant} Variant */

/**
 * One row of bench/results.json. Figures that were not measured are null.
 *
 * @typedef {object} SuiteSummary
 * @property {string} name
 * @property {string} unit
 * @property {number | null} ours median of the rounds, like the next two
 * @property {number | null} builtin
 * @property {number | null} floor
 * @property {number | null} ratioToBuiltin ours / builtin; null also where builtin is 0
 * @property {number | null} ratioToFloor ours / floor; null also where floor is 0
 * @property {number} rounds
 * @property {number} frames
 * @property {number} [decodeWorkers] number of workers that decoded, where `--cores` named one
 * @property {import('./page/task.js').Transport | null} transport how volumes of this package fetched their
 *   frames; null when unknown, or when no frame was requested
 * @property {Partial<Record<Variant, Array<number | null>>>} values of each round, null for a failed round
 * @property {Partial<Record<Variant, Array<number | null>>>} pageRequests frames that the page itself
 *   requested, of each round; workers requested the others
 * @property {string[]} failures
 */

const DIGITS = 4;

/**
 * The rows of a suite.
 *
 * @param {Pick<Suite, 'frames' | 'rows' | 'decodeWorkers'>} suite
 * @param {SuiteResult} result
 * @param {{ rounds: number }} options
 * @returns {SuiteSummary[]} failures are in the first row; rounds of this package whose threads differ count
 *   as one failure, as they have no common median
 */
export function summarize({ frames, rows, decodeWorkers }, result, { rounds }) {
  const failures = Object.entries(result).flatMap(([variant, each]) =>
    each.failures.map((failure) => `${variant}, ${failure}`),
  );
  const transports = (result.ours?.transports ?? []).filter((each) => each !== null);
  const threads = new Set(transports.map(({ thread }) => thread));
  if (threads.size > 1) failures.push(`ours, fetched by ${[...threads].join(' and by ')}`);
  const pageRequests = valuesOf(result, (figures) => figures.pageRequests);
  return rows.map(({ name, unit, valueOf }, index) => {
    const values = valuesOf(result, valueOf);
    const ours = median(values.ours ?? []);
    const builtin = median(values.builtin ?? []);
    const floor = median(values.floor ?? []);
    return {
      name,
      unit,
      ours: rounded(ours),
      builtin: rounded(builtin),
      floor: rounded(floor),
      ratioToBuiltin: ratio(ours, builtin),
      ratioToFloor: ratio(ours, floor),
      rounds,
      frames,
      ...(decodeWorkers !== undefined && { decodeWorkers }),
      transport: transports[0] ?? null,
      values: Object.fromEntries(
        Object.entries(values).map(([variant, each]) => [variant, each.map(rounded)]),
      ),
      pageRequests,
      failures: index === 0 ? failures : [],
    };
  });
}

/**
 * @param {SuiteResult} result
 * @param {Suite['rows'][number]['valueOf']} valueOf
 * @returns {Partial<Record<Variant, Array<number | null>>>}
 */
function valuesOf(result, valueOf) {
  return Object.fromEntries(
    Object.entries(result).map(([variant, each]) => [
      variant,
      each.rounds.map((figures) => (figures && valueOf(figures)) ?? null),
    ]),
  );
}

/**
 * @param {number | null} value
 * @param {number | null} base
 */
function ratio(value, base) {
  return value === null || !base ? null : rounded(value / base);
}

/** @param {number | null} value */
function rounded(value) {
  if (value === null) return null;
  return Math.abs(value) >= 10 ** DIGITS ? Math.round(value) : Number(value.toPrecision(DIGITS));
}

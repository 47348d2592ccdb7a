/** @typedef {import('./runSuite.mjs').SuiteResult} SuiteResult */
/** @typedef {import('./runSuite.mjs').VariantResult} VariantResult */
/** @typedef {import('./suites.mjs').Suite} Suite */

/**
 * One row of bench/results.json. What no round measured is null.
 *
 * @typedef {object} SuiteSummary
 * @property {string} name
 * @property {string} unit
 * @property {number | null} ours median of the rounds, as are the next two
 * @property {number | null} builtin
 * @property {number | null} floor
 * @property {number | null} ratioToBuiltin ours / builtin
 * @property {number | null} ratioToFloor ours / floor
 * @property {number} rounds
 * @property {number} frames
 * @property {{ ours: Array<number | null>, builtin: Array<number | null>, floor: Array<number | null> }} values
 *   of each round, null where it failed
 * @property {string[]} failures
 */

/**
 * @param {Suite} suite
 * @param {SuiteResult} result
 * @param {{ rounds: number, frames: number }} options
 * @returns {SuiteSummary}
 */
export function summarize({ name, unit }, result, { rounds, frames }) {
  const [ours, builtin, floor] = [result.ours, result.builtin, result.floor].map(medianOf);
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
    values: {
      ours: result.ours.values.map(rounded),
      builtin: result.builtin.values.map(rounded),
      floor: result.floor.values.map(rounded),
    },
    failures: Object.entries(result).flatMap(([variant, { failures }]) =>
      failures.map((failure) => `${variant}, ${failure}`),
    ),
  };
}

/**
 * @param {VariantResult} result
 * @returns {number | null} over the rounds that did not fail
 */
function medianOf({ values }) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  return above === undefined || below === undefined ? null : (below + above) / 2;
}

/**
 * @param {number | null | undefined} value
 * @param {number | null | undefined} base
 */
function ratio(value, base) {
  return value && base ? Number((value / base).toFixed(3)) : null;
}

/** @param {number | null | undefined} value */
function rounded(value) {
  return value === null || value === undefined ? null : Number(value.toFixed(1));
}

/** @typedef {import('./summarize.mjs').SuiteSummary} SuiteSummary */
/** @typedef {import('./suites/Suite.mjs').Variant} Variant */

/** The columns of every table of results. */
export const COLUMNS = [
  'suite',
  'unit',
  'ours',
  'built-in',
  'floor',
  'built-in / ours',
  'ours / floor',
  'transport',
];

/** The columns with text. */
export const TEXT_COLUMNS = new Set(['suite', 'unit', 'transport']);

/**
 * The cells of a row for people: medians, ratios, and the thread that fetched the frames of this package.
 *
 * @param {SuiteSummary} summary
 * @returns {string[]}
 */
export function cellsOf(summary) {
  return [
    summary.name,
    summary.unit,
    formatValue(summary, 'ours'),
    formatValue(summary, 'builtin'),
    formatValue(summary, 'floor'),
    formatInverse(summary.ratioToBuiltin),
    summary.ratioToFloor === null ? '-' : summary.ratioToFloor.toFixed(2),
    summary.transport?.thread ?? '-',
  ];
}

/**
 * The reasons where workers did not fetch the frames.
 *
 * @param {SuiteSummary[]} summaries
 * @returns {string[]} a line for each reason, with the names of its rows
 */
export function describeMainThread(summaries) {
  /** @type {Map<string, string[]>} */
  const reasons = new Map();
  for (const { name, transport } of summaries) {
    if (!transport || transport.thread === 'worker') continue;
    const line = `${transport.thread}: ${transport.reason}`;
    reasons.set(line, [...(reasons.get(line) ?? []), name]);
  }
  return [...reasons].map(([line, names]) => `${line} (${names.join(', ')})`);
}

/**
 * @param {SuiteSummary} summary
 * @param {Variant} variant
 */
function formatValue(summary, variant) {
  const value = summary[variant];
  if (value !== null)
    return Number.isInteger(value) || value >= 1000 ? value.toFixed(0) : format(value);
  return summary.values[variant] === undefined ? '-' : 'failed';
}

/** @param {number} value */
function format(value) {
  return value < 10 ? String(Number(value.toPrecision(3))) : value.toFixed(1);
}

/** @param {number | null} ratio */
function formatInverse(ratio) {
  if (ratio === null) return '-';
  return ratio === 0 ? 'all' : (1 / ratio).toFixed(2);
}

/** @typedef {import('./summarize.mjs').SuiteSummary} SuiteSummary */
/** @typedef {import('./suites/Suite.mjs').Variant} Variant */

const HEAD = ['suite', 'unit', 'ours', 'built-in', 'floor', 'built-in / ours', 'ours / floor'];

/**
 * The medians and ratios as a table for people, with the failures below it.
 *
 * @param {SuiteSummary[]} summaries
 * @returns {string}
 */
export function formatTable(summaries) {
  const rows = summaries.map((each) => [
    each.name,
    each.unit,
    formatValue(each, 'ours'),
    formatValue(each, 'builtin'),
    formatValue(each, 'floor'),
    formatInverse(each.ratioToBuiltin),
    each.ratioToFloor === null ? '-' : each.ratioToFloor.toFixed(2),
  ]);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [HEAD, widths.map((width) => '-'.repeat(width)), ...rows].map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const failures = summaries.flatMap(({ name, failures: texts }) =>
    texts.map((text) => `FAILED ${name}, ${text}`),
  );
  return [...lines, ...failures, ''].join('\n');
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

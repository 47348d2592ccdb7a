/** @typedef {import('./summarize.mjs').SuiteSummary} SuiteSummary */

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
    formatValue(each.ours),
    formatValue(each.builtin),
    formatValue(each.floor),
    each.ratioToBuiltin === null ? '-' : (1 / each.ratioToBuiltin).toFixed(2),
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

/** @param {number | null} value */
function formatValue(value) {
  return value === null ? 'failed' : value.toFixed(1);
}

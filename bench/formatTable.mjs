import { cellsOf, COLUMNS, describeMainThread, TEXT_COLUMNS } from './resultRows.mjs';

/**
 * The medians and ratios as a table for the terminal, and below it the reasons where workers did not fetch,
 * and the failures.
 *
 * @param {import('./summarize.mjs').SuiteSummary[]} summaries
 * @returns {string}
 */
export function formatTable(summaries) {
  const rows = summaries.map(cellsOf);
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [COLUMNS, widths.map((width) => '-'.repeat(width)), ...rows].map((row) =>
    row
      .map((cell, column) =>
        TEXT_COLUMNS.has(COLUMNS[column] ?? '')
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const failures = summaries.flatMap(({ name, failures: texts }) =>
    texts.map((text) => `FAILED ${name}, ${text}`),
  );
  return [...lines, ...describeMainThread(summaries), ...failures, ''].join('\n');
}

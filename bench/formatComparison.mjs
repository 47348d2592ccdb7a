/** @typedef {import('./resultsFile.mjs').Results} Results */
/** @typedef {import('./summarize.mjs').SuiteSummary} SuiteSummary */

/** The rows with titles that need no explanation, also where the built-in loader is faster. */
const ROWS = [
  { suite: 'load-shared', title: 'Loading all frames' },
  { suite: 'first-slice-h1', title: 'First slice on screen, on a link of 25 MB/s' },
  { suite: 'scroll-latency-h1', title: 'Slice on screen after a jump, during the load' },
  { suite: 'main-thread-shared-busy', title: 'Main thread busy during a load' },
  { suite: 'main-thread-shared-longest', title: 'Longest task of the main thread' },
  { suite: 'memory-shared-peak', title: 'Peak of memory' },
  { suite: 'codecs-j2k', title: 'Loading JPEG 2000' },
  { suite: 'reopen-volume-time', title: 'A volume of Images that are in memory' },
];

/**
 * A short table against the built-in loader: its median, ours, and how many times less or more ours takes, for
 * each machine that has results.
 *
 * @param {Partial<Record<'webpack' | 'workstation', Results | undefined>>} results
 * @returns {string} Markdown; empty without results
 */
export function formatComparison({ webpack, workstation }) {
  const machines = [webpack, workstation].filter((results) => results !== undefined);
  const rows = ROWS.map(({ suite, title }) => ({
    title,
    found: machines.map(({ suites }) => suites.find(({ name }) => name === suite)),
  })).filter(({ found }) => found.some(Boolean));
  if (rows.length === 0) return '';
  const titles = machines.flatMap(({ machine: { cores } }) => [
    `built-in, ${cores} cores`,
    `this package, ${cores} cores`,
    'it takes',
  ]);
  const lines = [
    ['', ...titles],
    ['---', ...titles.map(() => '---:')],
    ...rows.map(({ title, found }) => [title, ...found.flatMap(cellsOf)]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * @param {SuiteSummary | undefined} summary
 * @returns {string[]}
 */
function cellsOf(summary) {
  if (!summary) return ['-', '-', '-'];
  const { builtin, ours, unit, ratioToBuiltin } = summary;
  const text = (/** @type {number | null} */ value) =>
    value === null ? 'failed' : `${Number(value.toPrecision(3))} ${unit}`;
  return [text(builtin), text(ours), compare(ratioToBuiltin)];
}

/** @param {number | null} ratio - ours / built-in; of less than 5 % nothing is said, as rounds differ by more */
function compare(ratio) {
  if (!ratio) return '-';
  if (Math.abs(ratio - 1) < 0.05) return 'the same';
  return ratio < 1 ? `${(1 / ratio).toFixed(1)} times less` : `${ratio.toFixed(1)} times more`;
}

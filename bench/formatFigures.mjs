import { cellsOf, COLUMNS, describeMainThread, TEXT_COLUMNS } from './resultRows.mjs';

/** @typedef {import('./resultsFile.mjs').Results} Results */
/** @typedef {import('./summarize.mjs').SuiteSummary} SuiteSummary */

const isWithHooks = (/** @type {SuiteSummary} */ { name }) => /-hooks\b/.test(name);

/**
 * The results as sections of Markdown: those of webpack, of its suites with hooks, of Vite, and of a machine
 * with many cores; missing results have no section.
 *
 * @param {Partial<Record<'webpack' | 'vite' | 'workstation', Results | undefined>>} results
 * @returns {string}
 */
export function formatFigures({ webpack, vite, workstation }) {
  return [
    ...section('Built by webpack', webpack, (summary) => !isWithHooks(summary)),
    ...section('Built by webpack, with the hooks of OHIF', webpack, isWithHooks),
    ...section('Built by Vite', vite, () => true),
    ...section('Built by webpack, with many cores and a graphics card', workstation, () => true),
  ].join('\n\n');
}

/**
 * @param {string} title
 * @param {Results | undefined} results
 * @param {(summary: SuiteSummary) => boolean} isWanted
 * @returns {string[]} blocks; none when there is no row
 */
function section(title, results, isWanted) {
  const summaries = (results?.suites ?? []).filter(isWanted);
  const [first] = summaries;
  if (!results || !first) return [];
  const reasons = describeMainThread(summaries);
  return [
    `### ${title}`,
    describeRun(results, first),
    table(summaries),
    ...(reasons.length > 0 ? [reasons.map((line) => `- ${line}`).join('\n')] : []),
  ];
}

/**
 * @param {Results} results
 * @param {SuiteSummary} first
 */
function describeRun({ build, machine }, { rounds, frames }) {
  const { cores, processor, memoryInGB, chromium, date, loadAverage } = machine;
  return (
    `Medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} with ${frames} frames, taken on ` +
    `${date.slice(0, 10)}. Build: ${build.bundler}, ${build.minified ? 'minified' : 'not minified'}, ` +
    `Cornerstone3D ${build.cornerstone}. Machine: Chromium ${chromium}, ${cores} cores ` +
    `(${processor}), ${memoryInGB} GB, load average ${loadAverage.before} before and ` +
    `${loadAverage.after} after.`
  );
}

/** @param {SuiteSummary[]} summaries */
function table(summaries) {
  const lines = [
    COLUMNS,
    COLUMNS.map((title) => (TEXT_COLUMNS.has(title) ? '---' : '---:')),
    ...summaries.map((summary) => {
      const [name, ...cells] = cellsOf(summary);
      return [`\`${name}\``, ...cells];
    }),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

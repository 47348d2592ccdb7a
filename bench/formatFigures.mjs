import { cellsOf, COLUMNS, describeMainThread, TEXT_COLUMNS } from './resultRows.mjs';

/** @typedef {import('./resultsFile.mjs').Results} Results */
/** @typedef {import('./summarize.mjs').SuiteSummary} SuiteSummary */

/** Of `COLUMNS`: built-in / ours, and ours / floor. */
const [RATIOS_FROM, RATIOS_TO] = [5, 7];

const isWithHooks = (/** @type {SuiteSummary} */ { name }) => /-hooks\b/.test(name);

/**
 * The results as sections of Markdown: those of webpack, of its suites with hooks, of Vite, of a machine with many
 * cores, and the ratios of both machines beside each other; missing results have no section.
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
    ...bothMachines(webpack, workstation),
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
 * @param {Results | undefined} webpack
 * @param {Results | undefined} workstation
 * @returns {string[]} blocks; none when no suite was measured on both machines
 */
function bothMachines(webpack, workstation) {
  const pairs = (webpack?.suites ?? []).flatMap((summary) => {
    const other = workstation?.suites.find(({ name }) => name === summary.name);
    return other ? [[summary, other]] : [];
  });
  if (!webpack || !workstation || pairs.length === 0) return [];
  const ratios = COLUMNS.slice(RATIOS_FROM, RATIOS_TO);
  const lines = [
    [
      'suite',
      ...[webpack, workstation].flatMap(({ machine: { cores } }) =>
        ratios.map((title) => `${title}, ${cores} cores`),
      ),
    ],
    ['---', '---:', '---:', '---:', '---:'],
    ...pairs.map((pair) => [
      `\`${pair[0]?.name}\``,
      ...pair.flatMap((summary) => cellsOf(summary).slice(RATIOS_FROM, RATIOS_TO)),
    ]),
  ];
  return ['### Both machines', lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')];
}

/**
 * @param {Results} results
 * @param {SuiteSummary} first
 */
function describeRun({ build, machine, suites }, { rounds, frames }) {
  const { cores, processor, memoryInGB, chromium, date, loadAverage, graphics } = machine;
  const decodeWorkers = suites.find((each) => each.decodeWorkers !== undefined)?.decodeWorkers;
  return (
    `Medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} with ${frames} frames, taken on ` +
    `${date.slice(0, 10)}. Build: ${build.bundler}, ${build.minified ? 'minified' : 'not minified'}, ` +
    `Cornerstone3D ${build.cornerstone}. Machine: Chromium ${chromium}, ${cores} cores ` +
    `(${processor}), ${memoryInGB} GB, load average ${loadAverage.before} before and ` +
    `${loadAverage.after} after.` +
    (graphics ? ` Drawn by ${describeGraphics(graphics)}.` : '') +
    (decodeWorkers === undefined ? '' : ` Decode workers of \`codecs\`: ${decodeWorkers}.`)
  );
}

/** @param {import('./browser/launchBrowser.mjs').Graphics} graphics */
function describeGraphics({ renderer, flags }) {
  return flags.length === 0 ? renderer : `${renderer}, with the flags \`${flags.join(' ')}\``;
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

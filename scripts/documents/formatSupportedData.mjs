/**
 * Writes the tables of docs/supported-data.md from the list that its tests run over
 * (test/support/supportedData/cells.mjs).
 */
import { errorOfCell } from '../../test/support/supportedData/cells.mjs';
import { SCHEMES } from '../../test/support/supportedData/syntaxes.mjs';

/** @typedef {import('../../test/support/supportedData/cells.mjs').Cell} Cell */
/** @typedef {import('../../test/support/supportedData/cells.mjs').Kind} Kind */
/** @typedef {import('../../test/support/supportedData/cells.mjs').Syntax} Syntax */

/**
 * The kinds with what a voxel of each is.
 *
 * @param {readonly Cell[]} cells
 * @returns {string} Markdown
 */
export function formatKinds(cells) {
  return kindsByGroup(cells)
    .flatMap(([group, kinds]) => [
      `**${group}**`,
      '',
      '| Kind | Voxels | Values |',
      '| --- | --- | --- |',
      ...kinds.map(({ name, voxels, components = 1, values }) => {
        const type =
          voxels === undefined
            ? '-'
            : `\`${voxels}\`${components > 1 ? `, ${components} components` : ''}`;
        return `| ${name} | ${type} | ${values} |`;
      }),
      '',
    ])
    .join('\n');
}

/**
 * One row for the transfer syntaxes of a kind that have the same results, one column for each scheme.
 *
 * @param {readonly Cell[]} cells
 * @returns {string} Markdown
 */
export function formatCells(cells) {
  /** @type {Map<string, number>} numbers of notes by what they say */
  const notes = new Map();
  const tables = kindsByGroup(cells).flatMap(([group, kinds]) => [
    `### ${group}`,
    '',
    `| Kind | Transfer syntax | ${SCHEMES.map(({ name }) => name).join(' | ')} |`,
    `| --- | --- | ${SCHEMES.map(() => '---').join(' | ')} |`,
    ...kinds.flatMap((kind) => rowsOf(kind, cells, notes)),
    '',
  ]);
  return [...tables, ...[...notes].map(([note, number]) => `[^d${number}]: ${note}`)].join('\n');
}

/** @param {readonly Cell[]} cells */
function kindsByGroup(cells) {
  /** @type {Map<string, Set<Kind>>} */
  const groups = new Map();
  cells.forEach(({ kind }) => {
    const kinds = groups.get(kind.group) ?? new Set();
    groups.set(kind.group, kinds.add(kind));
  });
  return [...groups].map(([group, kinds]) => /** @type {const} */ ([group, [...kinds]]));
}

/**
 * @param {Kind} kind
 * @param {readonly Cell[]} cells
 * @param {Map<string, number>} notes
 */
function rowsOf(kind, cells, notes) {
  const own = cells.filter((cell) => cell.kind === kind);
  const syntaxes = [...new Set(own.map(({ syntax }) => syntax))];
  /** @type {Map<string, Syntax[]>} */
  const rows = new Map();
  for (const syntax of syntaxes) {
    const marks = SCHEMES.map((scheme) => {
      const cell = own.find((each) => each.syntax === syntax && each.scheme === scheme);
      return cell ? markOf(cell, notes) : '';
    }).join(' | ');
    rows.set(marks, [...(rows.get(marks) ?? []), syntax]);
  }
  return [...rows].map(([marks, same]) => {
    return `| ${kind.name} | ${same.map(({ name }) => name).join(', ')} | ${marks} |`;
  });
}

/**
 * @param {Cell} cell
 * @param {Map<string, number>} notes
 */
function markOf(cell, notes) {
  const { refusal, syntax } = cell;
  if (refusal) {
    const { code, reason, when, why } = refusal;
    const time =
      when === 'creation'
        ? 'the volume is not created, and no pixels are requested'
        : 'the error of the frames';
    const named = reason === undefined ? `\`${code}\`` : `\`${code}\`, reason \`${reason}\``;
    return `\`${code}\`${noteOf(`${named}, ${time}: ${why}.`, notes)}`;
  }
  const error = errorOfCell(cell);
  const mark = error === 0 ? 'exact' : `within ${error}`;
  const { since } = syntax;
  return since === undefined
    ? mark
    : `${mark}${noteOf(`From dicom-image-loader ${since} on; before, \`frame-decode\`, the error of the frames.`, notes)}`;
}

/**
 * @param {string} text
 * @param {Map<string, number>} notes
 */
function noteOf(text, notes) {
  const number = notes.get(text) ?? notes.size + 1;
  notes.set(text, number);
  return `[^d${number}]`;
}

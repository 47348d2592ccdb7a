import { KINDS } from './kinds.mjs';
import { SCHEMES, SYNTAXES } from './syntaxes.mjs';

/** @typedef {import('./kinds.mjs').Kind} Kind */
/** @typedef {import('./kinds.mjs').Refusal} Refusal */
/** @typedef {import('./syntaxes.mjs').Scheme} Scheme */
/** @typedef {import('./syntaxes.mjs').Syntax} Syntax */

/**
 * One kind of data in one transfer syntax over one scheme. It is a test of `test/endToEnd/supportedData.spec.ts`, and a
 * cell of the table in `docs/supported-data.md`.
 *
 * @typedef {object} Cell
 * @property {Kind} kind
 * @property {Syntax} syntax
 * @property {Scheme} scheme
 * @property {Refusal} [refusal] absent where the voxels have to be right, within {@link errorOfCell}
 */

/** @returns {Cell[]} all cells, in the order of the documentation */
export function supportedDataCells() {
  return KINDS.flatMap((kind) =>
    kind.syntaxes.flatMap((id) => {
      const syntax = syntaxOf(id);
      return SCHEMES.map((scheme) => ({
        kind,
        syntax,
        scheme,
        ...refusalOf(kind, syntax, scheme),
      }));
    }),
  );
}

/** @param {string} id */
function syntaxOf(id) {
  const syntax = SYNTAXES.find((each) => each.id === id);
  if (!syntax) throw new Error(`No transfer syntax has the id ${id}`);
  return syntax;
}

/**
 * @param {Kind} kind
 * @param {Syntax} syntax
 * @param {Scheme} scheme
 * @returns {{ refusal?: Refusal }}
 */
function refusalOf({ refused = [] }, syntax, scheme) {
  const refusal = refused.find(
    ({ syntaxes, schemes }) =>
      (syntaxes ?? [syntax.id]).includes(syntax.id) && (schemes ?? [scheme.id]).includes(scheme.id),
  );
  return refusal ? { refusal } : {};
}

/**
 * The most by which a voxel may differ from the value that was written.
 *
 * @param {Pick<Cell, 'kind' | 'syntax'>} cell
 */
export function errorOfCell({ kind, syntax }) {
  return Math.max(kind.error ?? 0, syntax.error ?? 0);
}

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { replaceGeneratedPart } from '../scripts/documents/generatedPart.mjs';
import { formatComparison } from './formatComparison.mjs';
import { formatFigures } from './formatFigures.mjs';
import { readResults, resultsFile } from './resultsFile.mjs';

/** The documents that hold figures, absolute, with the name of the generated part of each. */
const PARTS = new Map([
  [fileURLToPath(new URL('../docs/performance.md', import.meta.url)), 'figures'],
  [fileURLToPath(new URL('../README.md', import.meta.url)), 'comparison'],
]);

/** The documents that hold figures, absolute. */
export const DOCUMENTS = [...PARTS.keys()];

/**
 * Writes the results that are in the repository into the documents.
 *
 * @returns {Promise<string[]>} the paths of the documents
 * @throws {Error} when one of them has no place for them
 */
export async function renewFigures() {
  for (const document of DOCUMENTS) {
    await writeFile(document, await withFigures(document));
  }
  return DOCUMENTS;
}

/**
 * The text of a document with the figures of the results that are in the repository.
 *
 * @param {string} document - one of `DOCUMENTS`
 * @returns {Promise<string>}
 * @throws {Error} when it has no place for them
 */
export async function withFigures(document) {
  const [webpack, vite, workstation] = await Promise.all(
    [
      resultsFile({ bundler: 'webpack', minify: true }),
      resultsFile({ bundler: 'vite', minify: true }),
      resultsFile({ bundler: 'webpack', minify: true, gpu: [] }),
    ].map((file) => readResults(file)),
  );
  const parts = {
    figures: () => formatFigures({ webpack, vite, workstation }),
    comparison: () => formatComparison({ webpack, workstation }),
  };
  const name = /** @type {keyof typeof parts} */ (PARTS.get(document));
  const text = replaceGeneratedPart(await readFile(document, 'utf8'), name, parts[name]());
  return format(text, { ...(await resolveConfig(document)), parser: 'markdown' });
}

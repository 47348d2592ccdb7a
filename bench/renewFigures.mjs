import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { formatFigures } from './formatFigures.mjs';
import { readResults, resultsFile, WORKSTATION_FILE } from './resultsFile.mjs';

/** The document that holds the figures, absolute. */
export const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

const BEGIN = '<!-- What follows is written by npm run bench -- --table -->';
const END = '<!-- So far -->';

/**
 * Writes the results that are in the repository into the document.
 *
 * @returns {Promise<string>} the document's path
 * @throws {Error} when the document has no place for them
 */
export async function renewFigures() {
  await writeFile(DOCUMENT, await withFigures(await readFile(DOCUMENT, 'utf8')));
  return DOCUMENT;
}

/**
 * The text of the document with the figures of the results that are in the repository.
 *
 * @param {string} text
 * @returns {Promise<string>}
 * @throws {Error} when it has no place for them
 */
export async function withFigures(text) {
  const [webpack, vite, workstation] = await Promise.all(
    [
      resultsFile({ bundler: 'webpack', minify: true }),
      resultsFile({ bundler: 'vite', minify: true }),
      WORKSTATION_FILE,
    ].map((file) => readResults(file)),
  );
  const figures = formatFigures({ webpack, vite, workstation });
  const config = await resolveConfig(DOCUMENT);
  return format(replaceFigures(text, figures), { ...config, parser: 'markdown' });
}

/**
 * @param {string} text
 * @param {string} figures
 * @returns {string}
 * @throws {Error} when it has no place for them
 */
export function replaceFigures(text, figures) {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error(`Expected ${BEGIN} and then ${END} in the document`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${text.slice(end)}`;
}

/** The files of examples/ that documents show, as generated parts. */
import path from 'node:path';

/** Documents, and the file of each part. The language of the code is the extension of the file. */
const SHOWN = {
  'docs/getting-started.md': {
    'vite-script': 'examples/vite-vanilla/main.js',
    'vite-page': 'examples/vite-vanilla/index.html',
    'vite-config': 'examples/vite-vanilla/vite.config.js',
    'webpack-page': 'examples/webpack/public/index.html',
    'webpack-config': 'examples/webpack/webpack.config.mjs',
  },
  'docs/usage.md': { 'react-hook': 'examples/vite-react/src/useStreamingVolume.ts' },
  'docs/recipes.md': { 'react-progress': 'examples/vite-react/src/LoadProgress.tsx' },
};

/** Files that readers are told are the same. */
const SAME = [['examples/vite-vanilla/main.js', 'examples/webpack/main.js']];

/**
 * The code that documents show of the examples.
 *
 * @param {(file: string) => string} read - text of a file, by its path from the root of the repository
 * @returns {Map<string, Record<string, string>>} the fenced code of each part, by document
 */
export function exampleParts(read) {
  return new Map(
    Object.entries(SHOWN).map(([document, files]) => [
      document,
      Object.fromEntries(
        Object.entries(files).map(([part, file]) => {
          const language = path.extname(file).slice(1);
          return [part, `\`\`\`${language}\n${read(file).trimEnd()}\n\`\`\``];
        }),
      ),
    ]),
  );
}

/**
 * @param {(file: string) => string} read
 * @returns {string[]} which files of the examples differ although documents show one for the other
 */
export function differingExamples(read) {
  return SAME.filter((files) => new Set(files.map(read)).size > 1).map(
    (files) =>
      `${files.join(' and ')} have to be the same: docs/getting-started.md shows one for both`,
  );
}

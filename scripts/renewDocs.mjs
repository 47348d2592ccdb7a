/**
 * Writes what the documentation has from the sources, and checks what it refers to.
 *
 *   npm run docs           writes docs/architecture.svg, the table of workarounds in docs/ARCHITECTURE.md, the
 *                          tables of kinds of data in docs/supported-data.md, and the code of examples/ in the
 *                          documents that explain it
 *   npm run docs:check     writes nothing; fails when these are stale
 *
 * Both fail when a document names a folder, a module, a spec or a heading that does not exist, when
 * docs/ARCHITECTURE.md leaves out a folder of src, when docs/troubleshooting.md leaves out an error code, and when a comment about a workaround lacks a part.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { globSync } from 'tinyglobby';
import { differingExamples, exampleParts } from './documents/exampleParts.mjs';
import { drawRooms } from './documents/drawRooms.mjs';
import { supportedDataCells } from '../test/support/supportedData/cells.mjs';
import { anchorsOf, findBrokenReferences } from './documents/findBrokenReferences.mjs';
import { findWorkarounds, formatWorkarounds } from './documents/findWorkarounds.mjs';
import { formatCells, formatKinds } from './documents/formatSupportedData.mjs';
import { replaceGeneratedPart } from './documents/generatedPart.mjs';
import { readRooms } from './documents/readRooms.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAP = 'docs/ARCHITECTURE.md';
const PICTURE = 'docs/architecture.svg';
const TROUBLES = 'docs/troubleshooting.md';
const DATA = 'docs/supported-data.md';

const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const read = (/** @type {string} */ file) => readFileSync(path.join(ROOT, file), 'utf8');
const sources = new Map(
  globSync('**/*.ts', { cwd: path.join(ROOT, 'src') })
    .toSorted()
    .map((file) => [file, read(`src/${file}`)]),
);
const comments = [...sources].map(([file, text]) => findWorkarounds(`src/${file}`, text));
const workarounds = comments.flatMap((found) => found.workarounds);

const cells = supportedDataCells();
const shownExamples = await Promise.all(
  [...exampleParts(read)].map(
    async ([file, parts]) => /** @type {const} */ ([file, await renew(file, parts)]),
  ),
);

/** @type {Map<string, string>} */
const renewed = new Map([
  [PICTURE, drawRooms(readRooms(sources))],
  [MAP, await renew(MAP, { workarounds: formatWorkarounds(workarounds) })],
  [DATA, await renew(DATA, { kinds: formatKinds(cells), cells: formatCells(cells) })],
  ...shownExamples,
]);

/**
 * The text of a document with these generated parts.
 *
 * @param {string} file
 * @param {Readonly<Record<string, string>>} parts
 */
async function renew(file, parts) {
  const text = Object.entries(parts).reduce(
    (before, [name, content]) => replaceGeneratedPart(before, name, content),
    read(file),
  );
  const config = await resolveConfig(path.join(ROOT, file));
  return format(text, { ...config, parser: 'markdown' });
}

const stale = [...renewed].filter(
  ([file, text]) => !existsSync(path.join(ROOT, file)) || read(file) !== text,
);
const problems = [...comments.flatMap(({ faults }) => faults), ...differingExamples(read)];
for (const [file, text] of stale) {
  if (flags.check) {
    problems.push(`${file} is not what the sources give; write it with: npm run docs`);
  } else {
    writeFileSync(path.join(ROOT, file), text);
    process.stdout.write(`Written: ${file}\n`);
  }
}

const folders = new Set([...sources.keys()].map((file) => path.posix.dirname(`src/${file}`)));
folders.forEach((folder) => {
  if (!renewed.get(MAP)?.includes(`\`${folder}/\``)) {
    problems.push(`${MAP} does not say what is in \`${folder}/\``);
  }
});

const repository = {
  exists: (/** @type {string} */ file) => existsSync(path.join(ROOT, file)),
  read,
};
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).toSorted();
problems.push(...documents.flatMap((file) => findBrokenReferences(file, repository)));

const anchors = anchorsOf(read(TROUBLES));
for (const [, code = ''] of read('src/base/errors.ts').matchAll(/^ {2}\| '([\w-]+)'/gm)) {
  if (!anchors.has(code)) {
    problems.push(
      `${TROUBLES} has no heading for the error code ${code}, which its messages refer to`,
    );
  }
}

problems.forEach((problem) => process.stderr.write(`${problem}\n`));
process.stdout.write(
  `${documents.length} documents, ${workarounds.length} workarounds: ${problems.length} problems\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

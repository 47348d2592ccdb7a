/**
 * Checks the links and anchors of the pages in .cache/docs, which typedoc builds of src/ and docs/ (`npm run docs`).
 */
import { fileURLToPath } from 'node:url';
import { findBrokenPageLinks } from './documents/findBrokenPageLinks.mjs';

const { pages, links, broken } = findBrokenPageLinks(
  fileURLToPath(new URL('../.cache/docs', import.meta.url)),
);
broken.forEach((problem) => process.stderr.write(`${problem}\n`));
process.stdout.write(`${pages} pages, ${links} links: ${broken.length} broken\n`);
process.exitCode = broken.length > 0 || pages === 0 ? 1 : 0;

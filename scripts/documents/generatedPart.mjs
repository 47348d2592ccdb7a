/**
 * Replaces the generated part of a Markdown document:
 *
 *     <!-- begin generated NAME -->
 *     <!-- end generated NAME -->
 *
 * The comment may name the command that writes it: `<!-- begin generated NAME: npm run docs -->`.
 *
 * @param {string} text - of the document
 * @param {string} name - of the part
 * @param {string} content - Markdown, without the comments
 * @returns {string} the document with this content
 * @throws {Error} when the document does not have exactly one such part
 */
export function replaceGeneratedPart(text, name, content) {
  const begins = [...text.matchAll(/<!-- begin generated ([\w-]+)(?::[^>]*)? -->/g)].filter(
    ([, found]) => found === name,
  );
  const ends = [...text.matchAll(/<!-- end generated ([\w-]+) -->/g)].filter(
    ([, found]) => found === name,
  );
  const [begin] = begins;
  const [end] = ends;
  if (!begin || !end || begins.length > 1 || ends.length > 1 || end.index < begin.index) {
    throw new Error(
      `Expected one <!-- begin generated ${name} --> and then one <!-- end generated ${name} -->`,
    );
  }
  const before = text.slice(0, begin.index + begin[0].length);
  return `${before}\n\n${content.trim()}\n\n${text.slice(end.index)}`;
}

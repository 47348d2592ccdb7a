/**
 * Finds the TypeScript and JavaScript in Markdown and in the comments of the sources.
 *
 * Each block is compiled as a separate module, so it imports what it uses. Declarations that it assumes are
 * in a comment before it, which readers do not see:
 *
 *     <!-- context: declare const imageIds: string[]; -->
 *     ```ts
 *     const volume = await createStreamingVolume(volumeId, { imageIds });
 *     ```
 */

const FENCE = /^\s*(`{3,}|~{3,})\s*([\w-]*)/;
const COMPILED = new Map([
  ['js', '.ts'],
  ['javascript', '.ts'],
  ['mjs', '.ts'],
  ['ts', '.ts'],
  ['typescript', '.ts'],
  ['jsx', '.tsx'],
  ['tsx', '.tsx'],
]);

/**
 * @typedef {object} CodeBlock
 * @property {string} file
 * @property {number} line - of the code's first line, from 1
 * @property {'.ts' | '.tsx'} extension
 * @property {string} source - the code with its context, at the lines and columns of the file; everything
 *   else is blank
 */

/**
 * @param {string} file - name for the blocks; its extension distinguishes Markdown from sources
 * @param {string} text
 * @returns {CodeBlock[]}
 * @throws Error with file and line for a fence or a context that does not end, for a context without a block,
 *   and for an `@example` that is no fenced block
 */
export function findCodeBlocks(file, text) {
  const isSource = !file.endsWith('.md');
  const lines = (isSource ? keepComments(text) : text).split(/\r?\n/);
  /** @param {number} index @param {string} message */
  const fail = (index, message) => new Error(`${file}:${index + 1}: ${message}`);
  /** @type {CodeBlock[]} */
  const blocks = [];
  /** @type {{ at: number; end: number } | undefined} */
  let context;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, fence, language = ''] = FENCE.exec(line) ?? [];
    if (/^\s*<!--\s*context:/.test(line)) {
      const length = lines.slice(at).findIndex((other) => other.includes('-->'));
      if (length === -1) {
        throw fail(at, 'this context does not end');
      }
      context = { at, end: at + length };
      at = context.end;
    } else if (fence) {
      const length = lines.slice(at + 1).findIndex((other) => closes(other, fence));
      if (length === -1) {
        throw fail(at, 'this block does not end');
      }
      const extension = COMPILED.get(language);
      if (extension) {
        const source = lines.map((other, index) => {
          const isCode = index > at && index <= at + length;
          const isContext = context && index >= context.at && index <= context.end;
          return isCode ? other : isContext ? withoutMarks(other) : '';
        });
        blocks.push({
          file,
          line: at + 2,
          extension: /** @type {CodeBlock['extension']} */ (extension),
          source: source.join('\n'),
        });
      } else if (context) {
        throw fail(
          context.at,
          'the block behind this context is neither TypeScript nor JavaScript',
        );
      }
      context = undefined;
      at += length + 1;
    } else if (/^\s*@example\b/.test(line) && isSource) {
      if (!FENCE.test(lines[at + 1] ?? '')) {
        throw fail(at, 'an @example is a fenced block');
      }
    } else if (context && line.trim() !== '') {
      throw fail(context.at, 'no block follows this context');
    }
  }
  if (context) {
    throw fail(context.at, 'no block follows this context');
  }
  return blocks;
}

/**
 * @param {string} line
 * @param {string} fence
 */
function closes(line, fence) {
  const closing = line.trim();
  return closing.startsWith(fence) && closing.replaceAll(fence.charAt(0), '') === '';
}

/** @param {string} line */
function withoutMarks(line) {
  return line.replace(/<!--\s*context:|-->/g, (mark) => ' '.repeat(mark.length));
}

/**
 * The contents of TSDoc comments at their lines and columns; the code is blank.
 *
 * @param {string} text
 */
function keepComments(text) {
  /** @param {string} part */
  const blank = (part) => part.replace(/[^\r\n]/g, ' ');
  let kept = '';
  let end = 0;
  for (const { 0: comment, index } of text.matchAll(/\/\*\*[^]*?\*\//g)) {
    const content = comment
      .replace(/^\/\*\*|\*\/$/g, blank)
      .replace(/^[^\S\r\n]*\*/gm, (margin) => ' '.repeat(margin.length));
    kept += blank(text.slice(end, index)) + content;
    end = index + comment.length;
  }
  return kept + blank(text.slice(end));
}

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
 *
 * A block that is run as well has another comment before it, of one line, with the name of its check in
 * test/documentation/checks.ts. Other comments may stand between the two:
 *
 *     <!-- run: retry -->
 */

const FENCE = /^\s*(`{3,}|~{3,})\s*([\w-]*)/;
const RUN = /^\s*<!--\s*run:\s*([\w-]+)\s*-->\s*$/;
const COMMENT = /^\s*<!--.*-->\s*$/;
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
 * @property {string} [run] - the name of its check, if it is run
 */

/**
 * @param {string} file - name for the blocks; its extension distinguishes Markdown from sources
 * @param {string} text
 * @returns {CodeBlock[]}
 * @throws Error with file and line for a fence or a context that does not end, for a context or a check without a block,
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
  /** @type {{ at: number; name: string } | undefined} */
  let run;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, fence, language = ''] = FENCE.exec(line) ?? [];
    const [, name] = RUN.exec(line) ?? [];
    if (name !== undefined) {
      run = { at, name };
    } else if (/^\s*<!--\s*context:/.test(line)) {
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
          ...(run && { run: run.name }),
        });
      } else if (context ?? run) {
        throw fail(
          (context ?? run)?.at ?? at,
          `the block behind this ${context ? 'context' : 'check'} is neither TypeScript nor JavaScript`,
        );
      }
      context = undefined;
      run = undefined;
      at += length + 1;
    } else if (/^\s*@example\b/.test(line) && isSource) {
      if (!FENCE.test(lines[at + 1] ?? '')) {
        throw fail(at, 'an @example is a fenced block');
      }
    } else if (context && line.trim() !== '') {
      throw fail(context.at, 'no block follows this context');
    } else if (run && line.trim() !== '' && !COMMENT.test(line)) {
      throw fail(run.at, 'no block follows this check');
    }
  }
  if (context) {
    throw fail(context.at, 'no block follows this context');
  }
  if (run) {
    throw fail(run.at, 'no block follows this check');
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

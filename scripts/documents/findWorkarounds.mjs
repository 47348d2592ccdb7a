/**
 * Code that is there only because of a fault elsewhere.
 *
 * @typedef {object} Workaround
 * @property {string} file
 * @property {number} line - of the comment's first line, from 1
 * @property {string} what - what upstream does
 * @property {string} removeWhen - the condition
 */

/**
 * Finds the comments of the form `Workaround: what upstream does. Remove when a condition.` A comment is a run of
 * lines that begin with two slashes, or a block; both may have other sentences around these two.
 *
 * @param {string} file - path for the result
 * @param {string} text - TypeScript
 * @returns {{ workarounds: Workaround[]; faults: string[] }} in the faults, with file and line, the comments that
 *   have one of both parts alone
 */
export function findWorkarounds(file, text) {
  /** @type {Workaround[]} */
  const workarounds = [];
  /** @type {string[]} */
  const faults = [];
  for (const { line, content } of commentsOf(text)) {
    const [before = '', ...bodies] = content.split(/\bWorkaround:\s*/);
    if (/\bRemove when\b/.test(before)) {
      faults.push(`${file}:${line}: "Remove when" without "Workaround:" before it`);
    }
    for (const body of bodies) {
      const [, what, removeWhen] = /^(.+?)[.;]?\s+Remove when\s+(.+?)\.(?=\s|$)/.exec(body) ?? [];
      if (what && removeWhen) {
        workarounds.push({ file, line, what, removeWhen });
      } else {
        faults.push(
          `${file}:${line}: "Workaround:" without a sentence "Remove when ..." behind it`,
        );
      }
    }
  }
  return { workarounds, faults };
}

/**
 * The comments of a source, each as one line of text without its marks.
 *
 * @param {string} text
 * @returns {{ line: number; content: string }[]}
 */
function commentsOf(text) {
  /** @type {{ line: number; lines: string[] }[]} */
  const comments = [];
  /** @type {'none' | 'run' | 'block'} */
  let inside = 'none';
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const line = source.trim();
    if (inside === 'block' || line.startsWith('/*')) {
      if (inside !== 'block') {
        comments.push({ line: index + 1, lines: [] });
      }
      comments.at(-1)?.lines.push(line.replace(/^\/?\*+\/?/, '').replace(/\*\/.*$/, ''));
      inside = line.includes('*/') ? 'none' : 'block';
    } else if (line.startsWith('//')) {
      if (inside !== 'run') {
        comments.push({ line: index + 1, lines: [] });
      }
      comments.at(-1)?.lines.push(line.slice(2));
      inside = 'run';
    } else {
      // A comment behind code is one line.
      const [, trailing] = /\s\/\/ (.*)$/.exec(source) ?? [];
      if (trailing) {
        comments.push({ line: index + 1, lines: [trailing] });
      }
      inside = 'none';
    }
  }
  return comments.map(({ line, lines }) => ({
    line,
    content: lines
      .map((each) => each.trim())
      .filter(Boolean)
      .join(' '),
  }));
}

/**
 * The workarounds as a table of Markdown.
 *
 * @param {Workaround[]} workarounds
 * @returns {string}
 */
export function formatWorkarounds(workarounds) {
  if (workarounds.length === 0) {
    return 'There are none.';
  }
  return [
    '| What upstream does | File | Remove when |',
    '| --- | --- | --- |',
    ...workarounds
      .toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
      .map(({ what, file, removeWhen }) => `| ${cell(what)} | \`${file}\` | ${cell(removeWhen)} |`),
  ].join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/\{@link (\w+)\}/g, '`$1`');
}

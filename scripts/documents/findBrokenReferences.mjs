import path from 'node:path';

/** Where paths in the text of a document are looked for, from the root of the repository. */
const FOLDERS = ['src', 'test', 'scripts', 'bench', 'demo', 'docs'];

/**
 * What is known of the repository; paths are from its root, with `/` between folders.
 *
 * @typedef {object} Repository
 * @property {(file: string) => boolean} exists - whether there is such a file or folder
 * @property {(file: string) => string} read - text of a file
 */

/**
 * Finds what a Markdown document refers to and the repository does not have:
 *
 * - relative links and pictures whose file does not exist, and `#anchors` without a heading in that file
 * - paths in code spans that begin with a folder of the repository (`src/index.ts`), with or without a `*`
 * - specs in code spans, also by their path from test/ (`api/register.spec.ts`), and the titles of tests that are
 *   quoted behind them: a title may be cut off by ` ...`
 *
 * @param {string} file - path of the document
 * @param {Repository} repository
 * @returns {string[]} what is wrong, with file and line
 */
export function findBrokenReferences(file, repository) {
  const lines = withoutCode(repository.read(file));
  return lines.flatMap((line, index) =>
    [
      ...brokenLinks(line, file, repository),
      ...brokenPaths(line, repository),
      ...brokenTitles(line, repository),
    ].map((fault) => `${file}:${index + 1}: ${fault}`),
  );
}

/**
 * @param {string} line
 * @param {string} file
 * @param {Repository} repository
 */
function brokenLinks(line, file, repository) {
  return [...line.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z][\w+.-]*:/i.test(target)) {
      return [];
    }
    const [name = '', anchor] = target.split('#');
    const linked = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
    if (!repository.exists(linked)) {
      return [`the link ${target} leads to no file`];
    }
    const isFound = anchor === undefined || anchorsOf(repository.read(linked)).has(anchor);
    return isFound ? [] : [`the link ${target} leads to no heading`];
  });
}

/**
 * @param {string} line
 * @param {Repository} repository
 */
function brokenPaths(line, repository) {
  return codeSpans(line).flatMap((span) => {
    const isPath = /^[\w./{},*-]+$/.test(span) && FOLDERS.includes(span.split('/')[0] ?? '');
    if (isPath && span.includes('/')) {
      // Up to a pattern, the path has to exist.
      const fixed = span.replace(/[^/]*[*{].*$/, '');
      return repository.exists(fixed.replace(/\/$/, '')) ? [] : [`there is no ${span}`];
    }
    return isSpec(span) && !repository.exists(specPath(span)) ? [`there is no ${span}`] : [];
  });
}

/**
 * @param {string} line
 * @param {Repository} repository
 */
function brokenTitles(line, repository) {
  return [...line.matchAll(/`([^`]+)`((?: ?(?:,|and)? ?"[^"]+")+)/g)].flatMap(
    ([, spec = '', titles = '']) => {
      if (!isSpec(spec) || !repository.exists(specPath(spec))) {
        return [];
      }
      const text = repository.read(specPath(spec)).replaceAll("\\'", "'");
      return [...titles.matchAll(/"([^"]+)"/g)]
        .map(([, title = '']) => title)
        .filter((title) => !title.split(' ...').every((part) => text.includes(part.trim())))
        .map((title) => `${spec} has no test "${title}"`);
    },
  );
}

/** @param {string} line */
function codeSpans(line) {
  return [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}

/** @param {string} span */
function isSpec(span) {
  return /^[\w./-]+\.spec\.ts$/.test(span);
}

/** @param {string} spec */
function specPath(spec) {
  return spec.startsWith('test/') ? spec : `test/${spec}`;
}

/**
 * The lines of a document; those of fenced and indented code are empty.
 *
 * @param {string} text
 */
function withoutCode(text) {
  /** @type {string | undefined} */
  let fence;
  return text.split(/\r?\n/).map((line) => {
    const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence !== undefined) {
      fence = mark?.startsWith(fence) ? undefined : fence;
      return '';
    }
    fence = mark;
    return mark || /^ {4}/.test(line) ? '' : line;
  });
}

/**
 * The anchors of the headings of a document, as GitHub makes them.
 *
 * @param {string} text
 * @returns {Set<string>}
 */
export function anchorsOf(text) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return new Set(
    withoutCode(text).flatMap((line) => {
      const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(line) ?? [];
      if (heading === undefined) {
        return [];
      }
      const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
      const anchor = plain
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-');
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return [times === 0 ? anchor : `${anchor}-${times}`];
    }),
  );
}

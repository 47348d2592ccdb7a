import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';

/**
 * Finds links of built pages that lead nowhere: to a file that the folder does not have, or to an anchor that the page
 * does not have. Links to other sites are not followed.
 *
 * @param {string} folder - with the pages
 * @returns {{ pages: number; links: number; broken: string[] }}
 */
export function findBrokenPageLinks(folder) {
  const pages = globSync('**/*.html', { cwd: folder }).toSorted();
  /** @type {Map<string, Set<string>>} */
  const anchors = new Map();
  /** @param {string} page */
  const anchorsOf = (page) => {
    const known = anchors.get(page) ?? readAnchors(path.join(folder, page));
    anchors.set(page, known);
    return known;
  };
  /** @type {string[]} */
  const broken = [];
  let links = 0;
  for (const page of pages) {
    for (const target of linksOf(readFileSync(path.join(folder, page), 'utf8'))) {
      links++;
      const [name = '', anchor = ''] = target.split('#').map(decodeURIComponent);
      const joined = name === '' ? page : path.posix.join(path.posix.dirname(page), name);
      // As servers do with the address of a folder.
      const linked = /(^|\/)\.?$/.test(joined) ? path.posix.join(joined, 'index.html') : joined;
      const file = path.join(folder, linked);
      if (!existsSync(file) || !statSync(file).isFile()) {
        broken.push(`${page}: the link ${target} leads to no file`);
      } else if (anchor !== '' && linked.endsWith('.html') && !anchorsOf(linked).has(anchor)) {
        broken.push(`${page}: the link ${target} leads to no anchor`);
      }
    }
  }
  return { pages: pages.length, links, broken };
}

/** @param {string} html */
function linksOf(html) {
  return [...withoutScripts(html).matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, target = '']) => target.replaceAll('&amp;', '&').replace(/\?[^#]*/, ''))
    .filter((target) => target !== '' && target !== '#' && !/^([a-z][\w+.-]*:|\/\/)/i.test(target));
}

/** @param {string} file */
function readAnchors(file) {
  const html = withoutScripts(readFileSync(file, 'utf8'));
  return new Set([...html.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id = '']) => id));
}

/** @param {string} html */
function withoutScripts(html) {
  return html.replaceAll(/<script\b[^>]*>[^]*?<\/script>/g, '');
}

import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { findBrokenPageLinks } from '../../scripts/documents/findBrokenPageLinks.mjs';

/** @param {Record<string, string>} files */
function check(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pages-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return findBrokenPageLinks(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('findBrokenPageLinks', () => {
  it('follows links to files and anchors, in both directions', () => {
    const found = check({
      'index.html': '<h1 id="top"></h1><a href="a/b.html#x%20y">b</a><a href="#top">top</a>',
      'a/b.html': '<h2 id="x y"></h2><img src="../picture.png?v=1"><a href="../#top">t</a>',
      'picture.png': '',
    });
    assert.deepEqual(found, { pages: 2, links: 4, broken: [] });
  });

  it('tells files and anchors that are not there', () => {
    const { broken } = check({
      'index.html': '<a href="gone.html">1</a><a href="#gone">2</a><img src="gone.png">',
    });
    assert.deepEqual(broken, [
      'index.html: the link gone.html leads to no file',
      'index.html: the link #gone leads to no anchor',
      'index.html: the link gone.png leads to no file',
    ]);
  });

  it('leaves out other sites, and what scripts hold', () => {
    const { links } = check({
      'index.html':
        '<a href="https://example.org/x">1</a><a href="mailto:a@example.org">2</a><script>"<a href=\\"x\\">"</script>',
    });
    assert.equal(links, 0);
  });
});

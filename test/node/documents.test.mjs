import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawRooms } from '../../scripts/documents/drawRooms.mjs';
import { anchorsOf, findBrokenReferences } from '../../scripts/documents/findBrokenReferences.mjs';
import { findWorkarounds, formatWorkarounds } from '../../scripts/documents/findWorkarounds.mjs';
import { replaceGeneratedPart } from '../../scripts/documents/generatedPart.mjs';
import { readRooms } from '../../scripts/documents/readRooms.mjs';

const SOURCES = new Map([
  [
    'index.ts',
    "export { load } from './upper/load.js';\nexport type { Base } from './base/Base.js';",
  ],
  [
    'upper/load.ts',
    "import { read } from './deep/read.js';\nimport { cache } from '@scope/core/cache';",
  ],
  [
    'upper/deep/read.ts',
    "import type { Base } from '../../base/Base.js';\n// import './nothing.js'",
  ],
  ['base/Base.ts', 'export interface Base {}'],
]);

describe('readRooms', () => {
  it('counts modules, folders and imports, and puts each room above those that it imports', () => {
    const { rooms, passages } = readRooms(SOURCES);
    assert.deepEqual(rooms, [
      { name: 'index.ts', modules: 1, looseModules: 1, folders: [], packages: [] },
      {
        name: 'upper',
        modules: 2,
        looseModules: 1,
        folders: [{ name: 'deep', modules: 1 }],
        packages: ['@scope/core'],
      },
      { name: 'base', modules: 1, looseModules: 1, folders: [], packages: [] },
    ]);
    assert.deepEqual(passages, [
      { from: 'index.ts', to: 'upper', imports: 1 },
      { from: 'index.ts', to: 'base', imports: 1 },
      { from: 'upper', to: 'base', imports: 1 },
    ]);
  });

  it('refuses a circle', () => {
    const circle = new Map([...SOURCES, ['base/Base.ts', "import '../upper/load.js';"]]);
    assert.throws(() => readRooms(circle), /upper, base|base, upper/);
  });

  it('refuses a module that lies in no room', () => {
    const loose = new Map([...SOURCES, ['loose.ts', '']]);
    assert.throws(() => readRooms(loose), /found loose\.ts/);
  });
});

describe('drawRooms', () => {
  const svg = drawRooms(readRooms(SOURCES));

  it('draws each room and folder with its number of modules', () => {
    assert.match(svg, />upper<\/text>/);
    assert.match(svg, />2 modules, 1 of them in no folder<\/text>/);
    assert.match(svg, />deep · 1<\/text>/);
    assert.match(svg, />uses @scope\/core<\/text>/);
  });

  it('changes with an import', () => {
    const more = new Map([...SOURCES, ['upper/more.ts', "import '../base/Base.js';"]]);
    assert.notEqual(drawRooms(readRooms(more)), svg);
  });

  it('gives the same text for the same sources', () => {
    assert.equal(drawRooms(readRooms(SOURCES)), svg);
  });
});

describe('findWorkarounds', () => {
  it('finds them in runs of lines, in blocks and behind code', () => {
    const text = [
      '// A reason. Workaround: core (cache.js, 5.14)',
      '// keeps an entry. Remove when core drops it (5.15.1).',
      'const a = 1;',
      '/**',
      ' * Says what it does.',
      ' *',
      ' * Workaround: vtk.js keeps a texture; Remove when',
      ' * it is freed. More of it.',
      ' */',
      'const b = 2; // Workaround: Safari has none. Remove when it has.',
    ].join('\n');
    assert.deepEqual(findWorkarounds('a.ts', text), {
      workarounds: [
        {
          file: 'a.ts',
          line: 1,
          what: 'core (cache.js, 5.14) keeps an entry',
          removeWhen: 'core drops it (5.15.1)',
        },
        { file: 'a.ts', line: 4, what: 'vtk.js keeps a texture', removeWhen: 'it is freed' },
        { file: 'a.ts', line: 10, what: 'Safari has none', removeWhen: 'it has' },
      ],
      faults: [],
    });
  });

  it('tells of a part that stands alone', () => {
    const text = ['// Workaround: core does this.', '', 'x();', '// Remove when core stops.'].join(
      '\n',
    );
    assert.deepEqual(findWorkarounds('a.ts', text).faults, [
      'a.ts:1: "Workaround:" without a sentence "Remove when ..." behind it',
      'a.ts:4: "Remove when" without "Workaround:" before it',
    ]);
  });

  it('are a table, by file and line', () => {
    const one = { file: 'b.ts', line: 1, what: 'a | b', removeWhen: 'c' };
    const table = formatWorkarounds([one, { ...one, file: 'a.ts', what: 'd' }]).split('\n');
    assert.deepEqual(table.slice(2), ['| d | `a.ts` | c |', '| a \\| b | `b.ts` | c |']);
  });
});

describe('replaceGeneratedPart', () => {
  const text =
    'before\n<!-- begin generated part: npm run x -->\nold\n<!-- end generated part -->\nafter';

  it('replaces what is between the comments, and keeps all else', () => {
    assert.equal(
      replaceGeneratedPart(text, 'part', 'new $&'),
      text.replace('old', () => '\nnew $&\n'),
    );
  });

  it('refuses a document without the part, or with two', () => {
    assert.throws(() => replaceGeneratedPart(text, 'other', 'new'), /Expected one .* other/);
    assert.throws(() => replaceGeneratedPart(text + text, 'part', 'new'), /Expected one/);
  });
});

describe('findBrokenReferences', () => {
  /** @param {string} document */
  const faultsOf = (document) => {
    const files = new Map([
      ['docs/page.md', document],
      ['docs/other.md', '# Other page\n\n## Same\n\n## Same\n\n```md\n# Code\n```'],
      ['src/index.ts', ''],
      ['test/api/a.spec.ts', "it('does one thing at once', () => {}); it('isn\\'t', () => {});"],
    ]);
    return findBrokenReferences('docs/page.md', {
      exists: (file) =>
        [...files.keys()].some((each) => each === file || each.startsWith(`${file}/`)),
      read: (file) => files.get(file) ?? '',
    });
  };

  it('takes what exists', () => {
    const document = [
      '# A page',
      '[other](other.md#same-1), [here](#a-page), [web](https://example.org/x.md), ![x](../src/index.ts)',
      '`src/index.ts`, `src/*.ts`, `src/`, `application/json`',
      '`api/a.spec.ts` "does one thing ..." "isn\'t", `test/api/a.spec.ts`',
      '    src/none.ts',
      '```md',
      '[nowhere](none.md)',
      '```',
    ];
    assert.deepEqual(faultsOf(document.join('\n')), []);
  });

  for (const [text, fault] of [
    ['[x](none.md)', 'the link none.md leads to no file'],
    ['[x](other.md#code)', 'the link other.md#code leads to no heading'],
    ['[x](#nothing)', 'the link #nothing leads to no heading'],
    ['`src/none.ts`', 'there is no src/none.ts'],
    ['`src/none/*.ts`', 'there is no src/none/*.ts'],
    ['`api/none.spec.ts`', 'there is no api/none.spec.ts'],
    ['`api/a.spec.ts` "does two things"', 'api/a.spec.ts has no test "does two things"'],
  ]) {
    it(`finds ${text}`, () => {
      assert.deepEqual(faultsOf(`# A page\n${text}`), [`docs/page.md:2: ${fault}`]);
    });
  }

  it('makes anchors as GitHub does', () => {
    const text = '# `load(callback?)`, and *more*\n## A-b, c\n## [Link](x.md) here';
    assert.deepEqual([...anchorsOf(text)], ['loadcallback-and-more', 'a-b-c', 'link-here']);
  });
});

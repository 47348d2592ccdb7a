import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findApiDifferences, writeApiReports } from '../../scripts/apiReport.mjs';

const SOURCES = {
  'src/index.ts': [
    "export { Loader } from './Loader.js';",
    "export type { LoadOptions } from './Loader.js';",
  ],
  'src/Loader.ts': [
    'interface Retry { readonly attempts: number }',
    '/** What a load takes. */',
    'export interface LoadOptions { readonly retry?: Retry }',
    '/** Loads things. */',
    'export class Loader {',
    '  #count = 0;',
    '  /** Loads one thing. */',
    '  load(name: string, options?: LoadOptions): Promise<number> {',
    '    this.#count += name.length + (options?.retry?.attempts ?? 0);',
    '    return Promise.resolve(this.#count);',
    '  }',
    '}',
  ],
  'src/extra/index.ts': ['/** What the extra entry is called. */', "export const ID = 'extra';"],
};

const MANIFEST = {
  name: 'sample',
  version: '1.0.0',
  type: 'module',
  exports: {
    '.': { types: './dist/types/index.d.ts', default: './dist/index.js' },
    './extra': { types: './dist/types/extra/index.d.ts', default: './dist/extra.js' },
    './package.json': './package.json',
  },
};

const CONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    strict: true,
    types: [],
    rootDir: 'src',
    declaration: true,
    declarationMap: true,
    sourceMap: true,
    outDir: 'dist',
    declarationDir: 'dist/types',
  },
  include: ['src'],
};

describe('The report of the public interface', () => {
  /** @type {string} */
  let root;

  /**
   * @param {string} file
   * @param {string} text
   */
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };

  /**
   * @param {keyof SOURCES} file
   * @param {[from: string, to: string][]} edits what is replaced, and what replaces it
   */
  const differencesAfter = (file, ...edits) => {
    const text = SOURCES[file].join('\n');
    let edited = text;
    for (const [from, to] of edits) {
      assert.ok(edited.includes(from), from);
      edited = edited.replaceAll(from, to);
    }
    write(file, edited);
    try {
      return findApiDifferences(root);
    } finally {
      write(file, text);
    }
  };

  before(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'api-report-')));
    write('package.json', JSON.stringify(MANIFEST));
    write('tsconfig.build.json', JSON.stringify(CONFIG));
    for (const [file, lines] of Object.entries(SOURCES)) {
      write(file, lines.join('\n'));
    }
    assert.deepEqual(writeApiReports(root), [
      'test/interface/sample.api.md',
      'test/interface/extra.api.md',
    ]);
  });

  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('has each exported name, and the types that they need', () => {
    const report = readFileSync(path.join(root, 'test/interface/sample.api.md'), 'utf8');
    assert.match(report, /export class Loader \{\n.*load\(name: string, options\?: LoadOptions\)/s);
    assert.match(report, /export interface LoadOptions/);
    assert.match(report, /^interface Retry/m);
    assert.match(
      readFileSync(path.join(root, 'test/interface/extra.api.md'), 'utf8'),
      /ID = "extra"/,
    );
    // The build is left as it is.
    assert.equal(existsSync(path.join(root, 'dist')), false);
  });

  it('is the same after a change of a comment, of private members or of code', () => {
    const differences = differencesAfter(
      'src/Loader.ts',
      ['Loads one thing.', 'Loads exactly one thing; rejects when there is none.'],
      ['#count', '#sum'],
      ['attempts ?? 0', 'attempts ?? 1'],
    );
    assert.deepEqual(differences, []);
  });

  it('differs after a change of a signature or of a type that it needs, and after a deprecation', () => {
    const [difference, ...others] = differencesAfter(
      'src/Loader.ts',
      ['options?: LoadOptions', 'options: LoadOptions'],
      ['attempts: number', 'attempts: 1 | 2'],
      ['Loads one thing.', 'Loads one thing. @deprecated Use `loadAll`.'],
    );
    assert.deepEqual(others, []);
    assert.equal(difference?.file, 'test/interface/sample.api.md');
    const { diff } = difference;
    assert.match(diff, /^- .*load\(name: string, options\?: LoadOptions\)/m);
    assert.match(diff, /^\+ .*load\(name: string, options: LoadOptions\)/m);
    assert.match(diff, /^\+ .*attempts: 1 \| 2/m);
    assert.match(diff, /^\+ .*@deprecated/m);
  });

  it('differs for the entry whose names have changed, and for no other', () => {
    const differences = differencesAfter('src/extra/index.ts', ['const ID', 'const NAME']);
    assert.deepEqual(
      differences.map(({ file }) => file),
      ['test/interface/extra.api.md'],
    );
  });

  it('differs where a report is missing', () => {
    const file = path.join(root, 'test/interface/extra.api.md');
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    const [difference] = findApiDifferences(root);
    writeFileSync(file, text);
    assert.equal(difference?.file, 'test/interface/extra.api.md');
    assert.match(difference.diff, /^\+.*ID = "extra"/m);
  });

  it('refuses sources with an error', () => {
    assert.throws(
      () => differencesAfter('src/Loader.ts', ['Promise<number>', 'Promise<string>']),
      /cannot be written:.*TS2322/s,
    );
  });
});

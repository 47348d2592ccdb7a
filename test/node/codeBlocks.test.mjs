import assert from 'node:assert/strict';
import os from 'node:os';
import { describe, it } from 'node:test';
import { checkCodeBlocks } from '../../scripts/checkCodeBlocks.mjs';
import { findCodeBlocks } from '../../scripts/codeBlocks.mjs';

const PAGE = [
  '# Title',
  '<!-- context: declare const count: number; -->',
  '',
  '```ts',
  'const double: number = 2 * count;',
  'const text: string = double;',
  '```',
  '```json',
  '{ "not": "code" }',
  '```',
  '- in a list',
  '',
  '  ```jsx',
  '  const count = "of this block alone";',
  '  ```',
].join('\n');

const SOURCE = [
  '/**',
  ' * Doubles.',
  ' *',
  ' * @example',
  ' * ```ts',
  ' * const four: number = "4";',
  ' * ```',
  ' */',
  'export const double = (count: number) => `${2 * count}`;',
].join('\n');

describe('findCodeBlocks', () => {
  it('finds TypeScript and JavaScript at its lines, with its context', () => {
    const blocks = findCodeBlocks('page.md', PAGE);
    assert.deepEqual(
      blocks.map(({ line, extension }) => [line, extension]),
      [
        [5, '.ts'],
        [14, '.tsx'],
      ],
    );
    const [first, second] = blocks.map(({ source }) => source.split('\n'));
    assert.equal(first?.[1]?.trim(), 'declare const count: number;');
    assert.equal(first?.[4], 'const double: number = 2 * count;');
    assert.equal(second?.join('').trim(), 'const count = "of this block alone";');
  });

  it('finds the check of a block that is run', () => {
    const fence = ['```ts', 'code', '```'];
    const lines = ['<!-- run: one -->', '<!-- another -->', '', ...fence, ...fence];
    assert.deepEqual(
      findCodeBlocks('page.md', lines.join('\n')).map(({ run }) => run),
      ['one', undefined],
    );
  });

  it('finds the examples in comments of sources, and no code', () => {
    const [example, ...others] = findCodeBlocks('double.ts', SOURCE);
    assert.deepEqual(others, []);
    assert.equal(example?.source.trim(), 'const four: number = "4";');
    assert.equal(example?.line, 6);
  });

  for (const [what, text, message] of [
    ['a block that does not end', 'text\n```ts\ncode', 'page.md:2: this block does not end'],
    ['a context that does not end', '<!-- context: x', 'page.md:1: this context does not end'],
    ['a context without a block', '<!-- context: x -->\ntext', 'page.md:1: no block follows'],
    ['a context at the end', '<!-- context: x -->', 'page.md:1: no block follows'],
    ['a check without a block', '<!-- run: x -->\ntext', 'page.md:1: no block follows'],
    ['a check at the end', '<!-- run: x -->', 'page.md:1: no block follows'],
    ['a check of no code', '<!-- run: x -->\n```sh\n```', 'page.md:1: the block behind'],
    ['a context of no code', '<!-- context: x -->\n```sh\n```', 'page.md:1: the block behind'],
  ]) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => findCodeBlocks('page.md', String(text)),
        (/** @type {Error} */ error) => error.message.startsWith(String(message)),
      );
    });
  }

  it('refuses an example that is no block', () => {
    const unfenced = SOURCE.replaceAll(/ \* ```.*\n/g, '');
    assert.throws(() => findCodeBlocks('double.ts', unfenced), /^Error: double.ts:4: an @example/);
  });
});

describe('checkCodeBlocks', () => {
  it('says what is wrong, with file, line and column', () => {
    const blocks = [...findCodeBlocks('page.md', PAGE), ...findCodeBlocks('double.ts', SOURCE)];
    const problems = checkCodeBlocks(os.tmpdir(), blocks);
    assert.deepEqual(
      problems.map((problem) => problem.split(' ', 2).join(' ')),
      ['page.md:6:7: TS2322', 'double.ts:6:10: TS2322'],
    );
  });

  it('is strict', () => {
    const code = 'const list = [1];\nconst first: number = list[0];\nconst f = (x) => x;';
    const problems = checkCodeBlocks(
      os.tmpdir(),
      findCodeBlocks('a.md', `\`\`\`js\n${code}\n\`\`\``),
    );
    assert.deepEqual(
      problems.map((problem) => problem.split(' ', 2).join(' ')),
      ['a.md:3:7: TS2322', 'a.md:4:12: TS7006'],
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

/** @param {string} path - from the root of the repository */
function read(path) {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/**
 * The words of a union of string literals.
 *
 * @param {string} path
 * @param {string} type
 */
function wordsOf(path, type) {
  const [, union] = new RegExp(`export type ${type} =([^;]+);`).exec(read(path)) ?? [];
  assert.ok(union, `${path} has the type ${type}`);
  return [...union.matchAll(/'([^']+)'/g)].map(([, word]) => word);
}

describe('The documents', () => {
  it('have a section for each code of an error, and none for other codes', () => {
    const sections = [...read('docs/troubleshooting.md').matchAll(/^### `([^`]+)`$/gm)];
    assert.deepEqual(
      new Set(sections.map(([, code]) => code)),
      new Set(wordsOf('src/base/errors.ts', 'StreamingVolumeErrorCode')),
    );
  });

  it('explain each code of a reason why imageIds are not a volume', () => {
    const rows = read('docs/eligibility.md').matchAll(
      /^\| (`[^|]+`) +\| (?:error|warning|either)/gm,
    );
    const codes = [...rows].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code),
    );
    assert.deepEqual(
      new Set(codes),
      new Set(wordsOf('src/base/eligibilityReason.ts', 'EligibilityCode')),
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Ways to the text of a function. A minifier writes it anew, so that nothing may depend on it. */
const SOURCE_READING = [
  /Function\.prototype\.toString/,
  /\btoString\.(call|apply)\b/,
  /Reflect\.apply\([^)]*toString/,
];

/** @param {string} text */
function readsSource(text) {
  return SOURCE_READING.some((pattern) => pattern.test(text));
}

describe('The sources', () => {
  it('decide nothing by how a function prints', () => {
    const files = globSync('**/*.ts', { cwd: SRC, absolute: true });
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.filter((file) => readsSource(readFileSync(file, 'utf8'))),
      [],
    );
  });

  it('would be found out', () => {
    assert.ok(readsSource('Function.prototype.toString.call(hook)'));
    assert.ok(readsSource('({}).toString.call(hook)'));
  });
});

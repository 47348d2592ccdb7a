import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const read = (/** @type {string} */ path) => readFileSync(new URL(path, ROOT), 'utf8');

// docs/usage.md has the very file of the example: `npm run docs:check`.
test('the hook of examples/vite-react is the one that the specs mount', () => {
  const mounted = read('test/react/useStreamingVolume.ts');
  assert.equal(
    read('examples/vite-react/src/useStreamingVolume.ts'),
    mounted.replaceAll('../../src/index.js', 'streaming-image-volume-loader'),
  );
});

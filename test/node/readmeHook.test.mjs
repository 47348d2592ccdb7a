import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);

test('the hook in the README is the one that the specs mount', () => {
  const readme = readFileSync(new URL('README.md', ROOT), 'utf8');
  const blocks = [...readme.matchAll(/^```tsx\n([^]*?)^```$/gm)].map(([, code]) => code);
  const hook = readFileSync(new URL('test/react/useStreamingVolume.ts', ROOT), 'utf8');
  const asImported = hook.replaceAll('../../src/index.js', 'streaming-image-volume-loader');
  assert.deepEqual(
    blocks.filter((code) => code?.includes('useStreamingVolume')),
    [asImported],
  );
});

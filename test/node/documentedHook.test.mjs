import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../', import.meta.url);

test('the hook in docs/usage.md is the one that the specs mount', () => {
  const usage = readFileSync(new URL('docs/usage.md', ROOT), 'utf8');
  const blocks = [...usage.matchAll(/^```tsx\n([^]*?)^```$/gm)].map(([, code]) => code);
  const hook = readFileSync(new URL('test/react/useStreamingVolume.ts', ROOT), 'utf8');
  const asImported = hook.replaceAll('../../src/index.js', 'streaming-image-volume-loader');
  assert.deepEqual(
    blocks.filter((code) => code?.includes('useStreamingVolume')),
    [asImported],
  );
});

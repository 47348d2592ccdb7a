import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { indexPart10 } from '../../demo/server/part10Index.mjs';
import { readFrame } from '../../demo/server/readFrame.mjs';
import { ensureDemoSeries, phantomSlice } from '../../demo/server/syntheticSeries.mjs';

const SMALL = { slices: 8, size: 64 };

test('computes the same slice each time, of plausible Hounsfield units', () => {
  const hash = (/** @type {Int16Array} */ slice) =>
    createHash('sha256').update(Buffer.from(slice.buffer)).digest('hex');
  const slice = phantomSlice(4, SMALL);
  assert.equal(slice.length, 64 * 64);
  assert.equal(hash(slice), hash(phantomSlice(4, SMALL)));
  assert.notEqual(hash(slice), hash(phantomSlice(3, SMALL)));
  const sorted = Int16Array.from(slice).sort();
  assert.ok(Number(sorted[0]) >= -1024 && Number(sorted[0]) < -950);
  assert.ok(Number(sorted[sorted.length - 1]) > 300 && Number(sorted[sorted.length - 1]) <= 1500);
  assert.throws(() => phantomSlice(8, SMALL), RangeError);
});

test('writes a complete series once, and anew when its size changes', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'demo-series-test-'));
  const folder = join(parent, 'series');
  /** @type {number[]} */
  const progress = [];
  const options = { ...SMALL, folder };
  const first = await ensureDemoSeries({ ...options, onProgress: (done) => progress.push(done) });
  assert.deepEqual(first, { created: true });
  assert.deepEqual(progress, [1, 2, 3, 4, 5, 6, 7, 8]);
  const index = await indexPart10([folder]);
  const [series, ...others] = index.series;
  assert.deepEqual(others, []);
  assert.equal(series?.instances.length, 8);
  const positions = series?.instances.map(({ json }) => Number(json['00200032']?.Value?.[2])) ?? [];
  positions.slice(1).forEach((z, i) => {
    assert.ok(Math.abs(Number(positions[i]) - z - 330 / 8) < 1e-6);
  });
  const top = series?.instances[0];
  assert.ok(top);
  const stored = await readFrame(top, 1);
  assert.equal(stored?.readUInt16LE(200), Number(phantomSlice(7, SMALL)[100]) + 1024);

  const file = join(folder, 'slice-0001.dcm');
  await writeFile(file, 'kept');
  assert.deepEqual(await ensureDemoSeries(options), { created: false });
  assert.equal(await readFile(file, 'utf8'), 'kept');
  assert.deepEqual(await ensureDemoSeries({ ...options, slices: 7 }), { created: true });
  assert.equal((await readdir(folder)).length, 8);
  assert.deepEqual(await readdir(parent), ['series']);
  await rm(parent, { recursive: true });
});

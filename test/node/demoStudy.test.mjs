import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { indexPart10 } from '../../demo/server/part10Index.mjs';
import { readFrame } from '../../demo/server/readFrame.mjs';
import { ensureDemoStudy } from '../../demo/server/synthetic/ensureDemoStudy.mjs';

const SIZES = {
  pet: { size: 64, slices: 64 },
  dose: { size: 32, slices: 24 },
  perfusion: { size: 24, slices: 24, firstSlice: 8, sliceCount: 4, timePoints: 12 },
};

/** @type {(json: import('../../demo/server/dicomJson.mjs').DicomJson | undefined, tag: string) => unknown} */
const value = (json, tag) => json?.[tag]?.Value?.[0];

test('writes a PET, a dose and time points of one study, once', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'demo-study-test-'));
  const folder = join(parent, 'study');
  assert.deepEqual(await ensureDemoStudy({ folder, sizes: SIZES }), { created: true });
  assert.deepEqual(await ensureDemoStudy({ folder, sizes: SIZES }), { created: false });
  assert.deepEqual(await readdir(parent), ['study']);
  const { series } = await indexPart10([folder]);
  assert.deepEqual(
    series.map(({ instances }) => [value(instances[0]?.json, '00080060'), instances.length]),
    [
      ['PT', 64],
      ['RTDOSE', 1],
      ['MR', 48],
    ],
  );
  const [pet, dose, perfusion] = series.map(({ instances }) => instances);
  assert.equal(value(pet?.[0]?.json, '00200052'), value(dose?.[0]?.json, '00200052'));
  assert.notEqual(value(pet?.[0]?.json, '00200052'), value(perfusion?.[0]?.json, '00200052'));

  // The hot lesion of the PET and the highest dose are in the same place.
  const highestActivity = await highestOf(pet, (json) => Number(value(json, '00281053')));
  const highestDose = await highestOf(dose, (json) => Number(value(json, '3004000E')));
  const distance = Math.hypot(
    ...highestActivity.point.map((at, i) => at - Number(highestDose.point[i])),
  );
  assert.ok(distance < 25, `${distance} mm`);
  assert.ok(highestDose.value > 55 && highestDose.value < 65, `${highestDose.value} Gy`);

  // Contrast medium comes and goes.
  const sums = await Promise.all(
    Array.from({ length: 12 }, async (_, timePoint) => {
      const slice = perfusion?.find(({ json }) => value(json, '00200100') === timePoint + 1);
      assert.ok(slice);
      const pixels = await readFrame(slice, 1);
      assert.ok(pixels);
      return new Uint16Array(
        pixels.buffer.slice(pixels.byteOffset, pixels.byteOffset + pixels.length),
      ).reduce((sum, pixel) => sum + pixel, 0);
    }),
  );
  const highest = sums.indexOf(Math.max(...sums));
  assert.ok(highest > 0 && highest < 11, sums.join(' '));
  await rm(parent, { recursive: true });
});

/**
 * @param {import('../../demo/server/part10Index.mjs').Instance[] | undefined} instances
 * @param {(json: import('../../demo/server/dicomJson.mjs').DicomJson) => number} slopeOf
 */
async function highestOf(instances, slopeOf) {
  let best = { value: -Infinity, point: [NaN, NaN, NaN] };
  for (const instance of instances ?? []) {
    const { json } = instance;
    const frames = Number(value(json, '00280008') ?? 1);
    const bytes = Number(value(json, '00280100')) / 8;
    const [x = NaN, y = NaN, z = NaN] = (json['00200032']?.Value ?? []).map(Number);
    const size = Number(value(json, '00280011'));
    const spacing = Number(value(json, '00280030'));
    for (let frame = 1; frame <= frames; frame++) {
      const pixels = await readFrame(instance, frame);
      assert.ok(pixels);
      const offset = Number(json['3004000C']?.Value?.[frame - 1] ?? 0);
      for (let pixel = 0; pixel < pixels.length / bytes; pixel++) {
        const stored = pixels.readUIntLE(pixel * bytes, bytes);
        if (stored * slopeOf(json) > best.value) {
          best = {
            value: stored * slopeOf(json),
            point: [
              x + (pixel % size) * spacing,
              y + Math.floor(pixel / size) * spacing,
              z + offset,
            ],
          };
        }
      }
    }
  }
  return best;
}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { writeCtStudy } from '../../scripts/ohif/writeStudies.mjs';
import {
  assertNoComplaintOfOurs,
  assertRequestedOnce,
  assertVoxels,
  observe,
  WITHOUT,
} from './observe.mjs';
import { startRun } from './startRun.mjs';

const SLICES = 60;
const HU_INTERCEPT = -1024;

describe('OHIF, MPR of a CT', () => {
  /** @type {import('./startRun.mjs').Run} */
  let run;
  /** @type {Awaited<ReturnType<typeof writeCtStudy>>} */
  let study;
  /** @type {import('./observe.mjs').Observation} */
  let withPackage;
  /** @type {import('./observe.mjs').Observation} */
  let without;

  before(async () => {
    run = await startRun(async (folder) => {
      study = await writeCtStudy(folder, { slices: SLICES, size: 128 });
    });
    const options = {
      path: `/viewer?StudyInstanceUIDs=${study.studyUID}&hangingProtocolId=mpr`,
      volumes: 1,
      viewportId: 'mpr-axial',
      box: { slices: [25, 34], rows: [40, 79], columns: [40, 79] },
    };
    withPackage = await observe(run, { ...options, screenshot: 'ohif-mpr.png' });
    without = await observe(run, { ...options, site: WITHOUT });
  });
  after(() => run?.close());

  it('has volumes of this package with the extension, and of core when it is off', () => {
    assert.deepEqual(
      withPackage.volumes.map(({ isOurs }) => isOurs),
      [true],
    );
    assert.deepEqual(
      without.volumes.map(({ isOurs }) => isOurs),
      [false],
    );
  });

  it('has the voxels of the files', () => {
    for (const { voxels } of [withPackage, without]) {
      const [ct] = voxels;
      assert.ok(ct);
      assertVoxels(ct, study.ct, (stored) => stored + HU_INTERCEPT);
    }
  });

  it('requests every frame once', () => {
    assertRequestedOnce(withPackage, SLICES);
    assertRequestedOnce(without, SLICES);
  });

  it('measures the same in an ellipse', () => {
    assert.equal(withPackage.ellipse.length, 1);
    assert.deepEqual(withPackage.ellipse, without.ellipse);
  });

  it('measures the same in a segment, and what the files have there', () => {
    assert.deepEqual(withPackage.segment, without.segment);
    const values = [];
    for (let slice = 24; slice <= 33; slice++) {
      const stored = study.ct.stored(slice);
      for (let row = 40; row <= 79; row++) {
        for (let column = 40; column <= 79; column++) {
          values.push((stored[row * study.ct.size + column] ?? Number.NaN) + HU_INTERCEPT);
        }
      }
    }
    const { mean, min, max, count } = withPackage.segment;
    assert.equal(count?.value, values.length);
    assert.equal(min?.value, Math.min(...values));
    assert.equal(max?.value, Math.max(...values));
    const expected = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs((mean?.value ?? Number.NaN) - expected) < 1e-9 * Math.abs(expected));
  });

  it('complains of nothing', () => {
    assertNoComplaintOfOurs(withPackage, without);
  });
});

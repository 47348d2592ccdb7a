import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PET_SLOPE, SUV_FACTOR, writePetCtStudy } from '../../scripts/ohif/writeStudies.mjs';
import {
  assertNoComplaintOfOurs,
  assertRequestedOnce,
  assertVoxels,
  observe,
  WITHOUT,
} from './observe.mjs';
import { startRun } from './startRun.mjs';

const SLICES = 48;
const HU_INTERCEPT = -1024;
/** Single precision has 24 bits; the factors are multiplied in one order or the other. */
const FLOAT_TOLERANCE = 2 ** -22;

describe('OHIF, TMTV of a PET/CT', () => {
  /** @type {import('./startRun.mjs').Run} */
  let run;
  /** @type {Awaited<ReturnType<typeof writePetCtStudy>>} */
  let study;
  /** @type {import('./observe.mjs').Observation} */
  let withPackage;
  /** @type {import('./observe.mjs').Observation} */
  let without;

  before(async () => {
    run = await startRun(async (folder) => {
      study = await writePetCtStudy(folder, { slices: SLICES, size: 96 });
    });
    const options = {
      path: `/tmtv?StudyInstanceUIDs=${study.studyUID}`,
      volumes: 2,
      viewportId: 'ptCORONAL',
      box: { slices: [9, 16], rows: [15, 30], columns: [20, 40] },
    };
    withPackage = await observe(run, { ...options, screenshot: 'ohif-tmtv.png' });
    without = await observe(run, { ...options, site: WITHOUT });
  });
  after(() => run?.close());

  it('has volumes of this package with the extension, and of core when it is off', () => {
    assert.deepEqual(
      withPackage.volumes.map(({ isOurs, modality }) => [modality, isOurs]),
      [
        ['CT', true],
        ['PT', true],
      ],
    );
    assert.deepEqual(
      without.volumes.map(({ isOurs, modality }) => [modality, isOurs]),
      [
        ['CT', false],
        ['PT', false],
      ],
    );
  });

  it('has the voxels of the files, those of the PET in SUV', () => {
    for (const { voxels } of [withPackage, without]) {
      const [ct, pet] = voxels;
      assert.ok(ct && pet);
      assertVoxels(ct, study.ct, (stored) => stored + HU_INTERCEPT);
      assertVoxels(pet, study.pet, (stored) => stored * PET_SLOPE * SUV_FACTOR, FLOAT_TOLERANCE);
    }
  });

  it('requests every frame once', () => {
    assertRequestedOnce(withPackage, SLICES + SLICES / 2);
    // Core asks for the middle slice of a series without a window anew for each viewport.
    assert.equal(without.frameRequests.size, SLICES + SLICES / 2);
  });

  it('measures the same in an ellipse, of both', () => {
    assert.deepEqual(withPackage.ellipse, without.ellipse);
    assert.deepEqual(
      withPackage.ellipse.map(({ modalityUnit }) => modalityUnit),
      ['HU', 'SUV'],
    );
  });

  it('measures the same in a segment', () => {
    assert.deepEqual(withPackage.segment, without.segment);
    assert.equal(withPackage.segment['count']?.value, 8 * 16 * 21);
  });

  it('complains of nothing', () => {
    assertNoComplaintOfOurs(withPackage, without);
  });
});

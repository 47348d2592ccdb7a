import { checkVolumeEligibility, groupImageIdsIntoVolumes } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import {
  COLUMNS,
  newSeriesUid,
  openSlices,
  ROWS,
  SOURCES,
  text,
} from '../support/writtenSlices.js';
import type { WrittenSlice } from '../support/writtenSlices.js';

const SLICES = 16;
const PIXELS = COLUMNS * ROWS;

const slicesAt = (
  positionOf: (index: number) => string,
  more: WrittenSlice['more'] = [],
): WrittenSlice[] =>
  Array.from({ length: SLICES }, (_, index) => ({
    position: positionOf(index),
    words: Array.from({ length: PIXELS }, (__, pixel) => 100 * index + pixel),
    more,
  }));
const VOXELS = Array.from(
  { length: SLICES * PIXELS },
  (_, at) => 100 * Math.floor(at / PIXELS) + (at % PIXELS),
);

/** 20 degrees about the row axis, as a header has it. */
const [COSINE, SINE] = [0.939693, 0.34202];
const TILTED = [text(0x00200037, 'DS', `1\\0\\0\\0\\${COSINE}\\${SINE}`)];

interface Writing {
  readonly spacingInMm: number;
  /** Largest error of the spacing: that of both ends of the stack, over the slices between them. */
  readonly withinMm: number;
  readonly slices: readonly WrittenSlice[];
}

const WRITINGS: Readonly<Record<string, Writing>> = {
  'one decimal, 0.625 mm apart': {
    spacingInMm: 0.625,
    withinMm: 0.1 / 15,
    slices: slicesAt((index) => `-125\\-125\\${(-40 + 0.625 * index).toFixed(1)}`),
  },
  'one decimal, downwards': {
    spacingInMm: 0.625,
    withinMm: 0.1 / 15,
    slices: slicesAt((index) => `-125.5\\-125.5\\${(3.3 - 0.625 * index).toFixed(1)}`),
  },
  'whole millimetres, 2.5 mm apart': {
    spacingInMm: 2.5,
    withinMm: 1 / 15,
    slices: slicesAt((index) => `-125\\-125\\${Math.round(10 + 2.5 * index)}`),
  },
  'whole millimetres, 1.25 mm apart, as Spacing Between Slices says': {
    spacingInMm: 1.25,
    withinMm: 1 / 15,
    slices: slicesAt(
      (index) => `-125\\-125\\${Math.round(10 + 1.25 * index)}`,
      [text(0x00180088, 'DS', '1.25')],
    ),
  },
  'an exponent and four digits': {
    spacingInMm: 0.625,
    withinMm: 0.1 / 15,
    slices: slicesAt((index) => `-1.25E+02\\-1.25E+02\\${(97 + 0.625 * index).toExponential(3)}`),
  },
  'one decimal, in two axes': {
    spacingInMm: 0.7,
    withinMm: 0.2 / 15,
    slices: slicesAt(
      (index) =>
        `-125.0\\${(-80 - SINE * 0.7 * index).toFixed(1)}\\${(20 + COSINE * 0.7 * index).toFixed(1)}`,
      TILTED,
    ),
  },
};

describe('R17: positions that are written with few decimals', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  for (const [what, { spacingInMm, withinMm, slices }] of Object.entries(WRITINGS)) {
    for (const source of SOURCES) {
      it(`are a regular volume with a warning: ${what} (${source})`, async () => {
        const imageIds = await openSlices(source, newSeriesUid(), slices);
        const ascending = what.endsWith('downwards') ? imageIds.toReversed() : imageIds;
        const given = shuffled(imageIds, seededRandom(6));
        const { eligible, reasons } = checkVolumeEligibility(given);
        expect(eligible).toBeTrue();
        expect(reasons.map(({ code, severity }) => [code, severity])).toEqual([
          ['rounded-positions', 'warning'],
        ]);
        const { volumes, rest } = groupImageIdsIntoVolumes(given);
        expect(rest).toEqual([]);
        expect(volumes.map((volume) => volume.imageIds)).toEqual([ascending]);
        expect(volumes[0]?.warnings).toEqual(reasons);
        for (const onIrregular of ['reject', 'nearest', 'resample'] as const) {
          const volume = await createVolume(given, { onIrregular });
          expect(volume.imageIds).toEqual(ascending);
          expect(Math.abs(volume.spacing[2] - spacingInMm)).toBeLessThan(withinMm);
          expect(volume.geometryReport.absentSlices).toEqual([]);
          expect(volume.geometryReport.warnings).toEqual(reasons);
          expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
          const voxels = Array.from(volume.getScalarData());
          const byIndex = what.endsWith('downwards')
            ? Array.from({ length: SLICES }, (_, at) =>
                voxels.slice((SLICES - 1 - at) * PIXELS, (SLICES - at) * PIXELS),
              ).flat()
            : voxels;
          expect(byIndex).toEqual(VOXELS);
          volume.decache(true);
        }
      });
    }

    it(`still show one slice that is missing: ${what}`, async () => {
      const gone = 6;
      const imageIds = await openSlices('dicomfile', newSeriesUid(), slices.toSpliced(gone, 1));
      const { eligible, reasons } = checkVolumeEligibility(imageIds);
      expect(eligible).toBeFalse();
      const missing = reasons.find(({ code }) => code === 'missing-slices');
      expect(missing?.severity).toBe('error');
      if (what.includes('1.25')) {
        // Here a missing slice and a rounded distance look alike, and nothing is guessed.
        return;
      }
      expect(missing?.imageIds).toEqual(imageIds.slice(gone - 1, gone + 1));
      for (const onIrregular of ['nearest', 'resample'] as const) {
        const volume = await createVolume(imageIds, { onIrregular });
        expect(volume.dimensions[2]).toBe(SLICES);
        const { absentSlices, resampledSlices } = volume.geometryReport;
        expect(
          [...absentSlices, ...resampledSlices].map(({ imageIdIndex }) => imageIdIndex),
        ).toEqual([what.endsWith('downwards') ? SLICES - 1 - gone : gone]);
        volume.decache(true);
      }
    });
  }

  it('are refused where a slice lies elsewhere than rounding puts it', async () => {
    const slices = slicesAt(
      (index) => `0\\0\\${(0.625 * index + (index === 7 ? 0.2 : 0)).toFixed(1)}`,
    );
    const imageIds = await openSlices('wadors', newSeriesUid(), slices);
    const { eligible, reasons } = checkVolumeEligibility(imageIds);
    expect(eligible).toBeFalse();
    expect(reasons.map(({ code }) => code)).toEqual(['irregular-spacing']);
  });
});

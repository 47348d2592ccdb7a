import { createStreamingVolume } from '../../../src/index.js';
import type { NoSuvCode, StreamingImageVolume } from '../../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { startDataSetCache, stopDataSetCache } from '../../support/dataSetCache.js';
import type { TestElement } from '../../support/encodePart10.js';
import { slicePixels, text } from '../../support/imageElements.js';
import { encoded, filesOverDataSets, OPENINGS } from '../../support/openSeries.js';
import {
  DOSE_IN_BQ,
  factorAfter,
  ONE_HOUR,
  petSeries,
  SLICES,
  SLOPES,
  WEIGHT_IN_G,
} from '../../support/petSeries.js';
import type { PetChanges as Changes } from '../../support/petSeries.js';

/** Private elements of Philips, as explicit text or of unknown VR. */
function philips(
  values: { readonly suv?: string; readonly activity?: string },
  { block = 0x10, creator = 'Philips PET Private Group' } = {},
): TestElement[] {
  const element = (at: number, value: string | undefined): TestElement[] =>
    value === undefined ? [] : [text(0x70530000 + block * 0x100 + at, 'DS', value)];
  return [
    ...(creator === '' ? [] : [text(0x70530000 + block, 'LO', creator)]),
    ...element(0x00, values.suv),
    ...element(0x09, values.activity),
  ];
}

interface Case {
  readonly name: string;
  readonly changes: Changes;
  /** Makes SUV of the rescaled values; or why there is none. */
  readonly suv: number | NoSuvCode;
}

const CASES: readonly Case[] = [
  { name: 'Decay Correction START', changes: {}, suv: factorAfter(ONE_HOUR) },
  {
    name: 'Decay Correction ADMIN',
    changes: { decayCorrection: 'ADMIN' },
    suv: WEIGHT_IN_G / DOSE_IN_BQ,
  },
  {
    name: 'Decay Correction ADMIN without a half-life and times',
    changes: { decayCorrection: 'ADMIN', halfLife: null, startTime: null },
    suv: WEIGHT_IN_G / DOSE_IN_BQ,
  },
  {
    name: 'Decay Correction NONE',
    changes: { decayCorrection: 'NONE' },
    suv: 'decay-correction',
  },
  { name: 'no Decay Correction', changes: { decayCorrection: null }, suv: 'header-missing' },
  {
    name: 'a date and time of the injection, which go before the time alone',
    changes: { startDateTime: '20240228233000.000000' },
    suv: factorAfter(11 * 3600),
  },
  {
    name: 'a fraction of a second with a leading zero',
    changes: { startDateTime: '20240229093015.005' },
    suv: factorAfter(3584.995),
  },
  {
    name: 'an injection before midnight of which the time alone is known',
    changes: {
      startTime: '233000',
      seriesTime: '001500',
      acquisitionTimes: Array.from({ length: SLICES }, () => '001500'),
    },
    suv: factorAfter(45 * 60),
  },
  {
    name: 'times without seconds, and a date with dots',
    changes: { startTime: '09:30', seriesDate: '2024.02.29', seriesTime: '1030' },
    suv: factorAfter(3600),
  },
  {
    name: 'an injection with an offset from UTC that is not that of the images',
    changes: { timezone: '+0100', startDateTime: '20240229103015.25+0200' },
    suv: factorAfter(ONE_HOUR),
  },
  {
    name: 'an injection with an offset from UTC, and images without',
    changes: { startDateTime: '20240229093015.25-0500' },
    suv: factorAfter(ONE_HOUR),
  },
  {
    name: 'a series that was made after its acquisition: of its earliest image',
    changes: { seriesTime: '180000', acquisitionTimes: ['104500', '103000', '104000', '110000'] },
    suv: factorAfter(ONE_HOUR),
  },
  {
    name: 'a series that GE made after its acquisition',
    changes: {
      seriesTime: '180000',
      more: [text(0x00090010, 'LO', 'GEMS_PETD_01'), text(0x0009100d, 'DT', '20240229102000.00')],
    },
    suv: factorAfter(ONE_HOUR - 600),
  },
  {
    name: 'a later injection than scan',
    changes: { startDateTime: '20240229103100' },
    suv: 'injection',
  },
  {
    name: 'a later injection than scan of which the time alone is known',
    changes: { startTime: '103100' },
    suv: 'injection',
  },
  {
    name: 'an injection a year before',
    changes: { startDateTime: '20230228093015' },
    suv: 'injection',
  },
  { name: 'no time of the injection', changes: { startTime: null }, suv: 'header-missing' },
  { name: 'no weight', changes: { weight: null }, suv: 'header-missing' },
  { name: 'a weight of 0', changes: { weight: '0' }, suv: 'header-missing' },
  { name: 'no dose', changes: { dose: null }, suv: 'header-missing' },
  { name: 'a dose of 0', changes: { dose: '0' }, suv: 'header-missing' },
  { name: 'no half-life', changes: { halfLife: null }, suv: 'header-missing' },
  { name: 'a half-life of 0', changes: { halfLife: '0' }, suv: 'header-missing' },
  { name: 'no correction for decay', changes: { corrections: 'ATTN' }, suv: 'not-corrected' },
  {
    name: 'no correction for attenuation',
    changes: { corrections: 'DECY\\NORM' },
    suv: 'not-corrected',
  },
  { name: 'no Corrected Image', changes: { corrections: null }, suv: 'header-missing' },
  { name: 'neither size nor sex', changes: { size: null, sex: null }, suv: factorAfter(ONE_HOUR) },
  { name: 'another sex', changes: { sex: 'O' }, suv: factorAfter(ONE_HOUR) },
  { name: 'Units GML', changes: { units: 'GML' }, suv: 1 },
  {
    name: 'Units GML without weight, dose and times',
    changes: { units: 'GML', weight: null, dose: null, startTime: null, corrections: null },
    suv: 1,
  },
  {
    name: 'Units GML by lean body mass',
    changes: { units: 'GML', suvType: 'LBM' },
    suv: 'suv-type',
  },
  {
    name: 'Units CNTS with the SUV factor of Philips',
    changes: { units: 'CNTS', more: philips({ suv: '0.000375', activity: '1.25' }) },
    suv: 0.000375,
  },
  {
    name: 'Units CNTS with the factor of Philips in another block, and no weight',
    changes: { units: 'CNTS', weight: null, more: philips({ suv: '0.000375' }, { block: 0x11 }) },
    suv: 0.000375,
  },
  {
    name: 'Units CNTS with the factor of Philips without the name of its block',
    changes: { units: 'CNTS', more: philips({ suv: '0.000375' }, { creator: '' }) },
    suv: 0.000375,
  },
  {
    name: 'Units CNTS with the activity factor of Philips',
    changes: { units: 'CNTS', more: philips({ suv: '0', activity: '1.25' }) },
    suv: 1.25 * factorAfter(ONE_HOUR),
  },
  { name: 'Units CNTS without a factor', changes: { units: 'CNTS' }, suv: 'units' },
  {
    name: 'Units CNTS with private elements of another vendor',
    changes: { units: 'CNTS', more: philips({ suv: '0.000375' }, { creator: 'ACME' }) },
    suv: 'units',
  },
  { name: 'Units PROPCNTS', changes: { units: 'PROPCNTS' }, suv: 'units' },
  { name: 'no Units', changes: { units: null }, suv: 'header-missing' },
];

async function expectScale(
  imageIds: readonly string[],
  { changes, suv }: Pick<Case, 'changes' | 'suv'>,
): Promise<StreamingImageVolume> {
  const volume = await createStreamingVolume(newVolumeId(), { imageIds, maxInFlight: 3 });
  expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
  const factor = typeof suv === 'number' ? suv : 1;
  expectVoxels(volume, factor);
  expect(volume.isPreScaled).toBeTrue();
  if (typeof suv === 'number') {
    expect(volume.scalingReport).toEqual({
      units: 'SUV',
      suvFrom: 'headers',
      reason: undefined,
    });
    const { suvbw } = (volume.scaling as { PT: { suvbw: number } }).PT;
    expect(Math.abs(suvbw / suv - 1)).toBeLessThan(1e-10);
  } else {
    const units = changes.units === undefined ? 'BQML' : (changes.units ?? undefined);
    expect(volume.scalingReport?.units).toBe(units);
    expect(volume.scalingReport?.suvFrom).toBeUndefined();
    expect(volume.scalingReport?.reason?.code).toBe(suv);
    expect(volume.scalingReport?.reason?.imageIds).toEqual([...volume.imageIds]);
    expect(volume.scalingReport?.reason?.message).toContain(volume.imageIds[0]);
    expect(volume.scaling).toBeUndefined();
  }
  return volume;
}

/** Within half of the last digit of single precision, twice: of the factor and of the value. */
function expectVoxels(volume: StreamingImageVolume, factor: number): void {
  const voxels = volume.getScalarData();
  expect(voxels.length).toBe(SLICES * 12);
  SLOPES.forEach((slope, slice) => {
    slicePixels(slice).forEach((stored, index) => {
      const voxel = voxels[slice * 12 + index] as number;
      const expected = stored * slope * factor;
      expect(Math.abs(voxel - expected))
        .withContext(`slice ${slice}, voxel ${index}: ${voxel} instead of ${expected}`)
        .toBeLessThanOrEqual(expected * 2 ** -23);
    });
  });
}

describe('PET is in SUV, or says why not:', () => {
  describe('with the metadata of Cornerstone,', () => {
    beforeEach(() => {
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const example of CASES) {
      for (const [scheme, open] of Object.entries(OPENINGS)) {
        it(`${example.name}, over ${scheme}`, async () => {
          await expectScale(await open(petSeries(example.changes)), example);
        });
      }
    }
  });

  describe('with the data set cache of dicom-image-loader,', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    for (const example of CASES) {
      it(example.name, async () => {
        await expectScale(await encoded(filesOverDataSets)(petSeries(example.changes)), example);
      });
    }
  });
});

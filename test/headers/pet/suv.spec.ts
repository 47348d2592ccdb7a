import { createStreamingVolume } from '../../../src/index.js';
import type { NoSuvCode, StreamingImageVolume } from '../../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { startDataSetCache, stopDataSetCache } from '../../support/dataSetCache.js';
import type { TestElement } from '../../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, words } from '../../support/imageElements.js';
import { encoded, filesOverDataSets, OPENINGS } from '../../support/openSeries.js';
import type { TestInstance } from '../../support/openSeries.js';

const SLICES = 4;
const WEIGHT_IN_G = 72_500;
const DOSE_IN_BQ = 368_410_000;
const HALF_LIFE_IN_S = 6586.2;

/** The slopes of the slices, as decimals that no binary number equals. */
const SLOPES = [0.37, 1.6667, 12.04119, 0.000123];

/** What differs from a series of Bq/ml with Decay Correction START; null is an attribute that is missing. */
interface Changes {
  readonly units?: string | null;
  readonly suvType?: string;
  readonly decayCorrection?: string | null;
  readonly corrections?: string | null;
  readonly weight?: string | null;
  readonly dose?: string | null;
  readonly halfLife?: string | null;
  readonly size?: string | null;
  readonly sex?: string | null;
  readonly startTime?: string | null;
  readonly startDateTime?: string;
  readonly seriesDate?: string;
  readonly seriesTime?: string;
  readonly acquisitionDate?: string;
  /** Of each slice. */
  readonly acquisitionTimes?: readonly string[];
  readonly timezone?: string;
  /** Private elements. */
  readonly more?: readonly TestElement[];
}

let seriesCount = 0;

const PRESENT = {
  units: 'BQML',
  decayCorrection: 'START',
  corrections: 'NORM\\DECY\\ATTN\\SCAT',
  weight: '72.5',
  dose: '368410000',
  halfLife: '6586.2',
  size: '1.75',
  sex: 'F',
  startTime: '093015.25',
  seriesDate: '20240229',
  seriesTime: '103000',
  acquisitionDate: '20240229',
  acquisitionTimes: ['103000', '103000', '103300', '103600'],
} as const satisfies Changes;

function petElements(changes: Changes, slice: number): TestElement[] {
  const all = { ...PRESENT, ...changes };
  const present = (tag: number, vr: string, value: string | null | undefined): TestElement[] =>
    value === null || value === undefined ? [] : [text(tag, vr, value)];
  return [
    ...present(0x00080021, 'DA', all.seriesDate),
    ...present(0x00080022, 'DA', all.acquisitionDate),
    ...present(0x00080031, 'TM', all.seriesTime),
    ...present(0x00080032, 'TM', all.acquisitionTimes[slice]),
    ...present(0x00080201, 'SH', all.timezone),
    ...present(0x00100040, 'CS', all.sex),
    ...present(0x00101020, 'DS', all.size),
    ...present(0x00101030, 'DS', all.weight),
    ...present(0x00280051, 'CS', all.corrections),
    text(0x00281052, 'DS', '0'),
    text(0x00281053, 'DS', String(SLOPES[slice])),
    sq(0x00540016, [
      ...present(0x00181072, 'TM', all.startTime),
      ...present(0x00181074, 'DS', all.dose),
      ...present(0x00181075, 'DS', all.halfLife),
      ...present(0x00181078, 'DT', all.startDateTime),
    ]),
    ...present(0x00541001, 'CS', all.units),
    ...present(0x00541006, 'CS', all.suvType),
    ...present(0x00541102, 'CS', all.decayCorrection),
    ...(all.more ?? []),
  ];
}

function petSeries(changes: Changes): TestInstance[] {
  seriesCount += 1;
  return Array.from({ length: SLICES }, (_, slice) => ({
    elements: imageElements({
      series: `1.2.826.15.${seriesCount}`,
      number: slice + 1,
      modality: 'PT',
      position: [0, 0, 3 * slice],
      more: petElements(changes, slice),
    }),
    frames: [words(...slicePixels(slice))],
  }));
}

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

/** Weight in g over the dose that is left after some seconds. */
const factorAfter = (seconds: number): number =>
  WEIGHT_IN_G / (DOSE_IN_BQ * Math.exp((-Math.LN2 * seconds) / HALF_LIFE_IN_S));

/** From 9:30:15.25 to 10:30. */
const ONE_HOUR = 3584.75;

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

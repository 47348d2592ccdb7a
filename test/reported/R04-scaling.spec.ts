import { checkVolumeEligibility } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import type { TestElement } from '../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, words } from '../support/imageElements.js';
import { encoded, filesOverDataSets, OPENINGS } from '../support/openSeries.js';
import type { Opening, TestInstance } from '../support/openSeries.js';

const SLICES = 4;
const ROOT = '1.2.826.4';

let seriesCount = 0;

/** A series of single frames, with its own UID as Cornerstone keeps headers. */
function singleFrames(
  modality: string,
  more: (slice: number) => readonly TestElement[],
): TestInstance[] {
  seriesCount += 1;
  const series = `${ROOT}.${seriesCount}`;
  return Array.from({ length: SLICES }, (_, slice) => ({
    elements: imageElements({
      series,
      number: slice + 1,
      modality,
      position: [-5, 7, 2.5 * slice],
      more: more(slice),
    }),
    frames: [words(...slicePixels(slice))],
  }));
}

/** One image of all frames, with functional groups where a list of them is given. */
function multiFrame(
  modality: string,
  more: readonly TestElement[],
  position?: readonly number[],
): TestInstance[] {
  seriesCount += 1;
  return [
    {
      elements: imageElements({
        series: `${ROOT}.${seriesCount}`,
        number: 1,
        modality,
        frames: SLICES,
        ...(position && { position }),
        more,
      }),
      frames: Array.from({ length: SLICES }, (_, slice) => words(...slicePixels(slice))),
    },
  ];
}

const measures = sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]);
const orientation = sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]);
const plane = (slice: number): TestElement =>
  sq(0x00209113, [text(0x00200032, 'DS', `-5\\7\\${2.5 * slice}`)]);
const transformation = (slope: number, intercept: number): TestElement =>
  sq(0x00289145, [
    text(0x00281052, 'DS', String(intercept)),
    text(0x00281053, 'DS', String(slope)),
    text(0x00281054, 'LO', 'US'),
  ]);

/** Everything that SUV by body weight is computed of: 370 MBq injected at the start, 70 kg. */
const SUV_HEADERS: readonly TestElement[] = [
  text(0x00080021, 'DA', '20240102'),
  text(0x00080022, 'DA', '20240102'),
  text(0x00080031, 'TM', '120000'),
  text(0x00080032, 'TM', '120000'),
  text(0x00101030, 'DS', '70'),
  text(0x00280051, 'CS', 'DECY\\ATTN'),
  text(0x00281052, 'DS', '0'),
  text(0x00281053, 'DS', '2'),
  sq(0x00540016, [
    text(0x00181072, 'TM', '120000'),
    text(0x00181074, 'DS', '370000000'),
    text(0x00181075, 'DS', '6586.2'),
  ]),
  text(0x00541001, 'CS', 'BQML'),
  text(0x00541102, 'CS', 'START'),
];
/** No time passes between injection and series: g/ml = Bq/ml * g / Bq. */
const SUV_FACTOR = (70 * 1000) / 370_000_000;

interface Case {
  readonly name: string;
  readonly instances: () => readonly TestInstance[];
  readonly value: (stored: number, slice: number) => number;
}

const CASES: readonly Case[] = [
  {
    name: 'a dose of single frames',
    instances: () => singleFrames('RTDOSE', () => [text(0x3004000e, 'DS', '0.001')]),
    value: (stored) => stored * 0.001,
  },
  {
    name: 'a dose whose frames are offsets from the first',
    instances: () =>
      multiFrame(
        'RTDOSE',
        [text(0x3004000c, 'DS', '0\\2.5\\5\\7.5'), text(0x3004000e, 'DS', '0.25')],
        [-5, 7, 10],
      ),
    value: (stored) => stored * 0.25,
  },
  {
    name: 'a dose whose frames have z coordinates',
    instances: () =>
      multiFrame(
        'RTDOSE',
        [text(0x3004000c, 'DS', '10\\12.5\\15\\17.5'), text(0x3004000e, 'DS', '0.25')],
        [-5, 7, 10],
      ),
    value: (stored) => stored * 0.25,
  },
  {
    name: 'a PET series with all that SUV needs',
    instances: () => singleFrames('PT', () => SUV_HEADERS),
    value: (stored) => stored * 2 * SUV_FACTOR,
  },
  {
    name: 'rescales that differ from image to image',
    instances: () =>
      singleFrames('CT', (slice) => [
        text(0x00281052, 'DS', String(-10 * slice)),
        text(0x00281053, 'DS', String(1 + slice)),
      ]),
    value: (stored, slice) => stored * (1 + slice) - 10 * slice,
  },
  {
    name: 'a rescale in shared functional groups',
    instances: () =>
      multiFrame('CT', [
        sq(0x52009229, [measures, orientation, transformation(3, -7)]),
        sq(0x52009230, ...[0, 1, 2, 3].map((slice) => [plane(slice)])),
      ]),
    value: (stored) => stored * 3 - 7,
  },
  {
    name: 'rescales in per-frame functional groups, and others in the image',
    instances: () =>
      multiFrame('CT', [
        text(0x00281052, 'DS', '5000'),
        text(0x00281053, 'DS', '9'),
        sq(0x52009229, [measures, orientation]),
        sq(
          0x52009230,
          ...[0, 1, 2, 3].map((slice) => [plane(slice), transformation(1 + slice, -slice)]),
        ),
      ]),
    value: (stored, slice) => stored * (1 + slice) - slice,
  },
];

describe('R4: What scales voxels is the same over every scheme:', () => {
  async function expectValues(
    open: Opening,
    { instances, value }: Case,
    thread: 'worker' | 'main thread' = 'main thread',
  ): Promise<void> {
    const imageIds = await open(instances());
    expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    const expected = Array.from({ length: SLICES }, (_, slice) =>
      slicePixels(slice).map((stored) => value(stored, slice)),
    ).flat();
    const voxels = volume.getScalarData();
    expect(voxels.length).toBe(expected.length);
    expected.forEach((each, index) => {
      expect(Math.abs((voxels[index] as number) - each))
        .withContext(`voxel ${index}: ${voxels[index]} instead of ${each}`)
        .toBeLessThanOrEqual(Math.abs(each) * 2 ** -22);
    });
    expect(volume.spacing[2]).toBeCloseTo(2.5, 6);
    expect(volume.transport?.thread).toBe(thread);
  }

  describe('with the metadata of Cornerstone,', () => {
    afterEach(() => {
      stopCornerstone();
    });

    for (const example of CASES) {
      for (const [scheme, open] of Object.entries(OPENINGS)) {
        it(`${example.name}, over ${scheme}`, async () => {
          startCornerstone();
          await expectValues(open, example, scheme === 'wadors' ? 'worker' : 'main thread');
        });
      }

      it(`${example.name}, over wadors on the main thread`, async () => {
        startCornerstone({ frameWorkers: 0 });
        await expectValues(OPENINGS['wadors'] as Opening, example);
      });
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
        await expectValues(encoded(filesOverDataSets), example);
      });
    }
  });
});

import { checkVolumeEligibility, groupImageIdsIntoVolumes } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import type { TestElement } from '../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, us, words } from '../support/imageElements.js';
import { encoded, filesOverDataSets, OPENINGS } from '../support/openSeries.js';
import type { Opening, TestInstance } from '../support/openSeries.js';

const SLICES = 4;

let seriesCount = 0;

function series(more: (slice: number) => readonly TestElement[]): TestInstance[] {
  seriesCount += 1;
  return Array.from({ length: SLICES }, (_, slice) => ({
    elements: imageElements({
      series: `1.2.826.3.${seriesCount}`,
      number: slice + 1,
      position: [0, 0, 2 * slice],
      more: more(slice),
    }),
    frames: [words(...slicePixels(slice))],
  }));
}

function multiFrame(...perFrameElements: TestElement[]): TestInstance[] {
  seriesCount += 1;
  const shared = [
    sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]),
    sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
  ];
  const perFrame = [0, 1, 2, 3].map((slice) => [
    sq(0x00209113, [text(0x00200032, 'DS', `0\\0\\${2 * slice}`)]),
    ...perFrameElements,
  ]);
  return [
    {
      elements: imageElements({
        series: `1.2.826.3.${seriesCount}`,
        number: 1,
        frames: SLICES,
        more: [sq(0x52009229, shared), sq(0x52009230, ...perFrame)],
      }),
      frames: Array.from({ length: SLICES }, (_, slice) => words(...slicePixels(slice))),
    },
  ];
}

const lut = sq(0x00283000, [
  us(0x00283002, 4, 100, 16),
  text(0x00283004, 'LO', 'HU'),
  { tag: 0x00283006, vr: 'OW', value: words(7, 5, 3, 1) },
]);

function fd(tag: number, ...value: number[]): TestElement {
  return { tag, vr: 'FD', value };
}

function mapping(slope: number, intercept: number): TestElement {
  return sq(0x00409096, [
    us(0x00409211, 65535),
    us(0x00409216, 0),
    fd(0x00409224, intercept),
    fd(0x00409225, slope),
  ]);
}

const tableMapping = sq(0x00409096, [
  us(0x00409211, 101),
  fd(0x00409212, 1.5, 2.5),
  us(0x00409216, 100),
]);

const rescale = (slope: number, intercept: number): TestElement[] => [
  text(0x00281052, 'DS', String(intercept)),
  text(0x00281053, 'DS', String(slope)),
];

const REFUSED: readonly (readonly [
  name: string,
  instances: () => TestInstance[],
  code: string,
  framesConcerned: number,
])[] = [
  ['a Modality LUT in each image', () => series(() => [lut]), 'modality-lut', SLICES],
  [
    'a Modality LUT in one image of a series',
    () => series((slice) => (slice === 2 ? [lut] : [])),
    'modality-lut',
    1,
  ],
  [
    'a Modality LUT in an image of many frames',
    () =>
      multiFrame().map((image) => ({
        ...image,
        elements: [...image.elements, lut].sort((a, b) => a.tag - b.tag),
      })),
    'modality-lut',
    SLICES,
  ],
  [
    'a Real World Value Mapping alone',
    () => series(() => [mapping(0.1, 0)]),
    'real-world-value',
    SLICES,
  ],
  [
    'a Real World Value Mapping with an intercept alone',
    () => series(() => [mapping(1, -1024)]),
    'real-world-value',
    SLICES,
  ],
  [
    'a Real World Value Mapping by a table',
    () => series(() => [tableMapping]),
    'real-world-value',
    SLICES,
  ],
  [
    'a Real World Value Mapping in functional groups',
    () => multiFrame(mapping(0.1, 2)),
    'real-world-value',
    SLICES,
  ],
  [
    'a Real World Value Mapping beside a rescale that changes nothing',
    () => series(() => [mapping(0.1, 0), ...rescale(1, 0)].sort((a, b) => a.tag - b.tag)),
    'real-world-value',
    SLICES,
  ],
];

const TAKEN: readonly (readonly [
  name: string,
  instances: () => TestInstance[],
  value: (stored: number) => number,
])[] = [
  [
    'a Real World Value Mapping beside a rescale',
    () => series(() => [mapping(0.1, 0), ...rescale(2, -5)]),
    (stored) => stored * 2 - 5,
  ],
  [
    'a Real World Value Mapping to the stored values',
    () => series(() => [mapping(1, 0)]),
    (stored) => stored,
  ],
];

describe('R3: A series with', () => {
  async function expectRefused(
    open: Opening,
    [, instances, code, concerned]: (typeof REFUSED)[number],
  ): Promise<void> {
    const imageIds = await open(instances());
    const { eligible, reasons } = checkVolumeEligibility(imageIds);
    expect(eligible).toBeFalse();
    const [reason, ...others] = reasons;
    expect(reason).toEqual(jasmine.objectContaining({ code, severity: 'error' }));
    expect(reason?.imageIds.length).toBe(concerned);
    expect(others).toEqual([]);
    const { volumes } = groupImageIdsIntoVolumes(imageIds);
    expect(volumes).toEqual([]);
    await expectAsync(createVolume(imageIds)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'not-a-volume', imageIds: reason?.imageIds }),
    );
    await expectAsync(
      createVolume(imageIds.slice(2, 3), { allowSingleSlice: true }),
    ).toBeRejectedWith(jasmine.objectContaining({ code: 'not-a-volume' }));
  }

  async function expectTaken(
    open: Opening,
    [, instances, value]: (typeof TAKEN)[number],
  ): Promise<void> {
    const imageIds = await open(instances());
    expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
    const volume = await createVolume(imageIds);
    await volume.load();
    expect([...volume.getScalarData()]).toEqual(
      [0, 1, 2, 3].flatMap((slice) => slicePixels(slice).map(value)),
    );
  }

  describe('(metadata of Cornerstone)', () => {
    beforeEach(() => {
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [scheme, open] of Object.entries(OPENINGS)) {
      for (const example of REFUSED) {
        it(`${example[0]} is refused, over ${scheme}`, async () => {
          await expectRefused(open, example);
        });
      }

      for (const example of TAKEN) {
        it(`${example[0]} has its values, over ${scheme}`, async () => {
          await expectTaken(open, example);
        });
      }
    }
  });

  describe('(data set cache of dicom-image-loader)', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    const open = encoded(filesOverDataSets);

    for (const example of REFUSED) {
      it(`${example[0]} is refused`, async () => {
        await expectRefused(open, example);
      });
    }

    for (const example of TAKEN) {
      it(`${example[0]} has its values`, async () => {
        await expectTaken(open, example);
      });
    }
  });
});

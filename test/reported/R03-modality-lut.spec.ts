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

const tableItems: readonly (readonly TestElement[])[] = [
  [
    us(0x00283002, 4, 100, 16),
    text(0x00283004, 'LO', 'HU'),
    { tag: 0x00283006, vr: 'OW', value: words(7, 5, 3, 1) },
  ],
];
const lut = sq(0x00283000, ...tableItems);

/** A Modality LUT Sequence with one table. */
function table(descriptor: TestElement, data: Uint8Array | readonly number[]): TestElement {
  const isBytes = data instanceof Uint8Array;
  const element = { tag: 0x00283006, vr: isBytes ? 'OW' : 'US', value: data };
  return sq(0x00283000, [descriptor, text(0x00283004, 'LO', 'US'), element]);
}

/** The entry of a stored value: outside of the table, that of its nearer end (PS3.3 C.11.1.1.1). */
function entry(entries: readonly number[], first: number, stored: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, stored - first))] as number;
}

/** From 0 up, by steps of `step`. */
function ascending(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}

function withLut(instances: readonly TestInstance[]): TestInstance[] {
  return instances.map((image) => ({
    ...image,
    elements: [...image.elements, lut].sort((a, b) => a.tag - b.tag),
  }));
}

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
  [
    'a Modality LUT in PET, whose values are SUV,',
    () => series(() => [text(0x00080060, 'CS', 'PT'), lut]),
    'modality-lut',
    SLICES,
  ],
  [
    'a Modality LUT in one X-ray projection, where it is not for display,',
    () =>
      series((slice) =>
        slice === 2 ? [text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.12.1'), lut] : [],
      ),
    'modality-lut',
    1,
  ],
  [
    'a Modality LUT of two tables',
    () => series(() => [sq(0x00283000, ...tableItems, ...tableItems)]),
    'modality-lut',
    SLICES,
  ],
  [
    'a Modality LUT with fewer entries than stated',
    () => series(() => [table(us(0x00283002, 9, 100, 16), words(7, 5, 3, 1))]),
    'modality-lut',
    SLICES,
  ],
  [
    'a Modality LUT beside a rescale in functional groups',
    () => withLut(multiFrame(sq(0x00289145, rescale(2, 1)))),
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
  value: (stored: number, slice: number) => number,
])[] = [
  ['a Modality LUT', () => series(() => [lut]), (stored) => entry([7, 5, 3, 1], 100, stored)],
  [
    'a Modality LUT in one image',
    () => series((slice) => (slice === 2 ? [lut] : [])),
    (stored, slice) => (slice === 2 ? 1 : stored),
  ],
  [
    'a Modality LUT that differs from image to image',
    () =>
      series((slice) => [
        table(us(0x00283002, 20, 100 * (slice + 1), 16), ascending(20, slice + 2)),
      ]),
    (stored, slice) => entry(ascending(20, slice + 2), 100 * (slice + 1), stored),
  ],
  [
    'a Modality LUT and a rescale, which it replaces',
    () => series(() => [...rescale(2, -5), lut]),
    (stored) => entry([7, 5, 3, 1], 100, stored),
  ],
  [
    'a Modality LUT from 0 to values that no 15 bits hold',
    () => series(() => [table(us(0x00283002, 500, 0, 16), ascending(500, 131))]),
    (stored) => stored * 131,
  ],
  [
    'a Modality LUT of bytes, one in a word',
    () => series(() => [table(us(0x00283002, 250, 150, 8), ascending(250, 1))]),
    (stored) => entry(ascending(250, 1), 150, stored),
  ],
  [
    'a Modality LUT of 65536 entries',
    () => series(() => [table(us(0x00283002, 0, 0, 16), words(...ascending(65_536, 1).reverse()))]),
    (stored) => 65_535 - stored,
  ],
  [
    'a Modality LUT of signed values',
    () =>
      series(() => [
        us(0x00280103, 1),
        table({ tag: 0x00283002, vr: 'SS', value: [700, -200, 16] }, ascending(700, 3)),
      ]),
    (stored) => 3 * (stored + 200),
  ],
  [
    'a Modality LUT in an image of many frames',
    () => withLut(multiFrame()),
    (stored) => entry([7, 5, 3, 1], 100, stored),
  ],
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

/** dicom-image-loader's provider for its data set cache throws for this table. */
const PACKED: (typeof TAKEN)[number] = [
  'a Modality LUT of bytes, two in a word',
  () =>
    series(() => [
      table(us(0x00283002, 250, 150, 8), Uint8Array.from(ascending(250, 1).map((i) => 255 - i))),
    ]),
  (stored) =>
    entry(
      ascending(250, 1).map((i) => 255 - i),
      150,
      stored,
    ),
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
      [0, 1, 2, 3].flatMap((slice) => slicePixels(slice).map((stored) => value(stored, slice))),
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

      for (const example of [...TAKEN, PACKED]) {
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

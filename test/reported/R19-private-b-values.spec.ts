import { groupImageIdsIntoVolumes } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import type { TestElement, TestSyntax } from '../support/encodePart10.js';
import { imageElements, slicePixels, text, words } from '../support/imageElements.js';
import {
  encoded,
  filesFromDisk,
  filesOverDataSets,
  filesOverWadouri,
  overWadors,
} from '../support/openSeries.js';
import type { Opening, TestInstance } from '../support/openSeries.js';

const SLICES = 3;
const B_VALUES = [0, 400, 1000];

let seriesCount = 0;

interface Vendor {
  readonly name: string;
  readonly tag: string;
  readonly group: number;
  readonly element: number;
  readonly creator: string;
  readonly vr: string;
  readonly encode: (bValue: number) => TestElement['value'];
}

const VENDORS: readonly Vendor[] = [
  {
    name: 'Siemens',
    tag: 'SiemensPrivateBValue',
    group: 0x0019,
    element: 0x0c,
    creator: 'SIEMENS MR HEADER',
    vr: 'IS',
    encode: String,
  },
  {
    name: 'GE',
    tag: 'GEPrivateBValue',
    group: 0x0043,
    element: 0x39,
    creator: 'GEMS_PARM_01',
    vr: 'IS',
    // The flag that GE adds to b-values, and three numbers behind.
    encode: (bValue) => `${1_000_000_000 + bValue}\\8\\0\\0`,
  },
  {
    name: 'Philips',
    tag: 'PhilipsPrivateBValue',
    group: 0x2001,
    element: 0x03,
    creator: 'Philips Imaging DD 001',
    vr: 'FL',
    encode: (bValue) => new Uint8Array(Float32Array.of(bValue).buffer),
  },
];

/**
 * Three volumes of one series, slice by slice, which the b-value alone tells apart: no instance number has an
 * order that does.
 */
function series(vendor: Vendor, block: number, asUnknown: boolean): TestInstance[] {
  seriesCount += 1;
  const tagOf = (low: number): number => vendor.group * 0x10000 + block * 0x100 + low;
  return Array.from({ length: SLICES * B_VALUES.length }, (_, number) => {
    const slice = Math.floor(number / B_VALUES.length);
    const bValue = B_VALUES[(number + slice) % B_VALUES.length] as number;
    const value = vendor.encode(bValue);
    const bytes = typeof value === 'string' ? padded(value) : value;
    const more: TestElement[] = [
      // Somebody else's block, with the same low number in it.
      ...(block === 0x10
        ? []
        : [
            text(vendor.group * 0x10000 + 0x10, 'LO', 'SOMEBODY ELSE'),
            text(vendor.group * 0x10000 + 0x1000 + vendor.element, 'IS', '7'),
          ]),
      text(vendor.group * 0x10000 + block, asUnknown ? 'UN' : 'LO', vendor.creator),
      {
        tag: tagOf(vendor.element),
        vr: asUnknown ? 'UN' : vendor.vr,
        value: asUnknown ? bytes : value,
      },
    ];
    return {
      elements: imageElements({
        series: `1.2.826.19.${seriesCount}`,
        number: 1,
        modality: 'MR',
        position: [0, 0, 4 * slice],
        more: [text(0x00080018, 'UI', `1.2.826.19.${seriesCount}.${number}`), ...more],
      }),
      frames: [words(...slicePixels(bValue / 10 + 5 * slice))],
    };
  });
}

function padded(value: string): Uint8Array {
  return new TextEncoder().encode(value.length % 2 === 0 ? value : `${value} `);
}

describe('R19: The b-value of', () => {
  async function expectVolumes(
    open: Opening,
    { tag }: Vendor,
    instances: readonly TestInstance[],
    syntax?: TestSyntax,
  ): Promise<void> {
    const imageIds = await open(instances, syntax);
    const { volumes, rest } = groupImageIdsIntoVolumes(imageIds);
    expect(rest).toEqual([]);
    expect(volumes.map(({ splitBy }) => splitBy)).toEqual(
      B_VALUES.map((value) => [{ tag, value, byOrder: false }] as never),
    );
    const last = await createVolume(volumes[2]?.imageIds ?? []);
    await last.load();
    expect([...last.getScalarData()]).toEqual(
      Array.from({ length: SLICES }, (_, slice) => slicePixels(100 + 5 * slice)).flat(),
    );
  }

  const FILES = { wadouri: encoded(filesOverWadouri), dicomfile: encoded(filesFromDisk) };
  const BLOCKS = [0x10, 0x11, 0xe1];

  describe('(metadata of Cornerstone)', () => {
    beforeEach(() => {
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const vendor of VENDORS) {
      for (const block of BLOCKS) {
        const inBlock = `in block ${block.toString(16)}`;
        for (const asUnknown of [false, true]) {
          const ofType = asUnknown ? 'of unknown type' : 'of its type';
          it(`${vendor.name} is read ${inBlock}, ${ofType}, over wadors`, async () => {
            // Servers know creators, whatever the file says.
            const instances = series(vendor, block, asUnknown).map((instance) => ({
              ...instance,
              elements: instance.elements.map((element) =>
                element.value === vendor.creator ? { ...element, vr: 'LO' } : element,
              ),
            }));
            await expectVolumes(overWadors, vendor, instances);
          });

          for (const [scheme, open] of Object.entries(FILES)) {
            it(`${vendor.name} is read ${inBlock}, ${ofType}, over ${scheme}`, async () => {
              await expectVolumes(open, vendor, series(vendor, block, asUnknown), 'explicit');
            });
          }
        }

        for (const syntax of ['implicit', 'deflated'] as const) {
          it(`${vendor.name} is read ${inBlock}, of a file that is ${syntax}`, async () => {
            await expectVolumes(FILES.wadouri, vendor, series(vendor, block, false), syntax);
          });
        }
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

    for (const vendor of VENDORS) {
      for (const syntax of ['explicit', 'implicit'] as const) {
        it(`${vendor.name} is read of a file that is ${syntax}`, async () => {
          const open = encoded(filesOverDataSets);
          await expectVolumes(open, vendor, series(vendor, 0x11, false), syntax);
        });
      }
    }
  });
});

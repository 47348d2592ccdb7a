import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import {
  checkVolumeEligibility,
  createStreamingVolume,
  fetchSeries,
  isStreamingVolumeError,
} from '../../src/index.js';
import { jsonItem, toBlock } from '../../src/headers/headerItem.js';
import { withNuclearFramePlanes } from '../../src/headers/readFramePlane.js';
import { provideScaling } from '../../src/headers/readScaling.js';
import { readSplitValue } from '../../src/headers/readSplitValue.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { giveAnswers, resetServer } from '../support/serverControls.js';

type Json = Record<
  string,
  { readonly vr?: string; readonly Value?: unknown; InlineBinary?: unknown }
>;

const NUMBER_OF_FRAMES = '00280008';
const ROWS = '00280010';
const COLUMNS = '00280011';

/** Slices of a CT, each a file of its own. */
function instance(slice: number, changes: Json = {}): Json {
  return {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    '00080018': { vr: 'UI', Value: [`1.2.3.${slice}`] },
    '00080060': { vr: 'CS', Value: ['CT'] },
    '0020000E': { vr: 'UI', Value: ['1.2.3'] },
    '00200032': { vr: 'DS', Value: [0, 0, slice] },
    '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
    '00200052': { vr: 'UI', Value: ['1.2.4'] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    [ROWS]: { vr: 'US', Value: [3] },
    [COLUMNS]: { vr: 'US', Value: [4] },
    '00280030': { vr: 'DS', Value: [0.8, 0.7] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [12] },
    '00280102': { vr: 'US', Value: [11] },
    '00280103': { vr: 'US', Value: [0] },
    ...changes,
  };
}

let seriesCount = 0;

/** Registers three slices, of which one has other elements. */
function register(changes: Json, changed = 1): string[] {
  seriesCount += 1;
  return [0, 1, 2].map((slice) => {
    const imageId = `wadors:/believed/${seriesCount}/instances/${slice}/frames/1`;
    wadors.metaDataManager.add(imageId, instance(slice, slice === changed ? changes : {}) as never);
    return imageId;
  });
}

/** What no image has. */
const IMPOSSIBLE_COUNTS: readonly unknown[] = [
  2 ** 33,
  2 ** 31,
  -1,
  1.5,
  'many',
  '1e99',
  [],
  {},
  true,
];

describe('numbers of a header that cannot be right', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(async () => {
    stopCornerstone();
    await resetServer();
  });

  for (const count of IMPOSSIBLE_COUNTS) {
    it(`NumberOfFrames ${JSON.stringify(count)} is a reason that names the imageId`, () => {
      const imageIds = register({ [NUMBER_OF_FRAMES]: { vr: 'IS', Value: [count] } });

      const { eligible, reasons } = checkVolumeEligibility(imageIds);

      expect(eligible).toBeFalse();
      const reason = reasons.find(({ code }) => code === 'metadata-missing');
      expect(reason?.message).toContain('Number of Frames');
      expect(reason?.imageIds).toEqual([imageIds[1] as string]);
    });

    it(`NumberOfFrames ${JSON.stringify(count)} makes fetchSeries reject with the imageId`, async () => {
      seriesCount += 1;
      const path = `/dicom-web-${seriesCount}/studies/1.2/series/1.2.3/metadata`;
      const body = JSON.stringify([
        instance(0),
        instance(1, { [NUMBER_OF_FRAMES]: { vr: 'IS', Value: [count] } }),
      ]);
      await giveAnswers([
        {
          path,
          headers: { 'Content-Type': 'application/dicom+json' },
          body: new TextEncoder().encode(body),
        },
      ]);
      const root = `${String(karmaFixtures['origin'])}/dicom-web-${seriesCount}`;

      const error: unknown = await fetchSeries({
        wadoRsRoot: root,
        studyInstanceUID: '1.2',
        seriesInstanceUID: '1.2.3',
      }).catch((reason: unknown) => reason);

      expect(isStreamingVolumeError(error, 'series-body')).toBeTrue();
      expect(isStreamingVolumeError(error) && error.imageIds).toEqual([
        `wadors:${root}/studies/1.2/series/1.2.3/instances/1.2.3.1/frames/1`,
      ]);
    });

    it(`NumberOfFrames ${JSON.stringify(count)} of nuclear medicine makes no functional groups`, () => {
      const dataSet = nuclear({ [NUMBER_OF_FRAMES]: { vr: 'IS', Value: [count] } });
      expect(withNuclearFramePlanes(dataSet as never) as unknown).toBe(dataSet);
    });
  }

  it('more frames of nuclear medicine than slices can be counted make no functional groups', () => {
    const dataSet = nuclear({ [NUMBER_OF_FRAMES]: { vr: 'IS', Value: [2 ** 20] } });
    expect(withNuclearFramePlanes(dataSet as never) as unknown).toBe(dataSet);
  });

  for (const count of [undefined, null, '', 0, 1, '1']) {
    it(`NumberOfFrames ${JSON.stringify(count)} is one frame`, () => {
      const imageIds = register({ [NUMBER_OF_FRAMES]: { vr: 'IS', Value: [count] } });
      expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
    });
  }

  for (const size of [2 ** 33, 65_536, 2.5]) {
    for (const [name, tag] of [
      ['rows', ROWS],
      ['columns', COLUMNS],
    ] as const) {
      it(`${name} of ${size} are a reason that names the imageId`, async () => {
        const imageIds = register({ [tag]: { vr: 'US', Value: [size] } });

        const { reasons } = checkVolumeEligibility(imageIds);

        const reason = reasons.find(({ code }) => code === 'metadata-missing');
        expect(reason?.message).toContain(`${name} is ${size}`);
        expect(reason?.imageIds).toEqual([imageIds[1] as string]);
        const error: unknown = await createStreamingVolume(newVolumeId(), { imageIds }).catch(
          (thrown: unknown) => thrown,
        );
        expect(isStreamingVolumeError(error, 'metadata-missing')).toBeTrue();
      });
    }
  }
});

describe('header values that are not what their type says', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  for (const inline of ['%%%', 'AAAAA', 'é', 5, null, {}]) {
    it(`InlineBinary ${JSON.stringify(inline)} is no value, and throws out of no check`, () => {
      const imageIds = register({
        '00180082': { vr: 'UN', InlineBinary: inline },
        '00200032': { vr: 'UN', InlineBinary: inline },
      });

      expect(readSplitValue(imageIds[1] as string, 'InversionTime')).toBeUndefined();
      expect(() => checkVolumeEligibility(imageIds)).not.toThrow();
    });
  }

  it('InlineBinary that is base64 is its bytes', () => {
    const item = jsonItem({ '00180082': { InlineBinary: btoa('250') } });
    expect(item.values('00180082')).toEqual(['250']);
  });

  const WITHOUT_TEXT: unknown = JSON.parse('{"toString":1,"valueOf":1}');
  const DEEP: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);

  for (const [name, changes] of [
    ['an EchoTime without a text', { '00180081': { vr: 'DS', Value: [WITHOUT_TEXT] } }],
    ['an EchoTime deep in lists', { '00180081': { vr: 'DS', Value: [DEEP] } }],
    ['a position without a text', { '00200032': { vr: 'DS', Value: [WITHOUT_TEXT, 0, 0] } }],
    ['rows without a text', { [ROWS]: { vr: 'US', Value: [WITHOUT_TEXT] } }],
    ['a private creator without a text', { '00190010': { vr: 'LO', Value: [WITHOUT_TEXT] } }],
  ] as const) {
    it(`${name} throws out of no check, and out of no tag`, () => {
      const imageIds = register(changes);
      expect(() => checkVolumeEligibility(imageIds)).not.toThrow();
      for (const tag of ['EchoTime', 'SiemensPrivateBValue'] as const) {
        expect(readSplitValue(imageIds[1] as string, tag)).toBeUndefined();
      }
    });
  }

  it('lists in lists, and objects without a text, are no data of a palette', () => {
    expect(toBlock(DEEP)).toBeUndefined();
    expect(toBlock({ Value: DEEP })).toBeUndefined();
    expect(toBlock([1, WITHOUT_TEXT])).toEqual([1, 0]);
  });

  for (const value of ['text', 7, { a: 1 }, true]) {
    it(`a Value that is no list (${JSON.stringify(value)}) is none`, () => {
      const item = jsonItem({ '00180082': { Value: value } });
      expect(item.values('00180082')).toBeUndefined();
      expect(item.items('00180082')).toEqual([]);
      expect(item.item('00180082', 0)).toBeUndefined();
      expect(item.sequences()).toEqual([]);
    });
  }

  for (const modality of ['constructor', '__proto__', 'toString']) {
    it(`the modality ${modality} has no scaling module`, () => {
      const [imageId = ''] = register({ '00080060': { vr: 'CS', Value: [modality] } }, 0);
      provideScaling();
      expect(() => metaData.get('scalingModule', imageId) as unknown).not.toThrow();
      expect(checkVolumeEligibility([imageId]).reasons.map(({ code }) => code)).toEqual([
        'not-enough-frames',
      ]);
    });
  }

  it('a provider that throws for a tag does not throw out of the eligibility check', () => {
    const imageIds = register({ '00200032': { vr: 'DS', Value: [0, 0, 0] } });
    const failing = (type: string): unknown => {
      if (type === 'EchoTime' || type === 'instance') {
        throw new Error('no such thing');
      }
      return undefined;
    };
    metaData.addProvider(failing, 10_000);
    try {
      const { reasons } = checkVolumeEligibility(imageIds);
      expect(reasons.map(({ code }) => code)).toContain('duplicate-position');
    } finally {
      metaData.removeProvider(failing);
    }
  });
});

/** A reconstruction with three frames. */
function nuclear(changes: Json): Json {
  return instance(0, {
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'RECON TOMO'] },
    '00080060': { vr: 'CS', Value: ['NM'] },
    '00180088': { vr: 'DS', Value: [2] },
    '00540022': {
      vr: 'SQ',
      Value: [
        {
          '00200032': { vr: 'DS', Value: [0, 0, 0] },
          '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
        },
      ],
    },
    ...changes,
  });
}

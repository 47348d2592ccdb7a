import { wadors } from '@cornerstonejs/dicom-image-loader';
import { withNuclearFramePlanes } from '../../src/headers/readFramePlane.js';
import { readSplitValue } from '../../src/headers/readSplitValue.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';

type DataSet = Record<string, { vr: string; Value: unknown[] }>;

const ELEMENT = (vr: string, ...Value: unknown[]) => ({ vr, Value });

/** Three slices whose normal goes to the feet. */
function nuclear(changes: DataSet = {}): DataSet {
  return {
    '00080008': ELEMENT('CS', 'ORIGINAL', 'PRIMARY', 'RECON TOMO', 'EMISSION'),
    '00080060': ELEMENT('CS', 'NM'),
    '00180050': ELEMENT('DS', 4),
    '00180088': ELEMENT('DS', 3.5),
    '00280008': ELEMENT('IS', 3),
    '00280030': ELEMENT('DS', 2, 1.5),
    '00540022': ELEMENT('SQ', {
      '00200032': ELEMENT('DS', 10, 20, 30),
      '00200037': ELEMENT('DS', 1, 0, 0, 0, -1, 0),
    }),
    ...changes,
  };
}

function framesOf(dataSet: DataSet): DataSet[] {
  return withNuclearFramePlanes(dataSet)['52009230']?.Value as DataSet[];
}

function heightsOf(dataSet: DataSet): unknown[] {
  return framesOf(dataSet).map((frame) => {
    const plane = frame['00209113']?.Value[0] as DataSet | undefined;
    return plane?.['00200032']?.Value[2];
  });
}

describe('The frames of a nuclear medicine image', () => {
  it('lie behind the first along the normal, or in front of it', () => {
    expect(heightsOf(nuclear())).toEqual([30, 26.5, 23]);
    expect(heightsOf(nuclear({ '00180088': ELEMENT('DS', '-3.5') }))).toEqual([30, 33.5, 37]);
    const shared = withNuclearFramePlanes(nuclear())['52009229']?.Value[0];
    expect(shared).toEqual({
      '00289110': ELEMENT('SQ', {
        '00180050': ELEMENT('DS', 4),
        '00280030': ELEMENT('DS', 2, 1.5),
      }),
      '00209116': ELEMENT('SQ', { '00200037': ELEMENT('DS', 1, 0, 0, 0, -1, 0) }),
    });
  });

  it('are the slices that the vectors say, at the times that they say', () => {
    const gated = nuclear({
      '00080008': ELEMENT('CS', 'ORIGINAL', 'PRIMARY', 'RECON GATED TOMO'),
      '00280008': ELEMENT('IS', 4),
      '00540080': ELEMENT('US', 2, 1, 2, 1),
      '00540070': ELEMENT('US', 1, 1, 2, 2),
    });
    expect(heightsOf(gated)).toEqual([26.5, 30, 26.5, 30]);
    startCornerstone();
    const imageIds = [1, 2, 3, 4].map((frame) => `wadors:https://localhost/gated/frames/${frame}`);
    for (const imageId of imageIds) {
      wadors.metaDataManager.add(imageId, withNuclearFramePlanes(gated) as never);
    }
    const times = imageIds.map((imageId) => readSplitValue(imageId, 'TemporalPositionIndex'));
    expect(times).toEqual([1, 1, 2, 2]);
    stopCornerstone();
  });

  const left: [string, DataSet][] = [
    ['is of another modality', { '00080060': ELEMENT('CS', 'PT') }],
    ['has views of a gamma camera', { '00080008': ELEMENT('CS', 'ORIGINAL', 'PRIMARY', 'TOMO') }],
    ['does not say how far apart they are', { '00180088': ELEMENT('DS') }],
    ['does not say where they begin', { '00540022': ELEMENT('SQ') }],
    ['has one frame', { '00280008': ELEMENT('IS', 1) }],
    ['has functional groups', { '52009230': ELEMENT('SQ', {}) }],
  ];
  for (const [what, changes] of left) {
    it(`are left alone in one that ${what}`, () => {
      const dataSet = nuclear(changes);
      expect(withNuclearFramePlanes(dataSet)).toBe(dataSet);
    });
  }
});

import { metaData } from '@cornerstonejs/core';
import { serveAbsentSlices, stopServingAbsentSlices } from '../../src/api/absentSliceMetadata.js';
import {
  parseAbsentSliceImageId,
  parseResampledSliceImageId,
} from '../../src/base/sliceImageIds.js';

const NOT_OURS = [
  'resampledSlice:0,0,0,4,3,%E0%A4%A',
  'resampledSlice:0,0,0,4,3,wadors%3A1,%',
  'resampledSlice:,,,4,3,wadors%3A1',
  'resampledSlice:0,0,0,4.5,3,wadors%3A1',
  'resampledSlice:0,0,0,-4,3,wadors%3A1',
  'resampledSlice:0,0,0,4,3',
  'resampledSlice:0,0,Infinity,4,3,wadors%3A1',
  'absentSlice:1.2.3,0,0,wadors:1',
  'absentSlice:.,0,0,wadors:1',
  'absentSlice:%E0%A4%A',
];

describe('an imageId with a bad escape or bad numbers', () => {
  beforeEach(() => {
    serveAbsentSlices();
  });

  afterEach(() => {
    stopServingAbsentSlices();
  });

  for (const imageId of NOT_OURS) {
    it(`is not of a slice without a frame, and throws out of no provider: ${imageId}`, () => {
      expect(parseResampledSliceImageId(imageId)).toBeUndefined();
      expect(parseAbsentSliceImageId(imageId)).toBeUndefined();
      for (const type of ['imagePlaneModule', 'imagePixelModule', 'generalSeriesModule']) {
        expect(metaData.get(type, imageId) as unknown).toBeUndefined();
      }
    });
  }

  it('may be the frame that an absent slice lies beside', () => {
    const neighbourImageId = 'wadors:https://example.org/a?name=%E0%A4%A';
    expect(parseAbsentSliceImageId(`absentSlice:1,2.5,-3e-7,${neighbourImageId}`)).toEqual({
      fill: 'background',
      position: [1, 2.5, -3e-7],
      neighbourImageId,
    });
  });
});

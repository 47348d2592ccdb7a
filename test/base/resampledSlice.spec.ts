import { parseResampledSliceImageId, resampledSliceImageId } from '../../src/base/sliceImageIds.js';

describe('The imageId of a resampled slice', () => {
  it('says where the slice lies, how large it is and what it is made of', () => {
    const slice = {
      position: [-1.5, 1e-7, 30.25] as const,
      columns: 512,
      rows: 700,
      sourceImageIds: ['wadors:https://a/b,c?d=1,2', 'wadouri:https://a/e?frame=2'],
    };
    const imageId = resampledSliceImageId(slice);
    expect(imageId).toMatch(/^resampledSlice:/);
    expect(parseResampledSliceImageId(imageId)).toEqual(slice);
  });

  it('is read from no other imageId', () => {
    for (const imageId of [
      'wadors:a',
      'resampledSlice:1,2,3,4',
      'resampledSlice:1,2,3,4,x,a',
      '',
    ]) {
      expect(parseResampledSliceImageId(imageId)).withContext(imageId).toBeUndefined();
    }
  });
});

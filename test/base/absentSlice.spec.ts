import { absentSliceImageId, parseAbsentSliceImageId } from '../../src/base/sliceImageIds.js';

describe('The imageId of an absent slice', () => {
  for (const fill of ['background', 'interpolated'] as const) {
    it(`gives back all that it says (${fill})`, () => {
      const slice = {
        fill,
        position: [-12.345678901234567, 1e-17, -2.5e21] as const,
        neighbourImageId: 'wadors:https://host/a,b/frames/1?x=1,2,3',
      };
      expect(parseAbsentSliceImageId(absentSliceImageId(slice))).toEqual(slice);
    });
  }

  it('is told from other imageIds', () => {
    const others = ['wadors:https://host/frames/1', 'absentSlice:', 'other:1,2,3,wadors:x', ''];
    expect(others.map(parseAbsentSliceImageId)).toEqual(others.map(() => undefined));
  });
});

import type { Types } from '@cornerstonejs/core';
import { imagePixels } from '../../../src/pixels/image/imagePixels.js';

function image(fields: Record<string, unknown>): Types.IImage {
  return { rows: 1, columns: 2, color: false, ...fields } as unknown as Types.IImage;
}

describe('imagePixels', () => {
  it('takes the pixels of the voxel manager, without a copy', () => {
    const values = Int16Array.of(-1, 2);
    const voxelManager = { getScalarData: () => values };
    const getPixelData = () => {
      throw new Error('asked for a second time');
    };
    expect(imagePixels(image({ voxelManager, getPixelData })).pixels).toBe(values);
  });

  it('takes the pixels of an Image without a voxel manager', () => {
    const values = Uint8Array.of(1, 2);
    expect(imagePixels(image({ getPixelData: () => values })).pixels).toBe(values);
  });

  it('takes the opacity out of colour', () => {
    const getPixelData = () => Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 128);
    const { pixels } = imagePixels(image({ color: true, getPixelData }));
    expect(pixels).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  it('leaves three components and gray as they are', () => {
    const rgb = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(imagePixels(image({ color: true, getPixelData: () => rgb })).pixels).toBe(rgb);
    const gray = new Uint16Array(8);
    expect(imagePixels(image({ getPixelData: () => gray })).pixels).toBe(gray);
  });

  for (const [preScale, expected] of [
    [undefined, false],
    [{ enabled: false }, false],
    [{ enabled: true }, false],
    [{ enabled: true, scaled: false }, false],
    [{ enabled: false, scaled: true }, false],
    [{ enabled: true, scaled: true }, true],
  ] as const) {
    it(`${expected ? 'is' : 'is not'} scaled with preScale ${JSON.stringify(preScale)}`, () => {
      const getPixelData = () => Uint8Array.of(1, 2);
      expect(imagePixels(image({ preScale, getPixelData })).scaled).toBe(expected);
    });
  }
});

import { createDecodedFrame, isDecodedFrame } from '../../src/pixels/DecodedFrame.js';

const frame = createDecodedFrame({
  imageId: 'synthetic:1',
  pixelData: Uint8Array.of(1, 2),
  inPlace: false,
  scaled: true,
  range: { min: 1, max: 2 },
});

describe('isDecodedFrame', () => {
  it('knows a decoded frame', () => {
    expect(isDecodedFrame(frame)).toBeTrue();
  });

  it('knows a decoded frame of another copy of the bundle', () => {
    // Of another copy nothing is the same but the fields.
    expect(isDecodedFrame(structuredClone(frame))).toBeTrue();
  });

  for (const [name, value] of [
    ['an Image', { imageId: 'synthetic:1', getPixelData: () => Uint8Array.of(1, 2) }],
    ['another brand', { ...frame, brand: 'streaming-image-volume-loader/error' }],
    ['undefined', undefined],
    ['null', null],
    ['a string', 'streaming-image-volume-loader/decoded-frame'],
  ] as const) {
    it(`does not take ${name} for one`, () => {
      expect(isDecodedFrame(value)).toBeFalse();
    });
  }
});

describe('createDecodedFrame', () => {
  it('has a voxel manager, so that Cornerstone makes none', () => {
    expect(frame.voxelManager).toBeTruthy();
    expect(frame.pixelData).toEqual(Uint8Array.of(1, 2));
    expect(frame.range).toEqual({ min: 1, max: 2 });
  });
});

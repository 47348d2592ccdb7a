import type { Types } from '@cornerstonejs/core';
import { FrameStore } from '../../../src/base/voxels/FrameStore.js';
import type { VolumeDataType } from '../../../src/base/types.js';
import { SliceResampler } from '../../../src/loading/resampling/SliceResampler.js';
import { syntheticFrame } from '../../support/syntheticFrames.js';

/** A slice of 2 x 1 voxels halfway between two frames of slopes 4 and 2. */
function halfway(dataType: VolumeDataType, isPreScaled: boolean) {
  const size = { columns: 2, rows: 1 };
  const steep = syntheticFrame({
    ...size,
    imageId: 'steep',
    rescale: { slope: 4, intercept: 8 },
  });
  const flat = syntheticFrame({ ...size, imageId: 'flat', rescale: { slope: 2, intercept: 0 } });
  const store = new FrameStore({ dataType, frameCount: 1, valuesPerFrame: 2, shared: false });
  const shift = [0, 0] as const;
  const volume = {
    frames: [{ ...steep, imageId: 'slice' }],
    store,
    numberOfComponents: 1,
    isPreScaled,
  };
  const resampler = new SliceResampler(volume, {
    sources: [flat, steep],
    slices: [
      [
        { sourceIndex: 1, weight: 0.5, shift },
        { sourceIndex: 0, weight: 0.5, shift },
      ],
    ],
    padding: 0,
  });
  return { resampler, store };
}

function image(imageId: string, ...values: number[]): Types.IImage {
  const pixels = Uint16Array.from(values);
  return {
    imageId,
    rows: 1,
    columns: 2,
    slope: 1,
    intercept: 0,
    minPixelValue: Math.min(...values),
    maxPixelValue: Math.max(...values),
    getPixelData: () => pixels,
    voxelManager: undefined,
  } as unknown as Types.IImage;
}

describe('A slice between frames of different rescales', () => {
  it('lies between their modality values', () => {
    const { resampler, store } = halfway('Int16Array', true);
    resampler.write(0, [Int16Array.of(108, 8), Int16Array.of(200, 0)]);
    expect([...store.data]).toEqual([154, 4]);
    expect(store.getFrameRange(0)).toEqual({ min: 4, max: 154 });
  });

  it('holds stored values in the scale of the steeper one, where no modality values are held', () => {
    const { resampler, store } = halfway('Uint16Array', false);
    // 100 * 4 + 8 = 408 and 300 * 2 = 600: halfway is 504, which is 124 * 4 + 8.
    resampler.write(0, [Uint16Array.of(100, 0), Uint16Array.of(300, 4)]);
    expect([...store.data]).toEqual([124, 0]);
  });

  it('is made of Images, and names those that are missing', () => {
    const { resampler, store } = halfway('Int16Array', true);
    const images = new Map([['flat', image('flat', 100, 0)]]);
    expect(resampler.takeImages(0, images)).toEqual(['steep']);
    expect(store.isWritten(0)).toBeFalse();
    images.set('steep', image('steep', 25, 0));
    expect(resampler.takeImages(0, images)).toEqual([]);
    expect([...store.data]).toEqual([154, 4]);
  });
});

describe('A slice that is larger than its frames', () => {
  it('widens the volume for a padding that its type does not hold', () => {
    const frame = syntheticFrame({ columns: 2, rows: 1, imageId: 'frame' });
    const store = new FrameStore({
      dataType: 'Int16Array',
      widestType: 'Float32Array',
      frameCount: 1,
      valuesPerFrame: 3,
      shared: false,
    });
    const volume = {
      frames: [{ ...frame, imageId: 'slice', columns: 3 }],
      store,
      numberOfComponents: 1,
      isPreScaled: true,
    };
    const resampler = new SliceResampler(volume, {
      sources: [frame],
      slices: [[{ sourceIndex: 0, weight: 1, shift: [1, 0] }]],
      padding: -32768 - 1024,
    });
    resampler.write(0, [Int16Array.of(-1000, 7)]);
    expect([...store.data]).toEqual([-33792, -1000, 7]);
    expect(store.dataType).toBe('Float32Array');
  });
});

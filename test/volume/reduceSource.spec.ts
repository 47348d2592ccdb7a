import { reduceSource, reductionSteps } from '../../src/volume/createVolumeTexture.js';
import { createSource } from './texture/testWindow.js';

describe('reductionSteps', () => {
  it('is 1 along sides that fit', () => {
    expect(reductionSteps([512, 2048, 1], 2048)).toEqual([1, 1, 1]);
    expect(reductionSteps([512, 512, 300], Infinity)).toEqual([1, 1, 1]);
  });

  it('is the smallest that makes a side fit', () => {
    expect(reductionSteps([2049, 4096, 4097], 2048)).toEqual([2, 2, 3]);
  });
});

describe('reduceSource', () => {
  it('has every so many columns, rows and slices', () => {
    const values = Uint8Array.from({ length: 5 * 3 * 4 }, (_, index) => index);
    const written = [true, false, false, true];
    const whole = createSource(values, 4, { written });
    const reduced = reduceSource(whole, [5, 3, 4], [2, 2, 3]);
    expect(reduced.dimensions).toEqual([3, 2, 2]);
    expect([reduced.frameCount, reduced.valuesPerFrame]).toEqual([2, 6]);
    expect([...reduced.frame(0)]).toEqual([0, 2, 4, 10, 12, 14]);
    expect([...reduced.frame(1)]).toEqual([45, 47, 49, 55, 57, 59]);
    expect([reduced.isWritten(0), reduced.isWritten(1)]).toEqual([true, true]);
    expect([0, 1, 2, 3].map((frame) => reduced.sliceOf?.(frame))).toEqual([
      0,
      undefined,
      undefined,
      1,
    ]);
  });

  it('keeps the components of a voxel together', () => {
    const values = Uint8Array.from({ length: 4 * 3 }, (_, index) => index);
    const whole = createSource(values, 1, { numberOfComponents: 3 });
    expect([...reduceSource(whole, [4, 1, 1], [3, 1, 1]).frame(0)]).toEqual([0, 1, 2, 9, 10, 11]);
  });
});

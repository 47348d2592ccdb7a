import { finiteRange } from '../../../src/base/voxels/voxelTypes.js';

describe('finiteRange', () => {
  it('finds the smallest and the largest value', () => {
    expect(finiteRange(new Int16Array([3, -7, 5]))).toEqual({ min: -7, max: 5 });
    expect(finiteRange(new Uint8Array([9]))).toEqual({ min: 9, max: 9 });
    expect(finiteRange(new Float64Array([0.5, 2.5, -1.5]))).toEqual({ min: -1.5, max: 2.5 });
  });

  it('passes over NaN and the infinities', () => {
    expect(finiteRange(new Float32Array([NaN, 4, Infinity, 2, -Infinity]))).toEqual({
      min: 2,
      max: 4,
    });
  });

  it('is undefined without a finite value', () => {
    expect(finiteRange(new Uint8Array())).toBeUndefined();
    expect(finiteRange(new Float32Array([NaN, Infinity, -Infinity]))).toBeUndefined();
  });
});

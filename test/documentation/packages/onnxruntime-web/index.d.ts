export declare class Tensor {
  readonly type: 'float32';
  readonly data: Float32Array;
  readonly dims: readonly number[];
  constructor(type: 'float32', data: Float32Array, dims: readonly number[]);
}

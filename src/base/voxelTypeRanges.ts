import type { ValueRange, VolumeDataType } from './types.js';

/** The values that each voxel type holds, both ends included. */
export const VOXEL_TYPE_RANGES: Readonly<Record<VolumeDataType, ValueRange>> = {
  Uint8Array: { min: 0, max: 255 },
  Uint16Array: { min: 0, max: 65535 },
  Int16Array: { min: -32768, max: 32767 },
  // The largest finite number of single precision, (2 - 2^-23) * 2^127.
  Float32Array: { min: -3.4028234663852886e38, max: 3.4028234663852886e38 },
};

import type { VolumeArray, VolumeDataType } from './types.js';

/** A typed array over memory that may be shared, which TypeScript's own types do not take. */
interface VoxelArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): VolumeArray;
}

/** The typed array behind each voxel type. */
export const VOXEL_ARRAY_TYPES: Readonly<Record<VolumeDataType, VoxelArrayType>> = {
  Uint8Array,
  Uint16Array,
  Int16Array,
  Float32Array,
};

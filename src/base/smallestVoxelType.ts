import type { ValueRange, VolumeDataType } from './types.js';
import { isWithin } from './valueRanges.js';
import { VOXEL_TYPE_RANGES } from './voxelTypeRanges.js';

/** What a voxel type has to hold. */
export interface VoxelNeeds {
  /** Of the finite values; undefined where there is none. */
  readonly range: ValueRange | undefined;
  /** Whether every value is a whole number; NaN and the infinities are none. */
  readonly isWhole: boolean;
}

// In order of preference.
const TYPES = ['Uint8Array', 'Uint16Array', 'Int16Array', 'Float32Array'] as const;

/** Whether a type holds all that is needed; Float32Array rounds fractions as single precision does. */
export function holds(type: VolumeDataType, { range, isWhole }: VoxelNeeds): boolean {
  const isInRange = range === undefined || isWithin(range, VOXEL_TYPE_RANGES[type]);
  return isInRange && (isWhole || type === 'Float32Array');
}

/** Whether a type holds every value of another. */
export function holdsAllOf(type: VolumeDataType, other: VolumeDataType): boolean {
  return holds(type, { range: VOXEL_TYPE_RANGES[other], isWhole: other !== 'Float32Array' });
}

/** The smallest type that holds what is needed; undefined where even Float32Array overflows. */
export function smallestVoxelType(needs: VoxelNeeds): VolumeDataType | undefined {
  return TYPES.find((type) => holds(type, needs));
}

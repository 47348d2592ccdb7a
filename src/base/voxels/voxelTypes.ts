import type {
  LinearRescale,
  PixelArray,
  ValueRange,
  VolumeArray,
  VolumeDataType,
} from '../types.js';

/** Constructor of a typed array over memory that may be shared; the types of TypeScript leave that out. */
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

/** The values that each voxel type holds, both ends included. */
export const VOXEL_TYPE_RANGES: Readonly<Record<VolumeDataType, ValueRange>> = {
  Uint8Array: { min: 0, max: 255 },
  Uint16Array: { min: 0, max: 65535 },
  Int16Array: { min: -32768, max: 32767 },
  // The largest finite number of single precision, (2 - 2^-23) * 2^127.
  Float32Array: { min: -3.4028234663852886e38, max: 3.4028234663852886e38 },
};

/** Single precision holds every whole number in this range (IEEE 754, 24 bits of significand), and some beyond it. */
export const EXACT_IN_SINGLE_PRECISION: ValueRange = { min: -(2 ** 24), max: 2 ** 24 };

/** Every value that the bits stored allow, with a sign or without (PS3.3 C.7.6.3). */
export function storedLimits({
  bitsStored,
  isSigned,
}: {
  readonly bitsStored: number;
  readonly isSigned: boolean;
}): ValueRange {
  const count = 2 ** bitsStored;
  return isSigned ? { min: -count / 2, max: count / 2 - 1 } : { min: 0, max: count - 1 };
}

/** Whether a range lies within another one. */
export function isWithin({ min, max }: ValueRange, limits: ValueRange): boolean {
  return min >= limits.min && max <= limits.max;
}

/** The smallest range that contains both. */
export function mergeRanges(
  a: ValueRange | undefined,
  b: ValueRange | undefined,
): ValueRange | undefined {
  return a && b ? { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) } : (a ?? b);
}

/** The values that a voxel type has to hold. */
export interface VoxelNeeds {
  /** Of the finite values; undefined where there is none. */
  readonly range: ValueRange | undefined;
  /** Whether every value is a whole number; NaN and the infinities are none. */
  readonly isWhole: boolean;
}

// In order of preference.
const TYPES = ['Uint8Array', 'Uint16Array', 'Int16Array', 'Float32Array'] as const;

/** Whether a type holds all values; Float32Array may round fractions to single precision. */
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

/** Smallest and largest finite value of an array; `undefined` when there is none. */
export function finiteRange(values: PixelArray): ValueRange | undefined {
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  return isFloat ? floatRange(values) : integerRange(values);
}

// Two loops: integers are all finite, and a start with one of them keeps the arithmetic integer.
function integerRange(values: PixelArray): ValueRange | undefined {
  let min = values[0];
  if (min === undefined) {
    return undefined;
  }
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}

function floatRange(values: Float32Array | Float64Array): ValueRange | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // No comparison holds for NaN; the bounds keep the infinities out.
    if (value < min && value > -Infinity) {
      min = value;
    }
    if (value > max && value < Infinity) {
      max = value;
    }
  }
  return min <= max ? { min, max } : undefined;
}

/**
 * Measures what a voxel type has to hold for rescaled pixels. It makes a pass over all values, and is meant for frames
 * that do not fit.
 */
export function voxelNeeds(
  pixels: ArrayLike<number>,
  { slope, intercept }: LinearRescale,
): VoxelNeeds {
  let min = Infinity;
  let max = -Infinity;
  let isWhole = true;
  for (let i = 0; i < pixels.length; i++) {
    const value = (pixels[i] as number) * slope + intercept;
    if (Number.isFinite(value)) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    // Of NaN and the infinities too, which integer types do not have.
    isWhole &&= Number.isInteger(value);
  }
  return { range: min <= max ? { min, max } : undefined, isWhole };
}

import type { PixelArray, ValueRange } from '../types.js';
import { finiteRange, isWithin, storedLimits } from './voxelTypes.js';

/**
 * The bits of a pixel cell that hold its value (PS3.5 8.1.1). The other bits are undefined; they may hold an overlay
 * plane (PS3.3 C.9.2, retired).
 */
export interface StoredBits {
  /** From 1 to 32. */
  readonly bitsStored: number;
  /** Number of the highest bit of the value, from 0; at least `bitsStored - 1`. */
  readonly highBit: number;
  /** Whether the value is in two's complement (PS3.3 C.7.6.3.1.5). */
  readonly isSigned: boolean;
}

/** How pixels are stored in cells (PS3.5 8.1.1). */
export interface CellLayout extends StoredBits {
  readonly bitsAllocated: number;
  /** Float Pixel Data and Double Float Pixel Data, which have no bits stored (PS3.3 C.7.6.24, C.7.6.25). */
  readonly isFloat: boolean;
}

const INTEGER_BITS: ReadonlySet<number> = new Set([1, 8, 16, 32]);
const FLOAT_BITS: ReadonlySet<number> = new Set([32, 64]);

/** Why pixels of a layout cannot be read; `undefined` where they can. */
export function cellFault(layout: CellLayout): string | undefined {
  const { bitsAllocated, bitsStored, highBit, isFloat } = layout;
  if (isFloat) {
    return FLOAT_BITS.has(bitsAllocated)
      ? undefined
      : `floating point pixels of ${bitsAllocated} bits are unknown`;
  }
  if (!INTEGER_BITS.has(bitsAllocated)) {
    return `pixels of ${bitsAllocated} bits are not read`;
  }
  const isPossible =
    [bitsStored, highBit].every(Number.isInteger) &&
    bitsStored >= 1 &&
    highBit >= bitsStored - 1 &&
    highBit < bitsAllocated;
  return isPossible
    ? undefined
    : `${bitsStored} bits stored up to bit ${highBit} are not in ${bitsAllocated} bits allocated`;
}

/** Whether the value is in the lowest bits of its cell, as in nearly every image. */
export function isAtBottom({ bitsStored, highBit }: StoredBits): boolean {
  return highBit === bitsStored - 1;
}

/** Stored values, and the smallest and largest of them. */
export interface MeasuredPixels {
  readonly pixels: PixelArray;
  /** `undefined` where there is no value. */
  readonly range: ValueRange | undefined;
}

/**
 * Extracts the values of pixel cells, and measures them.
 *
 * Cells within the limits of the stored bits are values already: they are not copied, and one pass is made.
 *
 * @param cells - whole numbers of the lowest `highBit + 1` bits or more; not changed
 * @returns the cells themselves, or other pixels
 */
export function measureStored(cells: PixelArray, bits: StoredBits): MeasuredPixels {
  const range = finiteRange(cells);
  if (!range || (isAtBottom(bits) && isWithin(range, storedLimits(bits)))) {
    return { pixels: cells, range };
  }
  const pixels = takeBits(cells, bits);
  return { pixels, range: finiteRange(pixels) };
}

function takeBits(cells: PixelArray, { bitsStored, highBit, isSigned }: StoredBits): PixelArray {
  const [left, right] = [31 - highBit, 32 - bitsStored];
  const pixels = createPixels(cells.length, bitsStored, isSigned);
  // Two loops, as a choice of the shift for each pixel would cost time.
  if (isSigned) {
    for (let i = 0; i < cells.length; i++) {
      pixels[i] = ((cells[i] as number) << left) >> right;
    }
  } else {
    for (let i = 0; i < cells.length; i++) {
      pixels[i] = ((cells[i] as number) << left) >>> right;
    }
  }
  return pixels;
}

function createPixels(length: number, bitsStored: number, isSigned: boolean): PixelArray {
  if (bitsStored <= 8) {
    return isSigned ? new Int8Array(length) : new Uint8Array(length);
  }
  if (bitsStored <= 16) {
    return isSigned ? new Int16Array(length) : new Uint16Array(length);
  }
  return isSigned ? new Int32Array(length) : new Uint32Array(length);
}

import type { PixelLayout } from '../pixelLayout.js';

/**
 * How many bytes of big-endian pixel data change places with each other (Explicit VR Big Endian, retired:
 * PS3.5 2016b A.3). What is swapped is the unit of the value representation (PS3.5 7.3), which is not always
 * that of the pixels: in OW, two pixels of 8 bits change places.
 *
 * @param vr - of the pixel data element; undefined for frames that come without
 * @returns `undefined` for whole numbers of 32 bits: OW swaps their halves one by one, and many writers do not
 */
export function bigEndianUnit(
  { bitsAllocated, isFloat }: PixelLayout,
  vr: string | undefined,
): number | undefined {
  if (isFloat) {
    return bitsAllocated / 8;
  }
  if (bitsAllocated <= 8) {
    return vr === 'OW' ? 2 : 1;
  }
  return bitsAllocated === 16 ? 2 : undefined;
}

/** A copy of bytes, a whole number of units, in which the bytes of each unit are in the other order. */
export function swapBytes(bytes: Uint8Array, unit: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += unit) {
    for (let i = 0; i < unit; i++) {
      swapped[start + i] = bytes[start + unit - 1 - i] ?? 0;
    }
  }
  return swapped;
}

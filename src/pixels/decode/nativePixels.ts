import type { PixelArray } from '../../base/types.js';
import type { PixelLayout } from '../pixelLayout.js';

/**
 * Reads native little-endian pixels (PS3.5 8.1.1): floating point values, or pixel cells whose bits beyond
 * the value are still there.
 *
 * @param bytes - begins with the frame and may be longer, at any address
 * @param layout - one without a fault
 * @param isOwn - whether the memory around the frame may be overwritten, so that nothing need be copied
 * @returns as many values as the layout says, over the same memory where that is possible
 */
export function nativePixels(bytes: Uint8Array, layout: PixelLayout, isOwn: boolean): PixelArray {
  const { valueCount, bitsAllocated, isFloat, isSigned } = layout;
  if (bitsAllocated === 1) {
    return unpackBits(bytes, valueCount);
  }
  const frame = bytes.subarray(0, (valueCount * bitsAllocated) / 8);
  const { buffer, byteOffset } = aligned(frame, bitsAllocated / 8, isOwn);
  switch (bitsAllocated) {
    case 64:
      return new Float64Array(buffer, byteOffset, valueCount);
    case 32:
      return isFloat
        ? new Float32Array(buffer, byteOffset, valueCount)
        : isSigned
          ? new Int32Array(buffer, byteOffset, valueCount)
          : new Uint32Array(buffer, byteOffset, valueCount);
    case 16:
      return isSigned
        ? new Int16Array(buffer, byteOffset, valueCount)
        : new Uint16Array(buffer, byteOffset, valueCount);
    default:
      return isSigned
        ? new Int8Array(buffer, byteOffset, valueCount)
        : new Uint8Array(buffer, byteOffset, valueCount);
  }
}

/** Aligns values to multiples of their size; the bytes before the frame belong to its headers. */
function aligned(frame: Uint8Array, size: number, isOwn: boolean): Uint8Array {
  const { buffer, byteOffset, length } = frame;
  const excess = byteOffset % size;
  if (excess === 0) {
    return frame;
  }
  if (!isOwn) {
    return frame.slice();
  }
  new Uint8Array(buffer).copyWithin(byteOffset - excess, byteOffset, byteOffset + length);
  return new Uint8Array(buffer, byteOffset - excess, length);
}

/** Eight pixels a byte, the first in the lowest bit (PS3.5 8.1.1, annex D). */
function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  const pixels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    pixels[i] = ((bytes[i >> 3] as number) >> (i & 7)) & 1;
  }
  return pixels;
}

/**
 * The number of bytes in which the order of big-endian pixel data is reversed (Explicit VR Big Endian, retired:
 * PS3.5 2016b A.3). It is the unit of the value representation (PS3.5 7.3), which is not always that of the
 * pixels: in OW, two pixels of 8 bits are swapped.
 *
 * @param vr - of the pixel data element; undefined for frames that come without
 * @returns `undefined` for whole numbers of 32 bits: OW swaps their halves one by one, and many writers swap all four
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

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

/** Values begin at multiples of their size; the bytes before the frame belong to its headers. */
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

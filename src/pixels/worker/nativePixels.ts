import type { PixelLayout } from './frameMessages.js';

/**
 * Whether {@link nativePixels} knows a layout: whole bytes without a sign, or 16 bits with or without.
 */
export function isKnownLayout({ bitsAllocated, isSigned }: PixelLayout): boolean {
  return bitsAllocated === 16 || (bitsAllocated === 8 && !isSigned);
}

/**
 * Reads native little-endian pixels (PS3.5 8.1.1) where they are.
 *
 * @param bytes - a view of memory that is the worker's own; what stands there is changed
 * @param layout - one that is known
 * @returns stored values over the same memory
 */
export function nativePixels(
  bytes: Uint8Array<ArrayBuffer>,
  { bitsAllocated, bitsStored, isSigned }: PixelLayout,
): Uint8Array | Uint16Array | Int16Array {
  if (bitsAllocated === 8) {
    return bytes;
  }
  const { buffer, byteOffset } = aligned(bytes);
  const length = bytes.length / 2;
  if (!isSigned) {
    return new Uint16Array(buffer, byteOffset, length);
  }
  const pixels = new Int16Array(buffer, byteOffset, length);
  extendSign(pixels, bitsStored ?? bitsAllocated);
  return pixels;
}

/** Words begin at even addresses; the byte before the frame belongs to its headers. */
function aligned(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes;
  if (byteOffset % 2 === 0) {
    return bytes;
  }
  new Uint8Array(buffer).copyWithin(byteOffset - 1, byteOffset, byteOffset + length);
  return new Uint8Array(buffer, byteOffset - 1, length);
}

/** Bits above Bits Stored are not a part of the value (PS3.5 8.1.1). */
function extendSign(pixels: Int16Array, bitsStored: number): void {
  const shift = 32 - bitsStored;
  if (bitsStored < 16) {
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = ((pixels[i] as number) << shift) >> shift;
    }
  }
}

import type { StoredBits } from '../base/storedBits.js';
import type { ColorLayout } from '../headers/color/describeColor.js';

/** How the pixels of a native frame are laid out (PS3.5 8.1), as its headers say. */
export interface PixelLayout extends StoredBits {
  /** Rows times columns times samples; of samples that two pixels share, half as many. */
  readonly valueCount: number;
  readonly bitsAllocated: number;
  /** Float Pixel Data and Double Float Pixel Data, which have no bits stored (PS3.3 C.7.6.24, C.7.6.25). */
  readonly isFloat: boolean;
  /** Undefined for grey values. */
  readonly color?: ColorLayout | undefined;
  /** Why the colours are not read. */
  readonly colorFault?: string | undefined;
}

/** The layout of pixels in colour. */
export type ColoredLayout = PixelLayout & { readonly color: ColorLayout };

/** Distinguishes colours from grey values. */
export function isColored(layout: PixelLayout): layout is ColoredLayout {
  return layout.color !== undefined;
}

const INTEGER_BITS: ReadonlySet<number> = new Set([1, 8, 16, 32]);
const FLOAT_BITS: ReadonlySet<number> = new Set([32, 64]);

/** Bytes of a frame that is not compressed (PS3.5 8.2). */
export function nativeLength({ valueCount, bitsAllocated }: PixelLayout): number {
  return Math.ceil((valueCount * bitsAllocated) / 8);
}

/** Why pixels of a layout cannot be read; `undefined` where they can. */
export function layoutFault(layout: PixelLayout): string | undefined {
  const { bitsAllocated, bitsStored, highBit, isFloat, colorFault } = layout;
  if (colorFault !== undefined) {
    return colorFault;
  }
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

/** The bits of whole numbers; `undefined` for floating point, all of whose bits are the value. */
export function storedBitsOf(layout: PixelLayout): StoredBits | undefined {
  return layout.isFloat ? undefined : layout;
}

/** Whether the value is in the lowest bits of its cell, as in nearly every image. */
export function isAtBottom({ bitsStored, highBit }: StoredBits): boolean {
  return highBit === bitsStored - 1;
}

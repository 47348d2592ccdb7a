import { cellFault } from '../base/voxels/storedBits.js';
import type { CellLayout, StoredBits } from '../base/voxels/storedBits.js';
import type { ColorLayout } from '../headers/color/describeColor.js';

/** How the pixels of a native frame are laid out (PS3.5 8.1), as its headers say. */
export interface PixelLayout extends CellLayout {
  /** Rows times columns times samples; of samples that two pixels share, half as many. */
  readonly valueCount: number;
  /** In pixels; undefined where the header does not state it. */
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
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

/** Distinguishes colours of several samples from grey values, and from indices into a palette. */
export function hasColorSamples(layout: PixelLayout): layout is ColoredLayout {
  return isColored(layout) && layout.color.space !== 'PALETTE';
}

/** Bytes of a frame that is not compressed (PS3.5 8.2). */
export function nativeLength({ valueCount, bitsAllocated }: PixelLayout): number {
  return Math.ceil((valueCount * bitsAllocated) / 8);
}

/** Why pixels of a layout cannot be read; `undefined` where they can. */
export function layoutFault(layout: PixelLayout): string | undefined {
  return layout.colorFault ?? cellFault(layout);
}

/** The bits of whole numbers; `undefined` for floating point, all of whose bits are the value. */
export function storedBitsOf(layout: PixelLayout): StoredBits | undefined {
  return layout.isFloat ? undefined : layout;
}

import { StreamingVolumeError } from '../../base/errors.js';
import { bigEndianUnit, swapBytes } from '../decode/bigEndian.js';
import type { PixelLayout } from '../pixelLayout.js';
import { unreadable } from '../../base/unreadable.js';

/** The value of a native pixel data element of a file: (7FE0,0008), (7FE0,0009) or (7FE0,0010). */
export interface NativePixelData {
  /** All frames one after the other, with no padding between them (PS3.5 8.1.1), and more behind them. */
  readonly bytes: Uint8Array;
  readonly vr: string | undefined;
  readonly isBigEndian: boolean;
}

/**
 * Cuts one frame out of native pixel data.
 *
 * @param frameIndex - from 0
 * @returns the bytes of the frame, lowest byte of each value first, from the first bit of the first byte on;
 *   fewer where the pixel data end before
 * @throws StreamingVolumeError with code `frame-body` when they end before the frame begins, or `frame-decode`
 *   for big-endian pixels that are not read
 */
export function cutNativeFrame(
  { bytes, vr, isBigEndian }: NativePixelData,
  frameIndex: number,
  layout: PixelLayout,
  imageId: string,
): Uint8Array {
  const bitsOfFrame = layout.valueCount * layout.bitsAllocated;
  const firstBit = frameIndex * bitsOfFrame;
  const start = Math.floor(firstBit / 8);
  const end = Math.ceil((firstBit + bitsOfFrame) / 8);
  if (start >= bytes.length) {
    throw new StreamingVolumeError(
      'frame-body',
      `A file has no pixels for its frame: it has ${bytes.length} bytes of them, and the frame begins at ${start} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const unit = isBigEndian ? bigEndianUnit(layout, vr) : 1;
  if (unit === undefined) {
    throw unreadable(`big-endian whole numbers of ${layout.bitsAllocated} bits`, imageId);
  }
  const frame = unit > 1 ? cutSwapped(bytes, start, end, unit) : bytes.subarray(start, end);
  return firstBit % 8 === 0 ? frame : fromBit(frame, firstBit % 8);
}

function cutSwapped(bytes: Uint8Array, start: number, end: number, unit: number): Uint8Array {
  const from = start - (start % unit);
  const swapped = swapBytes(bytes.subarray(from, Math.ceil(end / unit) * unit), unit);
  return swapped.subarray(start - from, end - from);
}

/** Frames of one bit a pixel need not begin on a byte (PS3.5 8.1.1). */
function fromBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, i) => (byte >> bit) | ((bytes[i + 1] ?? 0) << (8 - bit)));
}

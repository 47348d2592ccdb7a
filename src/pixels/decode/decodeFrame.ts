import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import { IDENTITY_RESCALE } from '../../base/voxels/rescale.js';
import type { CopyTarget } from '../../base/voxels/rescale.js';
import type { PixelArray, VolumeArray } from '../../base/types.js';
import {
  DEFLATED_FRAMES,
  EXPLICIT_BIG_ENDIAN,
  NATIVE_LITTLE_ENDIAN,
  NATIVE_SYNTAXES,
  RLE_LOSSLESS,
} from '../../base/transferSyntaxUids.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { inflateDataSet } from '../../headers/part10/inflateDataSet.js';
import { rescaleOf, targetOf } from '../DecodedFrame.js';
import type { DecodedFrame, FrameOptions, TargetBuffer } from '../DecodedFrame.js';
import { isColored, layoutFault, nativeLength, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { nativeColorFault, nativeColors } from './colorPixels.js';
import { decodeCompressedColors } from './decodeColors.js';
import { decodeCompressed } from './decodeCompressed.js';
import { bigEndianUnit, nativePixels, swapBytes } from './nativePixels.js';
import { placeOrCarry } from './placeOrCarry.js';
import { decodeRle } from './rle.js';

/**
 * Decodes one frame: a native one on this thread, a compressed one in dicom-image-loader's worker.
 *
 * With `preScale` enabled and a place for the frame in the options, the rescaled frame is written there where
 * possible; otherwise, and where the place does not hold the values and wider ones are accepted, the frame
 * carries them.
 *
 * Of a frame in colour, red, green and blue are made, which have no scale.
 *
 * @param bytes - not changed; a native frame may have padding behind it (PS3.5 8.1.1)
 * @param layout - of a frame with a palette: with its colours
 * @throws StreamingVolumeError with code `frame-decode`, `frame-size` or `value-out-of-range`; the place then
 *   holds no value of the frame
 */
export async function decodeFrame(
  imageId: string,
  bytes: Uint8Array,
  transferSyntax: string,
  layout: PixelLayout,
  options: FrameOptions,
): Promise<DecodedFrame> {
  const fault = layoutFault(layout);
  if (fault !== undefined) {
    throw unreadable(fault, imageId);
  }
  if (NATIVE_LITTLE_ENDIAN.has(transferSyntax)) {
    return decodeNative(imageId, bytes, layout, options);
  }
  if (transferSyntax === EXPLICIT_BIG_ENDIAN) {
    return decodeNative(imageId, toLittleEndian(imageId, bytes, layout), layout, options);
  }
  if (transferSyntax === DEFLATED_FRAMES) {
    const inflated = await inflateFrame(imageId, bytes, nativeLength(layout));
    options.signal?.throwIfAborted();
    return decodeNative(imageId, inflated, layout, options);
  }
  if (!isDecodedByLoader(transferSyntax, layout)) {
    return decodeNative(imageId, decodeRle(bytes, layout, imageId), layout, options);
  }
  if (isColored(layout)) {
    const pixels = await decodeCompressedColors({ imageId, bytes, transferSyntax, layout });
    options.signal?.throwIfAborted();
    return placeColors(imageId, pixels, options);
  }
  return decodeCompressed(imageId, bytes, transferSyntax, layout, options);
}

/**
 * Whether {@link decodeFrame} sends a frame to dicom-image-loader's worker. That has no decoder for RLE of more than 16
 * bits.
 */
export function isDecodedByLoader(transferSyntax: string, { bitsAllocated }: PixelLayout): boolean {
  return (
    !NATIVE_SYNTAXES.has(transferSyntax) &&
    transferSyntax !== DEFLATED_FRAMES &&
    !(transferSyntax === RLE_LOSSLESS && bitsAllocated > 16)
  );
}

function placeColors(imageId: string, pixels: PixelArray, options: FrameOptions): DecodedFrame {
  const wanted = targetOf(options);
  const target = wanted && placeOf(wanted, options.slot);
  return placeOrCarry(
    { imageId, pixels, bits: undefined, pick: wanted?.pick, scaled: true },
    target && { target, rescale: IDENTITY_RESCALE, acceptsWider: undefined },
  );
}

function toLittleEndian(imageId: string, bytes: Uint8Array, layout: PixelLayout): Uint8Array {
  const unit = bigEndianUnit(layout, undefined);
  if (unit === undefined) {
    throw unreadable(`big-endian whole numbers of ${layout.bitsAllocated} bits`, imageId);
  }
  return unit === 1 ? bytes : swapBytes(bytes, unit);
}

/** Deflated Image Frame Compression (PS3.5 A.4.13). Data behind the frame are not inflated. */
async function inflateFrame(
  imageId: string,
  deflated: Uint8Array,
  needed: number,
): Promise<Uint8Array> {
  const { bytes, fault } = await inflateDataSet(deflated, 0, needed);
  if (fault !== undefined && bytes.length < needed) {
    throw unreadable(fault, imageId);
  }
  return bytes;
}

/**
 * Reads one native little-endian frame on this thread.
 *
 * With `preScale` enabled and a place for the frame (`targetBuffer` with memory, or `slot`), the rescaled
 * frame is written there; otherwise, and where the place does not hold it and wider values are accepted, the frame
 * carries stored values.
 *
 * @param bytes - begins with the frame; bytes behind it are padding (PS3.5 8.1.1, 8.2). Not changed
 * @throws StreamingVolumeError with code `frame-size` for too few bytes, or `value-out-of-range`;
 *   the place of the frame is unchanged then
 */
function decodeNative(
  imageId: string,
  bytes: Uint8Array,
  layout: PixelLayout,
  options: FrameOptions,
): DecodedFrame {
  const needed = nativeLength(layout);
  if (bytes.length < needed) {
    throw new StreamingVolumeError(
      'frame-size',
      `A native frame has ${bytes.length} bytes instead of ${needed} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const fault = isColored(layout) ? nativeColorFault(bytes.length, layout) : undefined;
  if (fault !== undefined) {
    throw new StreamingVolumeError(
      'frame-size',
      `A native frame cannot be read: ${fault} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const pixels = nativePixels(bytes, layout, false);
  if (isColored(layout)) {
    return placeColors(imageId, nativeColors(pixels, layout), options);
  }
  const rescale = rescaleOf(options.preScale);
  const wanted = targetOf(options);
  const target = wanted && placeOf(wanted, options.slot);
  return placeOrCarry(
    { imageId, pixels, bits: storedBitsOf(layout), pick: wanted?.pick, scaled: false },
    target && rescale && { target, rescale, acceptsWider: wanted.acceptsWider },
  );
}

function placeOf(
  { type, arrayBuffer, offset, length }: TargetBuffer,
  slot: VolumeArray | undefined,
): CopyTarget | undefined {
  const values = arrayBuffer ? new VOXEL_ARRAY_TYPES[type](arrayBuffer, offset, length) : slot;
  return values && { dataType: type, values };
}

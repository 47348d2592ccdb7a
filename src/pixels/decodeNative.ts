import { StreamingVolumeError } from '../errors.js';
import type { CopyTarget } from '../frames/copyRescaled.js';
import { measureStored } from '../frames/storedBits.js';
import { writePixels } from '../frames/writePixels.js';
import { VOXEL_ARRAY_TYPES } from '../voxelArrayTypes.js';
import { createDecodedFrame } from './DecodedFrame.js';
import type { DecodedFrame, FrameOptions } from './DecodedFrame.js';
import { nativeLength, storedBitsOf } from './pixelLayout.js';
import type { PixelLayout } from './pixelLayout.js';
import { rescaleOf } from './rescaleOf.js';
import { nativePixels } from './worker/nativePixels.js';

/**
 * Reads one native little-endian frame on this thread.
 *
 * With `preScale` enabled and a place for the frame (`targetBuffer` with memory, or `slot`), the rescaled
 * frame stands there; otherwise the frame carries stored values.
 *
 * @param bytes - begins with the frame; what is behind it is padding (PS3.5 8.1.1, 8.2). Not changed
 * @throws StreamingVolumeError with code `frame-size` for too few bytes, or `value-out-of-range`;
 *   the place of the frame is unchanged then
 */
export function decodeNative(
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
  const pixels = nativePixels(bytes, layout, false);
  const bits = storedBitsOf(layout);
  const rescale = rescaleOf(options.preScale);
  const target = rescale && placeOf(options);
  if (!target) {
    const pixelData = bits ? measureStored(pixels, bits).pixels : pixels;
    return createDecodedFrame({
      imageId,
      pixelData,
      inPlace: false,
      scaled: false,
      range: undefined,
    });
  }
  const range = writePixels(pixels, rescale, target, imageId, bits);
  const pixelData = target.values;
  return createDecodedFrame({ imageId, pixelData, inPlace: true, scaled: true, range });
}

function placeOf({ targetBuffer, slot }: FrameOptions): CopyTarget | undefined {
  if (!targetBuffer) {
    return undefined;
  }
  const { type, arrayBuffer, offset, length } = targetBuffer;
  const values = arrayBuffer ? new VOXEL_ARRAY_TYPES[type](arrayBuffer, offset, length) : slot;
  return values && { dataType: type, values };
}

import { StreamingVolumeError } from '../../base/errors.js';
import type { CopyTarget } from '../../base/copyRescaled.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxelArrayTypes.js';
import type { DecodedFrame, FrameOptions } from '../DecodedFrame.js';
import { nativeLength, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { placeOrCarry } from './placeOrCarry.js';
import { rescaleOf } from '../rescaleOf.js';
import { nativePixels } from './nativePixels.js';

/**
 * Reads one native little-endian frame on this thread.
 *
 * With `preScale` enabled and a place for the frame (`targetBuffer` with memory, or `slot`), the rescaled
 * frame stands there; otherwise, and where the place does not hold it and wider values are accepted, the frame
 * carries stored values.
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
  const rescale = rescaleOf(options.preScale);
  const target = placeOf(options);
  return placeOrCarry(
    { imageId, pixels, bits: storedBitsOf(layout), scaled: false },
    target && rescale && { target, rescale, acceptsWider: options.targetBuffer?.acceptsWider },
  );
}

function placeOf({ targetBuffer, slot }: FrameOptions): CopyTarget | undefined {
  if (!targetBuffer) {
    return undefined;
  }
  const { type, arrayBuffer, offset, length } = targetBuffer;
  const values = arrayBuffer ? new VOXEL_ARRAY_TYPES[type](arrayBuffer, offset, length) : slot;
  return values && { dataType: type, values };
}

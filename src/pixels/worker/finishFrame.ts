import { isStreamingVolumeError } from '../../base/errors.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import { writePixels } from '../../base/voxels/rescale.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { nativeColorFault, nativeColors } from '../decode/colorPixels.js';
import { nativePixels } from '../decode/nativePixels.js';
import { isColored, layoutFault, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { NATIVE_LITTLE_ENDIAN } from '../../base/transferSyntaxUids.js';
import { frameTransferSyntax } from '../transferSyntax.js';
import { readFrameBody } from '../wadors/multipartFrame.js';
import type { FrameOutcome, FrameOutput, FrameRequest } from './frameMessages.js';

/**
 * Makes the frame of a response: native little-endian pixels are rescaled and written in one go, all of them or
 * none, so that no reader of the volume sees half a frame. Bytes behind the last pixel are padding (PS3.5 8.1.1).
 * Other frames, and those that are too short, are returned as bytes, cut out of the response.
 *
 * @param response - the whole body; native pixels are changed in it
 * @param inPlace - whether pixels are written into the memory of the output, where it has some
 * @returns never throws: an error is an outcome of type `failed`
 */
export function finishFrame(
  response: Uint8Array<ArrayBuffer>,
  contentType: string,
  { imageId, nativeLength, storedSyntax, layout, output }: FrameRequest,
  inPlace: boolean,
): FrameOutcome {
  try {
    const body = readFrameBody(response, contentType, nativeLength, imageId);
    const { bytes } = body;
    const syntax = frameTransferSyntax(body, nativeLength, storedSyntax, imageId);
    const isNative = NATIVE_LITTLE_ENDIAN.has(syntax) && bytes.length >= nativeLength;
    if (!output || !isNative || faultOf(bytes.length, layout) !== undefined) {
      return { type: 'bytes', bytes: bytes.slice(), contentType: body.contentType };
    }
    const cells = nativePixels(bytes, layout, true);
    const whole = isColored(layout) ? nativeColors(cells, layout) : cells;
    const { pick } = output;
    const pixels = pick ? pickPixels(whole, pick, imageId, true) : whole;
    const bits = isColored(layout) ? undefined : storedBitsOf(layout);
    let target = { dataType: output.type, values: outputArray(output, inPlace) };
    let range;
    try {
      range = writePixels(pixels, output.rescale, target, imageId, bits);
    } catch (error) {
      if (output.acceptsWider !== true || !isStreamingVolumeError(error, 'value-out-of-range')) {
        throw error;
      }
      target = { dataType: 'Float32Array', values: new Float32Array(output.length) };
      range = writePixels(pixels, output.rescale, target, imageId, bits);
    }
    const { values } = target;
    const isPrivate = values.buffer instanceof ArrayBuffer;
    return { type: 'pixels', values: isPrivate ? values : undefined, range };
  } catch (cause) {
    return {
      type: 'failed',
      fault: isStreamingVolumeError(cause)
        ? { kind: 'frame', code: cause.code, message: cause.message }
        : { kind: 'other', cause },
    };
  }
}

function faultOf(byteLength: number, layout: PixelLayout): string | undefined {
  return (
    layoutFault(layout) ?? (isColored(layout) ? nativeColorFault(byteLength, layout) : undefined)
  );
}

function outputArray({ type, length, memory, spare }: FrameOutput, inPlace: boolean) {
  const ArrayType = VOXEL_ARRAY_TYPES[type];
  return inPlace && memory
    ? new ArrayType(memory.buffer, memory.byteOffset, length)
    : new ArrayType(spare ?? new ArrayBuffer(length * ArrayType.BYTES_PER_ELEMENT));
}

import { isStreamingVolumeError } from '../../errors.js';
import { writePixels } from '../../frames/writePixels.js';
import { VOXEL_ARRAY_TYPES } from '../../voxelArrayTypes.js';
import { readFrameBody } from '../multipartFrame.js';
import { frameTransferSyntax, NATIVE_LITTLE_ENDIAN } from '../transferSyntax.js';
import type { FrameOutcome, FrameOutput, FrameRequest } from './frameMessages.js';
import { isKnownLayout, nativePixels } from './nativePixels.js';

/**
 * Makes of a response what was asked for: native little-endian pixels are rescaled and written in one go,
 * all of them or none, so that nobody ever sees half a frame. Other frames come as bytes, cut out of the
 * response.
 *
 * @param response - the whole body; native pixels are changed in it
 * @param inPlace - whether pixels are written into the memory of the output, where it has some
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
    const isNative = NATIVE_LITTLE_ENDIAN.has(syntax) && bytes.length === nativeLength;
    if (!output || !isNative || !isKnownLayout(layout)) {
      return { type: 'bytes', bytes: bytes.slice(), contentType: body.contentType };
    }
    const values = outputArray(output, inPlace);
    const pixels = nativePixels(bytes as Uint8Array<ArrayBuffer>, layout);
    const target = { dataType: output.type, values };
    const range = writePixels(pixels, output.rescale, target, imageId);
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

function outputArray({ type, length, memory, spare }: FrameOutput, inPlace: boolean) {
  const ArrayType = VOXEL_ARRAY_TYPES[type];
  return inPlace && memory
    ? new ArrayType(memory.buffer, memory.byteOffset, length)
    : new ArrayType(spare ?? new ArrayBuffer(length * ArrayType.BYTES_PER_ELEMENT));
}

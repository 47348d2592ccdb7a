import { isStreamingVolumeError } from '../../base/errors.js';
import { writePixels } from '../../base/rescale.js';
import type { PixelArray, ValueRange, VolumeArray, VolumeDataType } from '../../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxelTypes.js';
import { nativePixels } from '../decode/nativePixels.js';
import { layoutFault, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { frameTransferSyntax, NATIVE_LITTLE_ENDIAN } from '../transferSyntax.js';
import { readFrameBody } from '../wadors/multipartFrame.js';
import type { FrameOutcome, FrameOutput, FrameRequest } from './frameMessages.js';

/**
 * Makes of a response what was asked for: native little-endian pixels are rescaled and written in one go,
 * all of them or none, so that nobody ever sees half a frame. What is behind the last pixel is padding
 * (PS3.5 8.1.1). Other frames, and those that are too short, come as bytes, cut out of the response.
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
    const isNative = NATIVE_LITTLE_ENDIAN.has(syntax) && bytes.length >= nativeLength;
    if (!output || !isNative || layoutFault(layout) !== undefined) {
      return { type: 'bytes', bytes: bytes.slice(), contentType: body.contentType };
    }
    const pixels = nativePixels(bytes, layout, true);
    const { values, range } = writeOutput(pixels, layout, output, inPlace, imageId);
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

interface Written {
  readonly values: VolumeArray;
  readonly range: ValueRange | undefined;
}

function writeOutput(
  pixels: PixelArray,
  layout: PixelLayout,
  output: FrameOutput,
  inPlace: boolean,
  imageId: string,
): Written {
  const write = (dataType: VolumeDataType, values: VolumeArray): Written => {
    const target = { dataType, values };
    const range = writePixels(pixels, output.rescale, target, imageId, storedBitsOf(layout));
    return { values, range };
  };
  try {
    return write(output.type, outputArray(output, inPlace));
  } catch (error) {
    if (output.acceptsWider !== true || !isStreamingVolumeError(error, 'value-out-of-range')) {
      throw error;
    }
    return write('Float32Array', new Float32Array(output.length));
  }
}

function outputArray({ type, length, memory, spare }: FrameOutput, inPlace: boolean) {
  const ArrayType = VOXEL_ARRAY_TYPES[type];
  return inPlace && memory
    ? new ArrayType(memory.buffer, memory.byteOffset, length)
    : new ArrayType(spare ?? new ArrayBuffer(length * ArrayType.BYTES_PER_ELEMENT));
}

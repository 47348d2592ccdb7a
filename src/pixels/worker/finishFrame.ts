import { isStreamingVolumeError } from '../../base/errors.js';
import { nextTask } from '../../base/timers.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import { writePixels } from '../../base/voxels/rescale.js';
import { NATIVE_SYNTAXES, NATIVE_LITTLE_ENDIAN } from '../../base/transferSyntaxUids.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { CodecUnavailable } from '../codecs/decodeCodestream.js';
import { nativeColorFault, nativeColors } from '../decode/colorPixels.js';
import { nativePixels } from '../decode/nativePixels.js';
import { isColored, layoutFault, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { frameTransferSyntax } from '../transferSyntax.js';
import { readFrameBody } from '../wadors/multipartFrame.js';
import { decodeCompressedFrame, isDecodedHere } from './decodeCompressedFrame.js';
import type { DecodedPixels } from './decodeCompressedFrame.js';
import type { FrameOutcome, FrameOutput, FrameRequest, WrittenPixels } from './frameMessages.js';

/** What the page has a say in while a frame is made. */
export interface FrameControl {
  /** Whether pixels may be written into the memory of the output; it may change while a frame is decoded. */
  readonly inPlace: boolean;
  /** Called right before a compressed frame is decoded; throws where it is not wanted any more. */
  readonly beginDecoding?: () => void;
}

/**
 * Makes the frame of a response: pixels are decoded where they are compressed, rescaled and written in one go, all of
 * them or none, so that no reader of the volume sees half a frame. Bytes behind the last pixel are padding (PS3.5
 * 8.1.1). Other frames, and those that are too short, are returned as bytes, cut out of the response.
 *
 * @param response - the whole body; native pixels are changed in it
 * @returns at once for frames that are not compressed. Never throws: an error is an outcome of type `failed`
 */
export function finishFrame(
  response: Uint8Array<ArrayBuffer>,
  contentType: string,
  request: FrameRequest,
  control: FrameControl,
): FrameOutcome | Promise<FrameOutcome> {
  const { imageId, nativeLength, storedSyntax, layout, output } = request;
  try {
    const body = readFrameBody(response, contentType, nativeLength, imageId);
    const { bytes } = body;
    const syntax = frameTransferSyntax(body, nativeLength, storedSyntax, imageId);
    if (!NATIVE_SYNTAXES.has(syntax)) {
      return finishCompressed(bytes, body.contentType, syntax, request, control);
    }
    const isReadable = NATIVE_LITTLE_ENDIAN.has(syntax) && bytes.length >= nativeLength;
    if (!output || !isReadable || faultOf(bytes.length, layout) !== undefined) {
      return { type: 'bytes', bytes: bytes.slice(), contentType: body.contentType };
    }
    const cells = nativePixels(bytes, layout, true);
    const pixels = isColored(layout)
      ? { pixels: nativeColors(cells, layout), bits: undefined }
      : { pixels: cells, bits: storedBitsOf(layout) };
    return { type: 'pixels', ...write(pixels, imageId, output, control) };
  } catch (cause) {
    return failed(cause);
  }
}

/**
 * Decodes and writes a compressed frame.
 *
 * @param contentType - what is reported with the bytes of a frame that is not decoded here
 * @returns never rejects, as {@link finishFrame}
 */
export async function finishCompressed(
  bytes: Uint8Array,
  contentType: string,
  transferSyntax: string,
  { imageId, layout, output, decoding }: FrameRequest,
  control: FrameControl,
): Promise<FrameOutcome> {
  const frame = { imageId, bytes, transferSyntax, layout };
  const leave = (reason?: string): FrameOutcome => ({
    type: 'bytes',
    bytes: bytes.slice(),
    contentType,
    ...(reason !== undefined && { undecoded: { transferSyntax, reason } }),
  });
  try {
    if (!decoding || !output || decoding.except.includes(transferSyntax)) {
      return leave();
    }
    // The error of a layout that is not read is made on the page.
    if (layoutFault(layout) !== undefined || !isDecodedHere(frame)) {
      return leave(`frame workers have no decoder for transfer syntax ${transferSyntax}`);
    }
    // Commands that came while another frame was decoded are read first: their requests are sent, and wait for the
    // server while this one is decoded.
    await nextTask();
    const source = { ...decoding, onBegin: control.beginDecoding };
    const written = await decodeCompressedFrame(frame, source, (decoded) =>
      write(decoded, imageId, output, control),
    );
    return { type: 'pixels', ...written, isDecoded: true };
  } catch (cause) {
    return cause instanceof CodecUnavailable ? leave(cause.message) : failed(cause);
  }
}

/** @throws StreamingVolumeError with code `frame-size` or `value-out-of-range` */
function write(
  { pixels: whole, bits }: DecodedPixels,
  imageId: string,
  output: FrameOutput,
  { inPlace }: FrameControl,
): WrittenPixels {
  const { pick } = output;
  const pixels = pick ? pickPixels(whole, pick, imageId, true) : whole;
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
  return { values: values.buffer instanceof ArrayBuffer ? values : undefined, range };
}

function failed(cause: unknown): FrameOutcome {
  return {
    type: 'failed',
    fault: isStreamingVolumeError(cause)
      ? {
          kind: 'frame',
          code: cause.code,
          message: cause.message,
          ...(cause.cause instanceof Error && { cause: new Error(cause.cause.message) }),
        }
      : { kind: 'other', cause },
  };
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

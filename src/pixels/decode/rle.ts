import { unreadable } from '../../base/errors.js';
import { nativeLength } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';

/** Number of segments and 15 offsets, 4 bytes each (PS3.5 G.5). */
const HEADER_LENGTH = 64;

/** -128 as a byte without a sign, which stands for no bytes (PS3.5 G.3.2). */
const NO_OPERATION = 128;

/**
 * Finds the fault of an RLE frame (PS3.5 G) that no decoder is to be given: it has another number of segments than
 * expected, or one that lies outside of the frame or has too few bytes.
 *
 * @param segmentCount - bytes of a pixel cell times samples
 * @param segmentLength - bytes of a segment when it is decoded: one for each pixel
 * @returns undefined for a frame that can be decoded
 */
export function rleFault(
  bytes: Uint8Array,
  segmentCount: number,
  segmentLength: number,
): string | undefined {
  if (bytes.length < HEADER_LENGTH) {
    return `an RLE frame of ${bytes.length} bytes has no room for its header`;
  }
  const stated = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (stated !== segmentCount) {
    return `an RLE frame has ${stated} segments instead of ${segmentCount}`;
  }
  for (const [index, segment] of segmentsOf(bytes, segmentCount).entries()) {
    const length = decodedLength(segment);
    if (length < segmentLength) {
      return `segment ${index + 1} of an RLE frame has ${length} values instead of ${segmentLength}`;
    }
  }
  return undefined;
}

/** Empty where the offsets lie outside of the frame, or are not in order. */
function segmentsOf(bytes: Uint8Array, segmentCount: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  return Array.from({ length: segmentCount }, (_, index) => {
    const start = view.getUint32(4 * (index + 1), true);
    const end = index + 1 < segmentCount ? view.getUint32(4 * (index + 2), true) : bytes.length;
    return start < HEADER_LENGTH
      ? bytes.subarray(0, 0)
      : bytes.subarray(start, Math.max(start, end));
  });
}

/** Reads the codes alone: bytes after a code are literal, or one that is repeated. */
function decodedLength(segment: Uint8Array): number {
  let length = 0;
  for (let at = 0; at + 1 < segment.length;) {
    const code = segment[at] as number;
    if (code < NO_OPERATION) {
      length += Math.min(code + 1, segment.length - at - 1);
      at += code + 2;
    } else if (code === NO_OPERATION) {
      at += 1;
    } else {
      length += 257 - code;
      at += 2;
    }
  }
  return length;
}

/**
 * Decodes an RLE frame of one component (PS3.5 G): each segment has one byte of each pixel cell, the highest first.
 *
 * @param layout - pixel cells of whole bytes, or of one bit
 * @returns the native frame, lowest byte first
 * @throws StreamingVolumeError with code `frame-decode` where there is a {@link rleFault}
 */
export function decodeRle(bytes: Uint8Array, layout: PixelLayout, imageId: string): Uint8Array {
  const { valueCount, bitsAllocated } = layout;
  const size = Math.max(1, bitsAllocated / 8);
  const length = nativeLength(layout);
  const segments = checkedSegments(bytes, size, bitsAllocated === 1 ? length : valueCount, imageId);
  const native = new Uint8Array(length);
  for (const [index, segment] of segments.entries()) {
    unpackSegment(segment, native, size - 1 - index, size);
  }
  return native;
}

/** The segments of red, green and blue, or the like, of 8 bits each (PS3.5 8.2.2). */
export const RLE_COLOR_SEGMENTS = 3;

/**
 * Decodes an RLE frame of three components of 8 bits.
 *
 * @param valueCount - of all components
 * @returns the samples, plane after plane
 * @throws StreamingVolumeError with code `frame-decode` where there is a {@link rleFault}
 */
export function decodeRlePlanes(
  bytes: Uint8Array,
  valueCount: number,
  imageId: string,
): Uint8Array {
  const plane = valueCount / RLE_COLOR_SEGMENTS;
  const planes = new Uint8Array(valueCount);
  for (const [index, segment] of checkedSegments(
    bytes,
    RLE_COLOR_SEGMENTS,
    plane,
    imageId,
  ).entries()) {
    unpackSegment(segment, planes.subarray(index * plane, (index + 1) * plane), 0, 1);
  }
  return planes;
}

function checkedSegments(
  bytes: Uint8Array,
  segmentCount: number,
  segmentLength: number,
  imageId: string,
): Uint8Array[] {
  const fault = rleFault(bytes, segmentCount, segmentLength);
  if (fault !== undefined) {
    throw unreadable(fault, imageId);
  }
  return segmentsOf(bytes, segmentCount);
}

/**
 * Writes the bytes of a segment into every `step`-th byte from `first` on, until the target is full.
 *
 * @param segment - one with enough values
 */
function unpackSegment(segment: Uint8Array, target: Uint8Array, first: number, step: number): void {
  let to = first;
  for (let at = 0; to < target.length;) {
    const code = segment[at] as number;
    at += 1;
    if (code > NO_OPERATION) {
      const value = segment[at] as number;
      at += 1;
      for (const end = Math.min(target.length, to + step * (257 - code)); to < end; to += step) {
        target[to] = value;
      }
    } else if (code < NO_OPERATION) {
      const end = Math.min(target.length, to + step * (code + 1));
      for (; to < end; to += step) {
        target[to] = segment[at] as number;
        at += 1;
      }
    }
  }
}

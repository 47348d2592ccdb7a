import type { DataSet } from 'dicom-parser';
import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import {
  EXPLICIT_BIG_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  NATIVE_SYNTAXES,
} from '../../base/transferSyntaxUids.js';
import { PIXEL_TAGS } from '../../headers/part10/part10Files.js';
import { bigEndianUnit, swapBytes } from '../decode/nativePixels.js';
import { joinFragments } from '../describeFrame.js';
import { nativeColorFault } from '../decode/colorPixels.js';
import { isColored } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { fragmentsOfFrames } from './part10Fragments.js';
import type { FrameFragments } from './part10Fragments.js';

const PIXEL_DATA = 'x7fe00010';
const NUMBER_OF_FRAMES = 'x00280008';

/** One frame of a file. */
export interface Part10Frame {
  readonly bytes: Uint8Array;
  /** Implicit VR little endian for native frames, whatever the file is in. */
  readonly transferSyntax: string;
  /** As described by the headers; whether it is floating point is read from the file. */
  readonly layout: PixelLayout;
}

/** The fragments of each frame, by file. */
const assigned = new WeakMap<DataSet, readonly FrameFragments[]>();

/**
 * Cuts a frame out of a file.
 *
 * @param frameNumber - from 1
 * @throws StreamingVolumeError with code `frame-body` where the file has no such frame, or nothing says where it
 *   begins, `frame-size` where its frames have more samples than the header states, or `frame-decode` for big-endian pixels that are not read
 */
export function cutPart10Frame(
  dataSet: DataSet,
  frameNumber: number,
  described: PixelLayout,
  imageId: string,
): Part10Frame {
  const transferSyntax = dataSet.string('x00020010') ?? '';
  const tag = PIXEL_TAGS.find((each) => dataSet.elements[each]);
  const element = tag && dataSet.elements[tag];
  if (!element) {
    throw noPixels('', imageId);
  }
  if (frameNumber < 1) {
    throw noPixels(': frames are numbered from 1', imageId);
  }
  const layout = { ...described, isFloat: tag !== PIXEL_DATA };
  if (element.fragments) {
    const bytes = cutEncapsulatedFrame(dataSet, frameNumber, imageId);
    return { bytes, transferSyntax, layout };
  }
  if (!NATIVE_SYNTAXES.has(transferSyntax)) {
    throw noPixels(`: in ${transferSyntax} they have to be encapsulated, and are not`, imageId);
  }
  const { dataOffset, length, vr } = element;
  checkSampleCount(length, dataSet, layout, imageId);
  const pixelData = {
    bytes: dataSet.byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array,
    vr,
    isBigEndian: transferSyntax === EXPLICIT_BIG_ENDIAN,
  };
  const bytes = cutNativeFrame(pixelData, frameNumber, layout, imageId);
  return { bytes, transferSyntax: IMPLICIT_LITTLE_ENDIAN, layout };
}

function checkSampleCount(
  length: number,
  dataSet: DataSet,
  layout: PixelLayout,
  imageId: string,
): void {
  const frameCount = Math.max(1, dataSet.intString(NUMBER_OF_FRAMES) ?? 1);
  const fault = isColored(layout) ? nativeColorFault(length / frameCount, layout) : undefined;
  if (fault !== undefined) {
    throw new StreamingVolumeError(
      'frame-size',
      `The frames of a file cannot be read: ${fault} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}

/**
 * Writes the offsets of the frames into the Basic Offset Table of a file; left as it is where they are unknown.
 *
 * Workaround: dicom-image-loader (`wadouri/getEncapsulatedImageFrame.js`; 5.6.8 to 5.14) reads no Extended Offset Table,
 * and does not check the basic one. Remove when it reads both.
 */
export function mendOffsetTable(dataSet: DataSet): DataSet {
  const element = dataSet.elements[PIXEL_DATA];
  if (element?.fragments) {
    try {
      const frames = fragmentsOfFrames(dataSet);
      element.basicOffsetTable = frames.flatMap(({ fragments }) => fragments[0]?.offset ?? []);
    } catch {
      // Not an error here: dicom-image-loader may still find the one frame.
    }
  }
  return dataSet;
}

/**
 * Cuts a frame out of encapsulated pixel data.
 *
 * @param frameNumber - from 1
 * @throws StreamingVolumeError with code `frame-body`, as {@link cutPart10Frame}
 */
export function cutEncapsulatedFrame(
  dataSet: DataSet,
  frameNumber: number,
  imageId: string,
): Uint8Array {
  let frames = assigned.get(dataSet);
  if (!frames) {
    try {
      frames = fragmentsOfFrames(dataSet);
    } catch (cause) {
      throw noPixels(`: ${cause instanceof Error ? cause.message : String(cause)}`, imageId, cause);
    }
    assigned.set(dataSet, frames);
  }
  const frame = frames[frameNumber - 1];
  if (!frame) {
    throw noPixels(`: it has ${frames.length} frames`, imageId);
  }
  const bytes = joinFragments(
    frame.fragments.map(
      ({ position, length }) =>
        dataSet.byteArray.subarray(position, position + length) as Uint8Array,
    ),
  );
  return frame.byteLength === undefined ? bytes : bytes.slice(0, frame.byteLength);
}

function noPixels(why: string, imageId: string, cause?: unknown): StreamingVolumeError {
  return new StreamingVolumeError(
    'frame-body',
    `The file of a frame has no pixels for it${why} (${imageId})`,
    { imageIds: [imageId], ...(cause !== undefined && { cause }) },
  );
}

/** The value of a native pixel data element of a file: (7FE0,0008), (7FE0,0009) or (7FE0,0010). */
export interface NativePixelData {
  /** All frames one after the other without padding between them (PS3.5 8.1.1); padding may follow. */
  readonly bytes: Uint8Array;
  readonly vr: string | undefined;
  readonly isBigEndian: boolean;
}

/**
 * Cuts one frame out of native pixel data.
 *
 * @param frameNumber - from 1
 * @returns the bytes of the frame, lowest byte of each value first, from the first bit of the first byte on;
 *   fewer where the pixel data end before
 * @throws StreamingVolumeError with code `frame-body` when they end before the frame begins, or `frame-decode`
 *   for big-endian pixels that are not read
 */
function cutNativeFrame(
  { bytes, vr, isBigEndian }: NativePixelData,
  frameNumber: number,
  layout: PixelLayout,
  imageId: string,
): Uint8Array {
  const bitsOfFrame = layout.valueCount * layout.bitsAllocated;
  const firstBit = (frameNumber - 1) * bitsOfFrame;
  const start = Math.floor(firstBit / 8);
  const end = Math.ceil((firstBit + bitsOfFrame) / 8);
  if (start >= bytes.length) {
    throw new StreamingVolumeError(
      'frame-body',
      `The file of a frame has no pixels for it: they end at byte ${bytes.length}, and the frame begins at ${start} (${imageId})`,
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

import { wadouri } from '@cornerstonejs/dicom-image-loader';
import type { DataSet, Element } from 'dicom-parser';
import { StreamingVolumeError } from '../errors.js';
import { PIXEL_TAGS } from '../metadata/part10/readPart10File.js';
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
} from '../metadata/part10/transferSyntaxes.js';
import type { FrameDescription } from './describeFrame.js';
import { fragmentsOfFrames } from './part10Fragments.js';
import type { FrameFragments } from './part10Fragments.js';
import { NATIVE_SYNTAXES } from './transferSyntax.js';

/** The bytes of one frame of a file: a copy, at the start of its buffer. */
export interface Part10Frame {
  readonly bytes: Uint8Array;
  /** Explicit little endian for frames that were big endian in the file. */
  readonly transferSyntax: string;
}

/** Which fragments make which frame, by file. */
const assigned = new WeakMap<DataSet, readonly FrameFragments[]>();

/**
 * Cuts a frame out of a file.
 *
 * @param frameIndex - from 0
 * @throws StreamingVolumeError with code `frame-body` where the file has no such frame, or nothing says where it
 *   begins
 */
export function cutPart10Frame(
  dataSet: DataSet,
  frameIndex: number,
  description: FrameDescription,
  imageId: string,
): Part10Frame {
  const transferSyntax = dataSet.string('x00020010') ?? '';
  const tag = PIXEL_TAGS.find((each) => dataSet.elements[each]);
  const element = tag && dataSet.elements[tag];
  if (!element) {
    throw noPixels('', imageId);
  }
  if (element.fragments) {
    return { bytes: cutEncapsulatedFrame(dataSet, frameIndex, imageId), transferSyntax };
  }
  if (!NATIVE_SYNTAXES.has(transferSyntax)) {
    throw noPixels(`: in ${transferSyntax} they have to be encapsulated, and are not`, imageId);
  }
  if (description.layout.bitsAllocated === 1) {
    return { bytes: unpackBits(dataSet, frameIndex, imageId), transferSyntax };
  }
  const bytes = cutNative(dataSet, element, frameIndex, description.nativeLength);
  if (bytes.length === 0) {
    throw noPixels(`: they end before frame ${frameIndex + 1}`, imageId);
  }
  if (transferSyntax !== EXPLICIT_BIG_ENDIAN) {
    return { bytes, transferSyntax };
  }
  toLittleEndian(bytes, cellBytes(element, description));
  return { bytes, transferSyntax: EXPLICIT_LITTLE_ENDIAN };
}

/**
 * Writes into the Basic Offset Table of a file where its frames begin, for dicom-image-loader, which knows no
 * other table and believes this one. Left as it is where nothing tells it.
 */
export function mendOffsetTable(dataSet: DataSet): DataSet {
  const element = dataSet.elements['x7fe00010'];
  if (element?.fragments) {
    try {
      const frames = fragmentsOfFrames(dataSet);
      element.basicOffsetTable = frames.flatMap(({ fragments }) => fragments[0]?.offset ?? []);
    } catch {
      // dicom-image-loader may still find the one image that is asked for.
    }
  }
  return dataSet;
}

/**
 * Cuts a frame out of encapsulated pixel data.
 *
 * @param frameIndex - from 0
 * @throws StreamingVolumeError with code `frame-body`, as {@link cutPart10Frame}
 */
export function cutEncapsulatedFrame(
  dataSet: DataSet,
  frameIndex: number,
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
  const frame = frames[frameIndex];
  if (!frame) {
    throw noPixels(`: it has ${frames.length} frames`, imageId);
  }
  const { fragments } = frame;
  const bytes = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { position, length } of fragments) {
    bytes.set(dataSet.byteArray.subarray(position, position + length), at);
    at += length;
  }
  return frame.byteLength === undefined ? bytes : bytes.slice(0, frame.byteLength);
}

/** Frames follow one another without padding (PS3.5 8.2). */
function cutNative(
  { byteArray }: DataSet,
  { dataOffset, length }: Element,
  frameIndex: number,
  nativeLength: number,
): Uint8Array {
  const start = dataOffset + frameIndex * nativeLength;
  const end = Math.min(start + nativeLength, dataOffset + length, byteArray.length);
  return new Uint8Array(byteArray.subarray(start, Math.max(start, end)));
}

/** Bytes that change places in big endian: those of a word, of which two pixels of 8 bits may make one. */
function cellBytes({ vr }: Element, { layout }: FrameDescription): number {
  const isPairs = vr === 'OW' && layout.bitsAllocated <= 8;
  return isPairs ? 2 : Math.ceil(layout.bitsAllocated / 8);
}

function toLittleEndian(bytes: Uint8Array, size: number): void {
  for (let at = 0; size > 1 && at + size <= bytes.length; at += size) {
    bytes.subarray(at, at + size).reverse();
  }
}

/** One byte for each pixel of one bit. */
function unpackBits(dataSet: DataSet, frameIndex: number, imageId: string): Uint8Array {
  try {
    return wadouri.getPixelData(dataSet, frameIndex) as Uint8Array;
  } catch (cause) {
    throw noPixels(`: ${cause instanceof Error ? cause.message : String(cause)}`, imageId, cause);
  }
}

function noPixels(why: string, imageId: string, cause?: unknown): StreamingVolumeError {
  return new StreamingVolumeError(
    'frame-body',
    `A file has no pixels for its frame${why} (${imageId})`,
    { imageIds: [imageId], ...(cause !== undefined && { cause }) },
  );
}

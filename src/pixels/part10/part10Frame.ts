import type { DataSet } from 'dicom-parser';
import { StreamingVolumeError } from '../../base/errors.js';
import { PIXEL_TAGS } from '../../headers/part10/readPart10File.js';
import { EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '../../base/transferSyntaxUids.js';
import { cutNativeFrame } from './cutNativeFrame.js';
import { joinFragments } from '../joinFragments.js';
import { fragmentsOfFrames } from './part10Fragments.js';
import type { FrameFragments } from './part10Fragments.js';
import type { PixelLayout } from '../pixelLayout.js';
import { NATIVE_SYNTAXES } from '../transferSyntax.js';

const PIXEL_DATA = 'x7fe00010';

/** One frame of a file. */
export interface Part10Frame {
  readonly bytes: Uint8Array;
  /** Implicit VR little endian for native frames, whatever the file is in. */
  readonly transferSyntax: string;
  /** That of the headers; the file knows which pixel data it has, where they only let it be guessed. */
  readonly layout: PixelLayout;
}

/** Which fragments make which frame, by file. */
const assigned = new WeakMap<DataSet, readonly FrameFragments[]>();

/**
 * Cuts a frame out of a file.
 *
 * @param frameIndex - from 0
 * @throws StreamingVolumeError with code `frame-body` where the file has no such frame, or nothing says where it
 *   begins, or `frame-decode` for big-endian pixels that are not read
 */
export function cutPart10Frame(
  dataSet: DataSet,
  frameIndex: number,
  described: PixelLayout,
  imageId: string,
): Part10Frame {
  const transferSyntax = dataSet.string('x00020010') ?? '';
  const tag = PIXEL_TAGS.find((each) => dataSet.elements[each]);
  const element = tag && dataSet.elements[tag];
  if (!element) {
    throw noPixels('', imageId);
  }
  if (frameIndex < 0) {
    throw noPixels(': frames are numbered from 1', imageId);
  }
  const layout = { ...described, isFloat: tag !== PIXEL_DATA };
  if (element.fragments) {
    const bytes = cutEncapsulatedFrame(dataSet, frameIndex, imageId);
    return { bytes, transferSyntax, layout };
  }
  if (!NATIVE_SYNTAXES.has(transferSyntax)) {
    throw noPixels(`: in ${transferSyntax} they have to be encapsulated, and are not`, imageId);
  }
  const { dataOffset, length, vr } = element;
  const pixelData = {
    bytes: dataSet.byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array,
    vr,
    isBigEndian: transferSyntax === EXPLICIT_BIG_ENDIAN,
  };
  const bytes = cutNativeFrame(pixelData, frameIndex, layout, imageId);
  return { bytes, transferSyntax: IMPLICIT_LITTLE_ENDIAN, layout };
}

/**
 * Writes into the Basic Offset Table of a file where its frames begin, for dicom-image-loader, which knows no
 * other table and believes this one. Left as it is where nothing tells it.
 */
export function mendOffsetTable(dataSet: DataSet): DataSet {
  const element = dataSet.elements[PIXEL_DATA];
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
    `A file has no pixels for its frame${why} (${imageId})`,
    { imageIds: [imageId], ...(cause !== undefined && { cause }) },
  );
}

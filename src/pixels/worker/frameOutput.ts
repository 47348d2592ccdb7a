import type { PixelPick } from '../../base/voxels/pickPixels.js';
import type { LinearRescale, ValueRange, VolumeArray } from '../../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { rescaleOf, targetOf } from '../DecodedFrame.js';
import type { FrameOptions } from '../DecodedFrame.js';
import type { FrameMemory, FrameOutput, WrittenPixels } from './frameMessages.js';
import type { FrameWorkerPool } from './FrameWorkerPool.js';

/** The output of a frame worker; undefined when stored values are wanted. */
export function frameOutput(
  options: FrameOptions,
  workers: FrameWorkerPool,
): FrameOutput | undefined {
  const target = targetOf(options);
  const rescale = rescaleOf(options.preScale);
  if (!target || !rescale) {
    return undefined;
  }
  const { type, length, offset, arrayBuffer, acceptsWider, pick } = target;
  const wanted = { type, length, rescale, acceptsWider, ...(pick && { pick }) };
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' && arrayBuffer instanceof SharedArrayBuffer;
  if (isShared) {
    return { ...wanted, memory: { buffer: arrayBuffer, byteOffset: offset } };
  }
  const spare = workers.takeSpare(length * VOXEL_ARRAY_TYPES[type].BYTES_PER_ELEMENT);
  return { ...wanted, spare };
}

/**
 * Copies pixels of a frame worker into their slot, unless the worker has written them there.
 *
 * @param slot - of the first requester, where it is not in the memory of the output
 */
export function placePixels(
  { values, range, isDecoded }: WrittenPixels,
  output: FrameOutput,
  slot: VolumeArray | undefined,
  workers: FrameWorkerPool,
): FetchedPixels {
  const { rescale, pick } = output;
  const made = { rescale, range, isDecoded: isDecoded === true, ...(pick && { pick }) };
  if (!values) {
    return { ...made, values: sharedSlot(output), inPlace: true };
  }
  // Voxels of a wider type would wrap in the slot.
  if (!slot || values.constructor !== slot.constructor) {
    return { ...made, values, inPlace: false };
  }
  slot.set(values);
  workers.giveSpare(values.buffer as ArrayBuffer);
  return { ...made, values: slot, inPlace: true };
}

function sharedSlot({ type, length, memory }: FrameOutput): VolumeArray {
  const { buffer, byteOffset } = memory as FrameMemory;
  return new VOXEL_ARRAY_TYPES[type](buffer, byteOffset, length);
}

/** Voxels that a frame worker has made for the first requester. */
export interface FetchedPixels {
  readonly values: VolumeArray;
  /** Whether they are in the memory of the first requester. */
  readonly inPlace: boolean;
  /** What was applied to the stored values. */
  readonly rescale: LinearRescale;
  readonly range: ValueRange | undefined;
  /** Whether the frame was compressed. */
  readonly isDecoded: boolean;
  /** The pixels of the frame that they are; undefined for the whole frame. */
  readonly pick?: PixelPick;
}

import type { VolumeArray } from '../../base/types.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxelArrayTypes.js';
import type { FrameOptions } from '../DecodedFrame.js';
import type { FetchedPixels } from '../wadors/FetchedFrame.js';
import { rescaleOf } from '../rescaleOf.js';
import type { FrameMemory, FrameOutput, WrittenPixels } from './frameMessages.js';
import type { FrameWorkers } from './FrameWorkers.js';

/** What a frame worker is to make of native pixels; undefined when stored values are wanted. */
export function frameOutput(
  { targetBuffer, preScale }: FrameOptions,
  workers: FrameWorkers,
): FrameOutput | undefined {
  const rescale = rescaleOf(preScale);
  if (!targetBuffer || !rescale) {
    return undefined;
  }
  const { type, length, offset, arrayBuffer, acceptsWider } = targetBuffer;
  const wanted = { type, length, rescale, acceptsWider };
  const isShared =
    typeof SharedArrayBuffer !== 'undefined' && arrayBuffer instanceof SharedArrayBuffer;
  if (isShared) {
    return { ...wanted, memory: { buffer: arrayBuffer, byteOffset: offset } };
  }
  const spare = workers.takeSpare(length * VOXEL_ARRAY_TYPES[type].BYTES_PER_ELEMENT);
  return { ...wanted, spare };
}

/**
 * Sees that pixels of a frame worker stand where they are wanted.
 *
 * @param slot - of the one who asked, where it is not in the memory of the output
 */
export function placePixels(
  { values, range }: WrittenPixels,
  output: FrameOutput,
  slot: VolumeArray | undefined,
  workers: FrameWorkers,
): FetchedPixels {
  const { rescale } = output;
  if (!values) {
    return { values: sharedSlot(output), inPlace: true, rescale, range };
  }
  // Voxels that the slot does not hold would wrap there.
  if (!slot || values.constructor !== slot.constructor) {
    return { values, inPlace: false, rescale, range };
  }
  slot.set(values);
  workers.giveSpare(values.buffer as ArrayBuffer);
  return { values: slot, inPlace: true, rescale, range };
}

function sharedSlot({ type, length, memory }: FrameOutput): VolumeArray {
  const { buffer, byteOffset } = memory as FrameMemory;
  return new VOXEL_ARRAY_TYPES[type](buffer, byteOffset, length);
}

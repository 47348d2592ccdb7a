import { isStreamingVolumeError, StreamingVolumeError } from '../errors.js';
import { FrameRanges } from './FrameRanges.js';
import { writePixels } from './rescale.js';
import type {
  LinearRescale,
  PixelArray,
  ValueRange,
  VolumeArray,
  VolumeDataType,
} from '../types.js';
import {
  finiteRange,
  holds,
  mergeRanges,
  smallestVoxelType,
  VOXEL_ARRAY_TYPES,
  voxelNeeds,
} from './voxelTypes.js';
import type { VoxelNeeds } from './voxelTypes.js';

/** The size and kind of a {@link FrameStore}. */
interface FrameStoreOptions {
  readonly dataType: VolumeDataType;
  /**
   * The widest type that the store may move to for values that its present type does not hold; values beyond it
   * are errors. Default: `dataType`, which the store then keeps.
   */
  readonly widestType?: VolumeDataType;
  readonly frameCount: number;
  /** Pixels of a frame times their components. */
  readonly valuesPerFrame: number;
  /** Whether the buffer is to be a SharedArrayBuffer, where the browser gives one, so that workers write into it. */
  readonly shared: boolean;
}

/** A move of all values into a new buffer of another type. */
export interface Widening {
  readonly from: VolumeDataType;
  readonly to: VolumeDataType;
  /** The array before, which the store never writes to again. */
  readonly former: VolumeArray;
  /** Of the frame whose values did not fit. */
  readonly imageId: string;
}

/** What is called when a store widens. */
interface WideningOwner {
  /**
   * Reserves the bytes by which the store grows.
   *
   * @returns gives them back
   * @throws an error that the store throws in turn; the store is unchanged then
   */
  readonly reserve: (bytes: number, imageId: string) => () => void;
  /** Called when the values are in the new buffer. */
  readonly onWidened: (widening: Widening) => void;
}

/**
 * All frames of a volume in one contiguous buffer.
 *
 * The store owns the buffer; {@link FrameStore.data} and {@link FrameStore.frame} lend views of it.
 * After a write through a view, {@link FrameStore.setRange} or {@link FrameStore.invalidateRange} is to be
 * called. A slice index counts from 0 in volume order; methods that take one throw a RangeError when
 * there is no such slice.
 *
 * A store that may widen moves into another buffer for values that its type does not hold: views
 * are to be obtained anew after each write and after each await.
 */
export class FrameStore {
  readonly frameCount: number;
  readonly valuesPerFrame: number;
  /** See {@link FrameStoreOptions.widestType}. */
  readonly widestType: VolumeDataType;
  /** Reserves the memory before the store widens, and is notified afterwards. */
  owner: WideningOwner | undefined;
  readonly #ranges: FrameRanges;
  #dataType: VolumeDataType;
  #data: VolumeArray;
  #isWhole: boolean;
  /** Whether values were changed in place, perhaps of frames that are not written. */
  #isTouched = false;

  /** @throws RangeError when the platform has no memory for the buffer */
  constructor({
    dataType,
    widestType = dataType,
    frameCount,
    valuesPerFrame,
    shared,
  }: FrameStoreOptions) {
    this.#dataType = dataType;
    this.widestType = widestType;
    this.frameCount = frameCount;
    this.valuesPerFrame = valuesPerFrame;
    this.#data = allocate(dataType, frameCount * valuesPerFrame, shared);
    this.#isWhole = dataType !== 'Float32Array';
    this.#ranges = new FrameRanges(frameCount, (index) => finiteRange(this.frame(index)));
  }

  /** The type that the values have now. */
  get dataType(): VolumeDataType {
    return this.#dataType;
  }

  /** The live values of all frames; 0 where nothing is written. */
  get data(): VolumeArray {
    return this.#data;
  }

  /** Whether other threads can write into the buffer. */
  get isShared(): boolean {
    return !(this.#data.buffer instanceof ArrayBuffer);
  }

  /** Whether values that do not fit may widen the store. */
  get mayWiden(): boolean {
    return this.#dataType !== this.widestType;
  }

  /** Whether all values are whole numbers: the type is one of integers, or was and has only grown in range. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Size of the buffer. */
  get sizeInBytes(): number {
    return this.#data.byteLength;
  }

  /** Size of one frame. */
  get bytesPerFrame(): number {
    return this.valuesPerFrame * this.#data.BYTES_PER_ELEMENT;
  }

  /** Where a frame begins in the buffer. */
  byteOffset(sliceIndex: number): number {
    this.#checkIndex(sliceIndex);
    return sliceIndex * this.bytesPerFrame;
  }

  /** A live view of one frame. */
  frame(sliceIndex: number): VolumeArray {
    return this.frameOf(this.#data, sliceIndex);
  }

  /** A view of one frame in an array that is, or was, that of the store. */
  frameOf(data: VolumeArray, sliceIndex: number): VolumeArray {
    this.#checkIndex(sliceIndex);
    const start = sliceIndex * this.valuesPerFrame;
    return data.subarray(start, start + this.valuesPerFrame);
  }

  /**
   * Copies a decoded frame into its slot, rescaled. Widens the store first where that is needed and allowed.
   *
   * @param pixels - `valuesPerFrame` stored values
   * @param rescale - makes voxels of them
   * @param imageId - of the frame, for errors
   * @returns the range of what was written; `undefined` when no value is finite
   * @throws StreamingVolumeError with code `frame-size` when the length differs,
   *   `value-out-of-range` when a voxel does not fit the data type, or as {@link makeRoom} does; the slot
   *   keeps what it had
   */
  write(
    sliceIndex: number,
    pixels: PixelArray,
    rescale: LinearRescale,
    imageId: string,
  ): ValueRange | undefined {
    let range: ValueRange | undefined;
    try {
      range = this.#writeAsIs(sliceIndex, pixels, rescale, imageId);
    } catch (error) {
      const isMisfit = isStreamingVolumeError(error, 'value-out-of-range');
      if (!isMisfit || !this.makeRoom(voxelNeeds(pixels, rescale), imageId)) {
        throw error;
      }
      range = this.#writeAsIs(sliceIndex, pixels, rescale, imageId);
    }
    this.#ranges.set(sliceIndex, range);
    return range;
  }

  /**
   * Widens the store where its type does not hold such values and `widestType` does: it moves into the
   * smallest type that holds them and all values written so far.
   *
   * @param imageId - of the frame that has the values
   * @returns whether the store holds them now
   * @throws StreamingVolumeError with code `allocation-failed`, and what the owner throws; the store is
   *   unchanged then
   */
  makeRoom(needs: VoxelNeeds, imageId: string): boolean {
    if (holds(this.#dataType, needs)) {
      return true;
    }
    const soFar = this.#isTouched ? finiteRange(this.#data) : this.getRange();
    const type = smallestVoxelType({ ...needs, range: mergeRanges(needs.range, soFar) });
    if (!type || !holds(this.widestType, needs)) {
      return false;
    }
    this.#widen(type, imageId);
    this.#isWhole &&= needs.isWhole;
    return true;
  }

  /** Whether a frame was written, and not cleared since. */
  isWritten(sliceIndex: number): boolean {
    this.#checkIndex(sliceIndex);
    return this.#ranges.has(sliceIndex);
  }

  /** Records that a frame was written in place, and the range of its values; the frame counts as written. */
  setRange(sliceIndex: number, range: ValueRange): void {
    this.#checkIndex(sliceIndex);
    this.#ranges.set(sliceIndex, range);
  }

  /** Range of all written frames; `undefined` while there is none. */
  getRange(): ValueRange | undefined {
    return this.#ranges.merged();
  }

  /** Range of one frame; `undefined` while it is not written. */
  getFrameRange(sliceIndex: number): ValueRange | undefined {
    this.#checkIndex(sliceIndex);
    return this.#ranges.get(sliceIndex);
  }

  /**
   * Records that values of written frames were changed in place; the next read measures their range again.
   *
   * @param sliceIndex - the frame, or none for all
   */
  invalidateRange(sliceIndex?: number): void {
    this.#isTouched = true;
    if (sliceIndex !== undefined) {
      this.#checkIndex(sliceIndex);
      this.#ranges.invalidate(sliceIndex);
      return;
    }
    for (let index = 0; index < this.frameCount; index++) {
      this.#ranges.invalidate(index);
    }
  }

  /** Copies a frame over another one. */
  copyFrame(fromIndex: number, toIndex: number): void {
    this.frame(toIndex).set(this.frame(fromIndex));
    this.#ranges.set(toIndex, this.#ranges.get(fromIndex));
  }

  /** Fills a frame with 0; it counts as not written. */
  clearFrame(sliceIndex: number): void {
    this.frame(sliceIndex).fill(0);
    this.#ranges.forget(sliceIndex);
  }

  #writeAsIs(
    sliceIndex: number,
    pixels: PixelArray,
    rescale: LinearRescale,
    imageId: string,
  ): ValueRange | undefined {
    const target = { dataType: this.#dataType, values: this.frame(sliceIndex) };
    return writePixels(pixels, rescale, target, imageId);
  }

  #widen(to: VolumeDataType, imageId: string): void {
    const [from, former] = [this.#dataType, this.#data];
    const { BYTES_PER_ELEMENT } = VOXEL_ARRAY_TYPES[to];
    const sizeInBytes = former.length * BYTES_PER_ELEMENT;
    const giveBack = this.owner?.reserve(sizeInBytes - former.byteLength, imageId);
    let data: VolumeArray;
    try {
      data = allocate(to, former.length, this.isShared);
    } catch (cause) {
      giveBack?.();
      throw new StreamingVolumeError(
        'allocation-failed',
        `The browser has no ${sizeInBytes} bytes of contiguous memory to hold the values of a frame (${imageId}). ` +
          'Remove other volumes and load the frame again',
        { imageIds: [imageId], cause },
      );
    }
    this.#copyInto(data);
    this.#dataType = to;
    this.#data = data;
    this.owner?.onWidened({ from, to, former, imageId });
  }

  /** Frames that are not written are 0, and memory that was never touched costs nothing. */
  #copyInto(data: VolumeArray): void {
    if (this.#isTouched) {
      data.set(this.#data);
      return;
    }
    for (let index = 0; index < this.frameCount; index++) {
      if (this.#ranges.has(index)) {
        this.frameOf(data, index).set(this.frame(index));
      }
    }
  }

  #checkIndex(sliceIndex: number): void {
    if (!Number.isInteger(sliceIndex) || sliceIndex < 0 || sliceIndex >= this.frameCount) {
      throw new RangeError(`Expected a slice index below ${this.frameCount}, got ${sliceIndex}`);
    }
  }
}

function allocate(dataType: VolumeDataType, length: number, shared: boolean): VolumeArray {
  const ArrayType = VOXEL_ARRAY_TYPES[dataType];
  return new ArrayType(allocateMemory(length * ArrayType.BYTES_PER_ELEMENT, shared));
}

/**
 * Whether workers can write into memory of the page. Found by a trial: a page may be cross-origin isolated in a
 * browser without SharedArrayBuffer, or have SharedArrayBuffer without the permission to pass it to a worker.
 */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer !== 'function') {
    return false;
  }
  try {
    structuredClone(new SharedArrayBuffer(1));
    return true;
  } catch {
    // The browser refuses to clone it: the answer is no.
    return false;
  }
}

/**
 * Allocates memory of zeros, shared on request where the browser has enough shared memory, which it may limit
 * more than other memory.
 *
 * @throws RangeError when the platform has no memory for it
 */
function allocateMemory(sizeInBytes: number, shared: boolean): ArrayBufferLike {
  if (shared) {
    try {
      return new SharedArrayBuffer(sizeInBytes);
    } catch {
      // Not enough shared memory. A size that is too large in any case throws below.
    }
  }
  return new ArrayBuffer(sizeInBytes);
}

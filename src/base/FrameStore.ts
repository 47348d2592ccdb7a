import { isStreamingVolumeError, StreamingVolumeError } from './errors.js';
import { FrameRanges } from './FrameRanges.js';
import { writePixels } from './rescale.js';
import type {
  LinearRescale,
  PixelArray,
  ValueRange,
  VolumeArray,
  VolumeDataType,
} from './types.js';
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
export interface FrameStoreOptions {
  readonly dataType: VolumeDataType;
  /**
   * Values that this type holds may widen the store, so that it takes them; others are errors. Default:
   * `dataType`, which the store then keeps.
   */
  readonly widestType?: VolumeDataType;
  readonly frameCount: number;
  /** Pixels of a frame times their components. */
  readonly valuesPerFrame: number;
  /** Whether workers are to write into the store: the buffer is a SharedArrayBuffer then, if one can be had. */
  readonly shared: boolean;
}

/** The store has moved all it holds into a new buffer of another type. */
export interface Widening {
  readonly from: VolumeDataType;
  readonly to: VolumeDataType;
  /** The array that was, which the store never writes to again. */
  readonly former: VolumeArray;
  /** Of the frame whose values did not fit. */
  readonly imageId: string;
}

/** Who is asked, and told, when a store widens. */
export interface WideningOwner {
  /**
   * Reserves the bytes that the store takes more than it does.
   *
   * @returns gives them back
   * @throws what the store is to throw, which then stays as it is
   */
  readonly reserve: (bytes: number, imageId: string) => () => void;
  /** Called when the values stand in the new buffer. */
  readonly onWidened: (widening: Widening) => void;
}

/**
 * All frames of a volume, one behind the other in one buffer.
 *
 * The store owns the buffer; {@link FrameStore.data} and {@link FrameStore.frame} lend views of it.
 * Who writes through a view says so with {@link FrameStore.setRange} or
 * {@link FrameStore.invalidateRange}. Methods that take a frame index throw a RangeError when
 * there is no such frame.
 *
 * A store that may widen moves into another buffer when values come that its type does not hold: views
 * are to be asked for anew after each write and after each wait.
 */
export class FrameStore {
  readonly frameCount: number;
  readonly valuesPerFrame: number;
  /** See {@link FrameStoreOptions.widestType}. */
  readonly widestType: VolumeDataType;
  /** Is asked before the store widens, and told afterwards. */
  owner: WideningOwner | undefined;
  readonly #ranges: FrameRanges;
  #dataType: VolumeDataType;
  #data: VolumeArray;
  #isWhole: boolean;
  /** Whether somebody has changed values in place, perhaps of frames that are not written. */
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
  byteOffset(frameIndex: number): number {
    this.#checkIndex(frameIndex);
    return frameIndex * this.bytesPerFrame;
  }

  /** A live view of one frame. */
  frame(frameIndex: number): VolumeArray {
    return this.frameOf(this.#data, frameIndex);
  }

  /** A view of one frame in an array that is, or was, that of the store. */
  frameOf(data: VolumeArray, frameIndex: number): VolumeArray {
    this.#checkIndex(frameIndex);
    const start = frameIndex * this.valuesPerFrame;
    return data.subarray(start, start + this.valuesPerFrame);
  }

  /**
   * Copies a decoded frame into its slot, rescaled. Widens the store first where it has to and may.
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
    frameIndex: number,
    pixels: PixelArray,
    rescale: LinearRescale,
    imageId: string,
  ): ValueRange | undefined {
    let range: ValueRange | undefined;
    try {
      range = this.#writeAsIs(frameIndex, pixels, rescale, imageId);
    } catch (error) {
      const isMisfit = isStreamingVolumeError(error, 'value-out-of-range');
      if (!isMisfit || !this.makeRoom(voxelNeeds(pixels, rescale), imageId)) {
        throw error;
      }
      range = this.#writeAsIs(frameIndex, pixels, rescale, imageId);
    }
    this.#ranges.set(frameIndex, range);
    return range;
  }

  /**
   * Sees that the store holds such values: moves into the smallest type that holds them and all that was
   * written so far, where its own does not and `widestType` does.
   *
   * @param imageId - of the frame that has them
   * @returns whether it does
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
  isWritten(frameIndex: number): boolean {
    this.#checkIndex(frameIndex);
    return this.#ranges.has(frameIndex);
  }

  /** Tells that a frame was written in place, and what it holds; it counts as written then. */
  setRange(frameIndex: number, range: ValueRange): void {
    this.#checkIndex(frameIndex);
    this.#ranges.set(frameIndex, range);
  }

  /** Range of all written frames; `undefined` while there is none. */
  getRange(): ValueRange | undefined {
    return this.#ranges.merged();
  }

  /** Range of one frame; `undefined` while it is not written. */
  getFrameRange(frameIndex: number): ValueRange | undefined {
    this.#checkIndex(frameIndex);
    return this.#ranges.get(frameIndex);
  }

  /**
   * Tells that values of written frames were changed in place; the next question measures them.
   *
   * @param frameIndex - the frame, or none for all
   */
  invalidateRange(frameIndex?: number): void {
    this.#isTouched = true;
    if (frameIndex !== undefined) {
      this.#checkIndex(frameIndex);
      this.#ranges.invalidate(frameIndex);
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

  /** Fills a frame with 0; it counts as not written then. */
  clearFrame(frameIndex: number): void {
    this.frame(frameIndex).fill(0);
    this.#ranges.forget(frameIndex);
  }

  #writeAsIs(
    frameIndex: number,
    pixels: PixelArray,
    rescale: LinearRescale,
    imageId: string,
  ): ValueRange | undefined {
    const target = { dataType: this.#dataType, values: this.frame(frameIndex) };
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
        `The browser has no ${sizeInBytes} bytes of contiguous memory to hold the values of a frame (${imageId})`,
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

  #checkIndex(frameIndex: number): void {
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= this.frameCount) {
      throw new RangeError(`Expected a frame index below ${this.frameCount}, got ${frameIndex}`);
    }
  }
}

function allocate(dataType: VolumeDataType, length: number, shared: boolean): VolumeArray {
  const ArrayType = VOXEL_ARRAY_TYPES[dataType];
  return new ArrayType(allocateMemory(length * ArrayType.BYTES_PER_ELEMENT, shared));
}

/**
 * Whether workers can write into memory of the page. It is tried: a page can be cross-origin isolated in a
 * browser without SharedArrayBuffer, and have SharedArrayBuffer and not be allowed to give it to a worker.
 */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer !== 'function') {
    return false;
  }
  try {
    structuredClone(new SharedArrayBuffer(1));
    return true;
  } catch {
    // That it throws is the answer.
    return false;
  }
}

/**
 * Allocates memory of zeros, which is shared where that is wanted and can be had: browsers may limit shared
 * memory more than other.
 *
 * @throws RangeError when the platform has no memory for it
 */
export function allocateMemory(sizeInBytes: number, shared: boolean): ArrayBufferLike {
  if (shared) {
    try {
      return new SharedArrayBuffer(sizeInBytes);
    } catch {
      // What is wrong with the size is thrown below.
    }
  }
  return new ArrayBuffer(sizeInBytes);
}

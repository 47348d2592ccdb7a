import type {
  LinearRescale,
  PixelArray,
  ValueRange,
  VolumeArray,
  VolumeDataType,
} from '../types.js';
import { VOXEL_ARRAY_TYPES } from '../voxelArrayTypes.js';
import { FrameRanges } from './FrameRanges.js';
import { allocateMemory } from './sharedMemory.js';
import { finiteRange } from './valueRange.js';
import { writePixels } from './writePixels.js';

/** The size and kind of a {@link FrameStore}. */
export interface FrameStoreOptions {
  readonly dataType: VolumeDataType;
  readonly frameCount: number;
  /** Pixels of a frame times their components. */
  readonly valuesPerFrame: number;
  /** Whether workers are to write into the store: the buffer is a SharedArrayBuffer then, if one can be had. */
  readonly shared: boolean;
}

/**
 * All frames of a volume, one behind the other in one buffer that never moves.
 *
 * The store owns the buffer; {@link FrameStore.data} and {@link FrameStore.frame} lend views of it.
 * Who writes through a view says so with {@link FrameStore.setRange} or
 * {@link FrameStore.invalidateRange}. Methods that take a frame index throw a RangeError when
 * there is no such frame.
 */
export class FrameStore {
  readonly dataType: VolumeDataType;
  readonly frameCount: number;
  readonly valuesPerFrame: number;
  /** The live values of all frames; 0 where nothing is written. */
  readonly data: VolumeArray;
  readonly #ranges: FrameRanges;

  /** @throws RangeError when the platform has no memory for the buffer */
  constructor({ dataType, frameCount, valuesPerFrame, shared }: FrameStoreOptions) {
    const ArrayType = VOXEL_ARRAY_TYPES[dataType];
    const sizeInBytes = frameCount * valuesPerFrame * ArrayType.BYTES_PER_ELEMENT;
    const buffer = allocateMemory(sizeInBytes, shared);
    this.dataType = dataType;
    this.frameCount = frameCount;
    this.valuesPerFrame = valuesPerFrame;
    this.data = new ArrayType(buffer);
    this.#ranges = new FrameRanges(frameCount, (index) => finiteRange(this.frame(index)));
  }

  /** Size of the buffer. */
  get sizeInBytes(): number {
    return this.data.byteLength;
  }

  /** Size of one frame. */
  get bytesPerFrame(): number {
    return this.valuesPerFrame * this.data.BYTES_PER_ELEMENT;
  }

  /** Where a frame begins in the buffer. */
  byteOffset(frameIndex: number): number {
    this.#checkIndex(frameIndex);
    return frameIndex * this.bytesPerFrame;
  }

  /** A live view of one frame. */
  frame(frameIndex: number): VolumeArray {
    this.#checkIndex(frameIndex);
    const start = frameIndex * this.valuesPerFrame;
    return this.data.subarray(start, start + this.valuesPerFrame);
  }

  /**
   * Copies a decoded frame into its slot, rescaled.
   *
   * @param pixels - `valuesPerFrame` stored values
   * @param rescale - makes voxels of them
   * @param imageId - of the frame, for errors
   * @returns the range of what was written; `undefined` when no value is finite
   * @throws StreamingVolumeError with code `frame-size` when the length differs, or
   *   `value-out-of-range` when a voxel does not fit the data type; the slot keeps what it had
   */
  write(
    frameIndex: number,
    pixels: PixelArray,
    rescale: LinearRescale,
    imageId: string,
  ): ValueRange | undefined {
    const target = { dataType: this.dataType, values: this.frame(frameIndex) };
    const range = writePixels(pixels, rescale, target, imageId);
    this.#ranges.set(frameIndex, range);
    return range;
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

  #checkIndex(frameIndex: number): void {
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= this.frameCount) {
      throw new RangeError(`Expected a frame index below ${this.frameCount}, got ${frameIndex}`);
    }
  }
}

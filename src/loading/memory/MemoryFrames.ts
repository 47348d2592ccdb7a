import type { Types } from '@cornerstonejs/core';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { FrameMetadata } from '../../base/types.js';
import type { FrameStates } from '../FrameStates.js';
import type { SliceResampler } from '../resampling/SliceResampler.js';
import type { LoadedFrame } from './cachedStreamingVolumes.js';
import { copyFromMemory, takeImage } from './copyFromMemory.js';
import type { CachedFrameTarget } from './copyFromMemory.js';

/** What frames are taken for. */
export interface MemoryFramesTarget extends CachedFrameTarget {
  /** In volume order. */
  readonly frames: readonly FrameMetadata[];
  readonly states: FrameStates;
  /** Makes the slices of a volume whose slices are not frames of the series. */
  readonly resampler: SliceResampler | undefined;
  /** Whether the volume's life is over. */
  readonly isDisposed: () => boolean;
  /** Puts a loaded frame into the image cache. */
  readonly publish: (imageIdIndex: number) => void;
  /** Called for each frame that is loaded, after its state has changed. */
  readonly onFrameEnded: (imageIdIndex: number) => void;
}

/** The frames that a volume has, and those that it gets at once from memory, without a request. */
export class MemoryFrames {
  readonly #target: MemoryFramesTarget;

  constructor(target: MemoryFramesTarget) {
    this.#target = target;
  }

  /** The voxels of a frame; undefined while it is not loaded, and once the volume is gone. */
  read(imageIdIndex: number): LoadedFrame | undefined {
    const { frames, store, isPreScaled } = this.#target;
    const rescale = frames[imageIdIndex]?.rescale;
    return this.#isLoaded(imageIdIndex)
      ? { pixels: store.frame(imageIdIndex), appliedRescale: isPreScaled ? rescale : undefined }
      : undefined;
  }

  /** Puts a frame into the image cache if it is loaded and nothing is there for it. */
  publish(imageIdIndex: number): void {
    if (this.#isLoaded(imageIdIndex)) {
      this.#target.publish(imageIdIndex);
    }
  }

  /**
   * Takes every frame that nobody has asked for and that is in Cornerstone's cache; these are loaded when
   * it returns.
   */
  takeCached(): void {
    this.#target.frames.forEach((frame, imageIdIndex) => {
      // One by one: those who are told of a frame may load others, or remove the volume.
      if (this.#isIdle(imageIdIndex) && copyFromMemory(this.#target, imageIdIndex, frame)) {
        this.#succeed(imageIdIndex);
      }
    });
  }

  /**
   * Takes the frames that nobody has asked for from Images, all of them or none; they are loaded when it
   * returns.
   *
   * @param images - by imageId
   * @returns the imageIds of frames that have no Image, or one whose pixels cannot be trusted
   */
  takeImages(images: ReadonlyMap<string, Types.IImage>): string[] {
    const idle = [...this.#target.frames.entries()].filter(([index]) => this.#isIdle(index));
    const refused = idle.flatMap(([imageIdIndex]) => this.#refused(imageIdIndex, images));
    if (refused.length > 0) {
      return [...new Set(refused)];
    }
    for (const [imageIdIndex] of idle) {
      if (this.#isIdle(imageIdIndex)) {
        this.#succeed(imageIdIndex);
      }
    }
    return [];
  }

  /** Takes one slice; the imageIds that hinder it otherwise. */
  #refused(imageIdIndex: number, images: ReadonlyMap<string, Types.IImage>): string[] {
    const { frames, resampler } = this.#target;
    if (resampler) {
      return resampler.takeImages(imageIdIndex, images);
    }
    const frame = frames[imageIdIndex] as FrameMetadata;
    const image = images.get(frame.imageId);
    return image && takeImage(this.#target, imageIdIndex, frame, image) ? [] : [frame.imageId];
  }

  #isLoaded(imageIdIndex: number): boolean {
    return !this.#target.isDisposed() && this.#target.states.get(imageIdIndex) === 'loaded';
  }

  #isIdle(imageIdIndex: number): boolean {
    return !this.#target.isDisposed() && this.#target.states.get(imageIdIndex) === 'idle';
  }

  #succeed(imageIdIndex: number): void {
    const { states, onFrameEnded } = this.#target;
    states.enqueue(imageIdIndex);
    states.start(imageIdIndex);
    states.succeed(imageIdIndex, IMAGE_QUALITY.full);
    onFrameEnded(imageIdIndex);
  }
}

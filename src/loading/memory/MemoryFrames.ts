import type { Types } from '@cornerstonejs/core';
import { nextTask } from '../../base/timers.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { FrameMetadata } from '../../base/types.js';
import type { FrameSlot, LoadContext } from '../LoadContext.js';
import type { SliceResampler } from '../resampling/SliceResampler.js';
import type { LoadedFrame } from './cacheEntries.js';
import { copyFromMemory, takeImage } from './copyFromMemory.js';

/** The frames that a volume has, for other volumes; and a way to fill it from Images. */
export class MemoryFrames {
  readonly #context: LoadContext;
  readonly #resampler: SliceResampler | undefined;
  readonly #publish: (sliceIndex: number) => void;

  /**
   * @param resampler - makes the slices where they are not frames of the series
   * @param publish - puts a loaded frame into the image cache
   * @internal
   */
  constructor(
    context: LoadContext,
    resampler: SliceResampler | undefined,
    publish: (sliceIndex: number) => void,
  ) {
    this.#context = context;
    this.#resampler = resampler;
    this.#publish = publish;
  }

  /**
   * The voxels of a frame; undefined while it is not loaded, where it has ended with a lower quality than the full one, and
   * once the volume is removed.
   */
  read(sliceIndex: number): LoadedFrame | undefined {
    const { frames, states, store, isPreScaled } = this.#context;
    const rescale = frames[sliceIndex]?.rescale;
    return this.#isLoaded(sliceIndex) && states.quality(sliceIndex) === IMAGE_QUALITY.full
      ? { pixels: store.frame(sliceIndex), appliedRescale: isPreScaled ? rescale : undefined }
      : undefined;
  }

  /** Puts a frame into the image cache if it is loaded and the cache has no entry for it. */
  publish(sliceIndex: number): void {
    if (this.#isLoaded(sliceIndex)) {
      this.#publish(sliceIndex);
    }
  }

  /**
   * Takes the frames that are idle from Images, all of them or none. Yields to the page between frames, so
   * that many frames do not block it.
   *
   * @param images - by imageId
   * @returns the imageIds of frames that have no Image, or one whose pixels cannot be trusted; where there are
   *   none, the frames are loaded. Rejects with code `volume-removed` when the volume is removed meanwhile
   */
  async takeImages(images: ReadonlyMap<string, Types.IImage>): Promise<string[]> {
    const { states, store, removal } = this.#context;
    const pause = new PagePause();
    const idle = states.framesIn('idle');
    const refused = new Set<string>();
    for (const sliceIndex of idle) {
      if (pause.isDue) {
        await pause.take();
      }
      removal.throwIfAborted();
      // A load that began meanwhile may have the frame in hand.
      if (states.get(sliceIndex) === 'idle') {
        pause.add(store.bytesPerFrame);
        this.#refused(sliceIndex, images).forEach((imageId) => refused.add(imageId));
      }
    }
    for (const sliceIndex of refused.size > 0 ? [] : idle) {
      if (pause.isDue) {
        await pause.take();
      }
      removal.throwIfAborted();
      pause.add(store.bytesPerFrame);
      takeWritten(this.#context, sliceIndex);
    }
    removal.throwIfAborted();
    return [...refused];
  }

  /** Writes one slice; returns the imageIds that prevent it otherwise. */
  #refused(sliceIndex: number, images: ReadonlyMap<string, Types.IImage>): string[] {
    if (this.#resampler) {
      return this.#resampler.takeImages(sliceIndex, images);
    }
    const slot = slotOf(this.#context, sliceIndex);
    const { imageId } = slot.frame;
    const image = images.get(imageId);
    return image && takeImage(slot, this.#context.isPreScaled, image) ? [] : [imageId];
  }

  #isLoaded(sliceIndex: number): boolean {
    const { removal, states } = this.#context;
    return !removal.aborted && states.get(sliceIndex) === 'loaded';
  }
}

/**
 * Loads every frame that is idle and whose pixels are in memory: in another volume of this package, or in
 * Cornerstone's image cache. Yields to the page between frames, so that many frames do not block it.
 *
 * @param signal - ends it before the next frame
 * @returns undefined when it has ended already, as it has with little to copy; otherwise a promise that
 *   resolves at the end, also after an abort
 */
export function takeCached(context: LoadContext, signal: AbortSignal): Promise<void> | undefined {
  const { imageIds, states, store, isPreScaled, removal } = context;
  const pause = new PagePause();
  let sliceIndex = 0;
  /** Returns false when a pause is due first. */
  const takeSome = (): boolean => {
    for (; sliceIndex < imageIds.length && !signal.aborted && !removal.aborted; sliceIndex++) {
      // One by one: a listener that is notified of a frame may load others, or remove the volume.
      if (states.get(sliceIndex) === 'idle') {
        if (pause.isDue) {
          return false;
        }
        pause.add(store.bytesPerFrame);
        if (copyFromMemory(slotOf(context, sliceIndex), isPreScaled)) {
          takeWritten(context, sliceIndex);
        }
      }
    }
    return true;
  };
  const takeRest = async (): Promise<void> => {
    do {
      await pause.take();
    } while (!takeSome());
  };
  return takeSome() ? undefined : takeRest();
}

/** The slot of a slice in the volume's own store. */
export function slotOf(
  { frames, reduction, store }: Pick<LoadContext, 'frames' | 'reduction' | 'store'>,
  sliceIndex: number,
): FrameSlot {
  const frame = (reduction?.wholeSlices ?? frames)[sliceIndex] as FrameMetadata;
  return { frame, store, slotIndex: sliceIndex, sliceIndex, pick: reduction?.pick };
}

/** Marks a frame as loaded whose pixels were written without a load, unless a load has begun meanwhile. */
function takeWritten({ states, onFrameEnded }: LoadContext, sliceIndex: number): void {
  if (states.get(sliceIndex) === 'idle') {
    states.take(sliceIndex);
    onFrameEnded(sliceIndex);
  }
}

/** Longest time in ms that the page is kept busy without a pause: half of a picture at 60 Hz. */
const BUSY_MS = 8;
/** Less to copy than this takes no time worth a look at the clock, so that small volumes are filled at once. */
const LOOK_AFTER_BYTES = 256 * 1024;

/** When a long loop has to let the page draw and react to input. */
class PagePause {
  #dueAt = performance.now() + BUSY_MS;
  #bytes = 0;

  /** Records a number of bytes that are copied. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Whether the page was kept busy for {@link BUSY_MS}. */
  get isDue(): boolean {
    if (this.#bytes < LOOK_AFTER_BYTES) {
      return false;
    }
    this.#bytes = 0;
    return performance.now() >= this.#dueAt;
  }

  /** Waits for the next task of the page. */
  async take(): Promise<void> {
    await nextTask();
    this.#dueAt = performance.now() + BUSY_MS;
    this.#bytes = 0;
  }
}

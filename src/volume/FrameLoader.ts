import { cache, imageLoader } from '@cornerstonejs/core';
import type { FrameStates } from '../frames/FrameStates.js';
import { IMAGE_QUALITY } from '../frames/imageQuality.js';
import { IDENTITY_RESCALE } from '../linearRescale.js';
import type { FrameMetadata } from '../types.js';
import { attemptFrame } from './attemptFrame.js';
import type { AttemptPolicy, FrameFailure } from './attemptFrame.js';
import { frameRequestOptions } from './frameRequest.js';
import type {
  FrameRequestConditions,
  FrameRequestOptions,
  FrameRequestTarget,
} from './frameRequest.js';
import { placeFrame } from './placeFrame.js';
import { takeCachedFrame } from './takeCachedFrame.js';

/** What a loader fills. */
export interface FrameLoaderTarget extends FrameRequestTarget {
  /** In volume order. */
  readonly frames: readonly FrameMetadata[];
  readonly states: FrameStates;
  readonly attempts: AttemptPolicy;
  /** Called once for each frame that is loaded or has failed, after its state has changed. */
  readonly onFrameEnded: (imageIdIndex: number, failure?: FrameFailure) => void;
  /** Called when a frame has got pixels that are not its last. */
  readonly onFrameShown: (imageIdIndex: number) => void;
  /** Whether the image cache's entry of a frame is one that this volume has made. */
  readonly ownsCacheEntry: (imageIdIndex: number) => boolean;
}

/** Loads single frames into their slots, each at most once at a time, and keeps their states. */
export class FrameLoader {
  readonly #target: FrameLoaderTarget;
  readonly #inFlight = new Map<number, Promise<void>>();
  #isClosed = false;

  constructor(target: FrameLoaderTarget) {
    this.#target = target;
  }

  /** The options that a frame is requested with. */
  requestOptions(
    imageIdIndex: number,
    conditions: FrameRequestConditions = {},
  ): FrameRequestOptions {
    return frameRequestOptions(this.#target, this.#frame(imageIdIndex), imageIdIndex, conditions);
  }

  /**
   * Loads a frame, or waits for the load of it that is under way. A frame that has ended is left as
   * it is.
   *
   * @param isLastStep - whether what comes ends the frame, also when it has not its full quality or when
   *   it fails. Otherwise the frame is left `partial` or `queued` then, for the next step
   * @returns resolves when the load is over, well or not, or when the signal aborted it; never rejects:
   *   how it ended is in the states. With false when it was somebody else's load, which may have been
   *   aborted or another step, so that the frame may have to be loaded still
   */
  async load(
    imageIdIndex: number,
    options: FrameRequestOptions,
    isLastStep = true,
  ): Promise<boolean> {
    const { states } = this.#target;
    const underWay = this.#inFlight.get(imageIdIndex);
    if (underWay) {
      await underWay;
      return states.hasEnded(imageIdIndex);
    }
    if (this.#isClosed || states.hasEnded(imageIdIndex)) {
      return true;
    }
    if (states.get(imageIdIndex) === 'idle') {
      states.enqueue(imageIdIndex);
    }
    states.start(imageIdIndex);
    const load = this.#run(imageIdIndex, options, isLastStep).finally(() => {
      this.#inFlight.delete(imageIdIndex);
    });
    this.#inFlight.set(imageIdIndex, load);
    await load;
    return true;
  }

  /** Begins no load from now on. */
  close(): void {
    this.#isClosed = true;
  }

  async #run(
    imageIdIndex: number,
    options: FrameRequestOptions,
    isLastStep: boolean,
  ): Promise<void> {
    const { states, attempts } = this.#target;
    const { imageId } = this.#frame(imageIdIndex);
    let quality: number = IMAGE_QUALITY.full;
    const fill = async (signal: AbortSignal): Promise<void> => {
      quality = await this.#fill(imageIdIndex, withSignal(options, signal));
    };
    let failure: FrameFailure | undefined;
    try {
      failure = await attemptFrame(imageId, fill, attempts, options.signal);
    } catch {
      // The one thing that is thrown is the reason of the abort, which its author knows.
      states.cancel(imageIdIndex);
      return;
    }
    if (failure) {
      this.#fail(imageIdIndex, failure, isLastStep);
    } else {
      this.#succeed(imageIdIndex, quality, isLastStep);
    }
  }

  #succeed(imageIdIndex: number, quality: number, isLastStep: boolean): void {
    const { states, onFrameEnded, onFrameShown } = this.#target;
    if (isLastStep || quality >= IMAGE_QUALITY.full) {
      states.succeed(imageIdIndex, quality);
      onFrameEnded(imageIdIndex);
    } else {
      states.show(imageIdIndex, quality);
      onFrameShown(imageIdIndex);
    }
  }

  #fail(imageIdIndex: number, failure: FrameFailure, isLastStep: boolean): void {
    const { states, store, onFrameEnded, onFrameShown } = this.#target;
    if (!isLastStep) {
      states.cancel(imageIdIndex);
      states.enqueue(imageIdIndex);
      return;
    }
    states.fail(imageIdIndex, failure);
    const quality = states.quality(imageIdIndex);
    if (quality !== undefined && quality < IMAGE_QUALITY.subresolution) {
      // Pixels of a neighbour would pass for this frame's own for ever.
      store.clearFrame(imageIdIndex);
      states.forgetQuality(imageIdIndex);
      onFrameShown(imageIdIndex);
    }
    onFrameEnded(imageIdIndex, failure);
  }

  /** @returns the quality of the pixels */
  async #fill(imageIdIndex: number, options: FrameRequestOptions): Promise<number> {
    const { store, isPreScaled, ownsCacheEntry } = this.#target;
    const frame = this.#frame(imageIdIndex);
    if (takeCachedFrame(this.#target, imageIdIndex, frame)) {
      return IMAGE_QUALITY.full;
    }
    const rescale = isPreScaled ? frame.rescale : IDENTITY_RESCALE;
    // An Image that is on its way already is waited for. One that is there was not good enough, and one
    // of this volume's own would wait for the very frame that is being loaded.
    const ignoreCache = cache.isLoaded(frame.imageId) || ownsCacheEntry(imageIdIndex);
    const result = await loadImage(
      frame.imageId,
      withSignal({ ...options, ignoreCache }, options.signal),
    );
    // A loader that does not listen may come back after the try was given up.
    options.signal?.throwIfAborted();
    if (!placeFrame(store, imageIdIndex, result, frame, rescale)) {
      // The Image cannot be trusted: the loader gets no slot this time, and is asked for stored values.
      const { targetBuffer: _, ...withoutTarget } = options;
      const image = await loadImage(frame.imageId, {
        ...withoutTarget,
        ignoreCache: true,
        preScale: { enabled: false },
      });
      placeFrame(store, imageIdIndex, image, frame, rescale);
    }
    return imageQuality(result);
  }

  #frame(imageIdIndex: number): FrameMetadata {
    const frame = this.#target.frames[imageIdIndex];
    if (!frame) {
      const last = this.#target.frames.length - 1;
      throw new RangeError(`Expected an image index from 0 to ${last}, got ${imageIdIndex}`);
    }
    return frame;
  }
}

/** Loaders that know nothing of qualities give all that there is. */
function imageQuality(result: unknown): number {
  const { imageQualityStatus } = result as { imageQualityStatus?: number };
  return imageQualityStatus ?? IMAGE_QUALITY.full;
}

/** Cornerstone's types know only some of the options that it hands on to loaders. */
const loadImage = imageLoader.loadImage as unknown as (
  imageId: string,
  options: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

/** The signal is not enumerable, so that it is never sent to a worker with the other options. */
function withSignal<T extends object>(options: T, signal: AbortSignal | undefined): T {
  return Object.defineProperty({ ...options }, 'signal', { value: signal, enumerable: false });
}

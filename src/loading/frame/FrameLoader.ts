import { IMAGE_QUALITY } from '../../base/types.js';
import type { FrameMetadata } from '../../base/types.js';
import type { FrameStates } from '../FrameStates.js';
import type { ResamplingSources } from '../resampling/ResamplingSources.js';
import { retryFrame } from './retryFrame.js';
import type { AttemptPolicy, FilledFrame, FrameFailure } from './retryFrame.js';
import { loadIntoSlot } from './loadIntoSlot.js';
import { frameRequestOptions, withSignal } from './frameRequest.js';
import type {
  FrameRequestConditions,
  FrameRequestOptions,
  FrameRequestTarget,
} from './frameRequest.js';

/** What a loader fills. */
export interface FrameLoaderTarget extends FrameRequestTarget {
  /** In volume order. */
  readonly frames: readonly FrameMetadata[];
  readonly states: FrameStates;
  readonly attempts: AttemptPolicy;
  /** Of which slices are made that are not frames of the series; undefined where all of them are. */
  readonly sourceFrames: ResamplingSources | undefined;
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

  /** Whether {@link load} would begin a load now, and not wait for one or find nothing to do. */
  wouldStart(imageIdIndex: number): boolean {
    return (
      !this.#isClosed &&
      !this.isUnderWay(imageIdIndex) &&
      !this.#target.states.hasEnded(imageIdIndex)
    );
  }

  /** Whether a frame is being loaded. */
  isUnderWay(imageIdIndex: number): boolean {
    return this.#inFlight.has(imageIdIndex);
  }

  /** Begins no load from now on, and holds no voxels besides the volume's. */
  close(): void {
    this.#isClosed = true;
    this.#target.sourceFrames?.close();
  }

  async #run(
    imageIdIndex: number,
    options: FrameRequestOptions,
    isLastStep: boolean,
  ): Promise<void> {
    let filled: FilledFrame;
    try {
      filled = await this.#fill(imageIdIndex, options);
    } catch {
      // The one thing that is thrown is the reason of the abort, which its author knows.
      this.#target.states.cancel(imageIdIndex);
      return;
    }
    if (filled.failure) {
      this.#fail(imageIdIndex, filled.failure, isLastStep);
    } else {
      this.#succeed(imageIdIndex, filled.quality, isLastStep);
    }
  }

  #succeed(imageIdIndex: number, quality: number, isLastStep: boolean): void {
    const { states, sourceFrames, onFrameEnded, onFrameShown } = this.#target;
    if (isLastStep || quality >= IMAGE_QUALITY.full) {
      states.succeed(imageIdIndex, quality);
      sourceFrames?.settle(imageIdIndex);
      onFrameEnded(imageIdIndex);
    } else {
      states.show(imageIdIndex, quality);
      onFrameShown(imageIdIndex);
    }
  }

  #fail(imageIdIndex: number, failure: FrameFailure, isLastStep: boolean): void {
    const { states, store, sourceFrames, onFrameEnded, onFrameShown } = this.#target;
    if (!isLastStep) {
      states.cancel(imageIdIndex);
      states.enqueue(imageIdIndex);
      return;
    }
    states.fail(imageIdIndex, failure);
    sourceFrames?.settle(imageIdIndex);
    const quality = states.quality(imageIdIndex);
    if (quality !== undefined && quality < IMAGE_QUALITY.subresolution) {
      // Pixels of a neighbour would pass for this frame's own for ever.
      store.clearFrame(imageIdIndex);
      states.forgetQuality(imageIdIndex);
      onFrameShown(imageIdIndex);
    }
    onFrameEnded(imageIdIndex, failure);
  }

  #fill(imageIdIndex: number, options: FrameRequestOptions): Promise<FilledFrame> {
    const { sourceFrames, ownsCacheEntry, attempts } = this.#target;
    const frame = this.#frame(imageIdIndex);
    if (sourceFrames) {
      return sourceFrames.fill(frame.imageId, imageIdIndex, options.signal);
    }
    const attempt = (signal: AbortSignal): Promise<number> =>
      loadIntoSlot(
        this.#target,
        imageIdIndex,
        frame,
        withSignal(options, signal),
        ownsCacheEntry(imageIdIndex),
      );
    return retryFrame(frame.imageId, attempt, attempts, options.signal);
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

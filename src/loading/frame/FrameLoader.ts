import { StreamingVolumeError } from '../../base/errors.js';
import { IMAGE_QUALITY } from '../../base/types.js';
import type { LoadContext } from '../LoadContext.js';
import { slotOf } from '../memory/MemoryFrames.js';
import type { ResamplingSources } from '../resampling/ResamplingSources.js';
import { frameRequestOptions } from './frameRequest.js';
import type { FrameRequest, FrameRequestOptions } from './frameRequest.js';
import { loadIntoSlot } from './loadIntoSlot.js';
import type { PartialShow } from './loadIntoSlot.js';
import { PartialPixels } from './PartialPixels.js';
import { retryFrame } from './retryFrame.js';
import type { FilledFrame } from './retryFrame.js';

/** Loads single frames into their slots, each at most once at a time, and keeps their states. */
export class FrameLoader {
  readonly #context: LoadContext;
  readonly #sources: ResamplingSources | undefined;
  /** With the signal that each was begun with. */
  readonly #underWay = new Map<number, { load: Promise<void>; signal: AbortSignal | undefined }>();
  readonly #partialPixels: PartialPixels;

  /** @param sources - of the slices; undefined where all of them are frames of the series */
  constructor(context: LoadContext, sources: ResamplingSources | undefined) {
    this.#context = context;
    this.#sources = sources;
    this.#partialPixels = new PartialPixels(context.states);
  }

  /**
   * The options that a frame is requested with, for load strategies.
   *
   * @throws RangeError when there is no such slice
   */
  requestOptions(sliceIndex: number): FrameRequestOptions {
    this.#context.states.get(sliceIndex);
    return frameRequestOptions(this.#context, slotOf(this.#context, sliceIndex), {});
  }

  /**
   * Loads a frame, or waits for the load of it that is under way. A frame that has ended is left as
   * it is.
   *
   * @param isLastStep - whether the result ends the frame, also when it has not its full quality or when
   *   it fails. Otherwise the frame is left `partial` or `queued` then, for the next step
   * @returns resolves when the load is over, well or not, or when the signal aborted it: how it ended is in
   *   the states. With false when the load was that of another caller, which may have been aborted or have
   *   been another step, so that the frame may have to be loaded still. Rejects with what `onFrameEnded` and
   *   `onFrameShown` throw
   * @throws RangeError when there is no such slice
   */
  async load(sliceIndex: number, request: FrameRequest, isLastStep = true): Promise<boolean> {
    const { states } = this.#context;
    const underWay = this.#underWay.get(sliceIndex);
    if (underWay) {
      await underWay.load;
      return states.hasEnded(sliceIndex);
    }
    if (!this.wouldStart(sliceIndex)) {
      return true;
    }
    if (states.get(sliceIndex) === 'idle') {
      states.enqueue(sliceIndex);
    }
    states.start(sliceIndex);
    const load = this.#run(sliceIndex, request, isLastStep).finally(() => {
      this.#underWay.delete(sliceIndex);
    });
    this.#underWay.set(sliceIndex, { load, signal: request.signal });
    await load;
    return true;
  }

  /** Whether {@link load} would begin a load now, and not wait for one or find nothing to do. */
  wouldStart(sliceIndex: number): boolean {
    const { removal, states } = this.#context;
    return !removal.aborted && !this.isUnderWay(sliceIndex) && !states.hasEnded(sliceIndex);
  }

  /** Whether a frame is being loaded. */
  isUnderWay(sliceIndex: number): boolean {
    return this.#underWay.has(sliceIndex);
  }

  /** Whether a frame is being loaded, and an abort of this signal does not end that. */
  outlasts(sliceIndex: number, signal: AbortSignal): boolean {
    const underWay = this.#underWay.get(sliceIndex);
    return underWay !== undefined && underWay.signal !== signal;
  }

  async #run(sliceIndex: number, request: FrameRequest, isLastStep: boolean): Promise<void> {
    const context = this.#context;
    const { states, onFrameEnded, onFrameShown } = context;
    const slot = slotOf(context, sliceIndex);
    const partial: PartialShow = {
      pixels: this.#partialPixels,
      onShown: (quality) => {
        states.show(sliceIndex, quality);
        onFrameShown(sliceIndex);
      },
    };
    const attempt = (signal: AbortSignal): Promise<number> =>
      loadIntoSlot(context, slot, request, signal, partial);
    let filled: FilledFrame;
    try {
      filled = await (this.#sources?.fill(sliceIndex, request.signal) ??
        retryFrame(slot.frame.imageId, attempt, context, request.signal));
    } catch (cause) {
      if (request.signal?.aborted) {
        // A frame that shows a part of it was cancelled with the load.
        if (UNDER_WAY.has(states.get(sliceIndex))) {
          states.cancel(sliceIndex);
        }
        return;
      }
      // Only an abort is an abort. Anything else is a fault of the program: tried again, it would come again.
      filled = { failure: { error: this.#faultOf(sliceIndex, cause), attempts: 1 } };
      isLastStep = true;
    }
    if (states.get(sliceIndex) === 'partial') {
      states.start(sliceIndex);
    }
    const state = states.endStep(sliceIndex, filled, isLastStep);
    if (state === 'partial') {
      onFrameShown(sliceIndex);
    } else if (state !== 'queued') {
      this.#sources?.settle(sliceIndex);
      this.#partialPixels.forget(sliceIndex);
      if (state === 'failed') {
        this.#clearReplica(sliceIndex);
      }
      onFrameEnded(sliceIndex, filled.failure);
    }
  }

  /** Otherwise a neighbour's pixels would pass for those of a frame that has failed. */
  #clearReplica(sliceIndex: number): void {
    const { states, store, onFrameShown } = this.#context;
    const quality = states.quality(sliceIndex);
    if (quality !== undefined && quality < IMAGE_QUALITY.subresolution) {
      store.clearFrame(sliceIndex);
      states.forgetQuality(sliceIndex);
      onFrameShown(sliceIndex);
    }
  }

  #faultOf(sliceIndex: number, cause: unknown): StreamingVolumeError {
    const { imageIds, volumeId } = this.#context;
    const imageId = imageIds[sliceIndex] as string;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new StreamingVolumeError(
      'frame-fetch',
      `A frame could not be loaded because of an unexpected error, which is a fault of the program: ${why} ` +
        `(${imageId}). Report it with its cause`,
      { volumeId, imageIds: [imageId], cause },
    );
  }
}

/** Of a frame whose load has not ended; `partial` while it shows a part of what has arrived. */
const UNDER_WAY: ReadonlySet<string> = new Set(['loading', 'partial']);

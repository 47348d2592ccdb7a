import { imageLoader } from '@cornerstonejs/core';
import { StreamingVolumeError, isStreamingVolumeError } from '../errors.js';
import type { FrameStates } from '../frames/FrameStates.js';
import type { FrameMetadata, LinearRescale } from '../types.js';
import { frameRequestOptions } from './frameRequest.js';
import type { FrameRequestOptions, FrameRequestTarget } from './frameRequest.js';
import { placeFrame } from './placeFrame.js';

/** What a loader fills. */
export interface FrameLoaderTarget extends FrameRequestTarget {
  /** In volume order. */
  readonly frames: readonly FrameMetadata[];
  readonly states: FrameStates;
  /** Called once for each frame that is loaded or has failed, after its state has changed. */
  readonly onFrameEnded: (imageIdIndex: number, error?: unknown) => void;
  /** Whether the image cache's entry of a frame is one that this volume has made. */
  readonly ownsCacheEntry: (imageIdIndex: number) => boolean;
}

const IDENTITY: LinearRescale = { slope: 1, intercept: 0 };

/** Loads single frames into their slots, each at most once at a time, and keeps their states. */
export class FrameLoader {
  readonly #target: FrameLoaderTarget;
  readonly #inFlight = new Map<number, Promise<void>>();
  #isClosed = false;

  constructor(target: FrameLoaderTarget) {
    this.#target = target;
  }

  /** The options that a frame is requested with. */
  requestOptions(imageIdIndex: number, signal?: AbortSignal): FrameRequestOptions {
    return frameRequestOptions(this.#target, this.#frame(imageIdIndex), imageIdIndex, signal);
  }

  /**
   * Loads a frame, or waits for the load of it that is under way. A frame that has ended is left as
   * it is.
   *
   * @returns resolves when the frame has ended, well or not, or when the signal aborted it; never
   *   rejects: how it ended is in the states
   */
  load(imageIdIndex: number, options: FrameRequestOptions): Promise<void> {
    const { states } = this.#target;
    const underWay = this.#inFlight.get(imageIdIndex);
    const state = states.get(imageIdIndex);
    if (underWay || this.#isClosed || state === 'loaded' || state === 'failed') {
      return underWay ?? Promise.resolve();
    }
    if (state === 'idle') {
      states.enqueue(imageIdIndex);
    }
    states.start(imageIdIndex);
    const load = this.#run(imageIdIndex, options).finally(() => {
      this.#inFlight.delete(imageIdIndex);
    });
    this.#inFlight.set(imageIdIndex, load);
    return load;
  }

  /** Begins no load from now on. */
  close(): void {
    this.#isClosed = true;
  }

  async #run(imageIdIndex: number, options: FrameRequestOptions): Promise<void> {
    const { states, onFrameEnded } = this.#target;
    try {
      await this.#fill(imageIdIndex, options);
    } catch (error) {
      if (options.signal?.aborted) {
        states.cancel(imageIdIndex);
      } else {
        const typed = toFrameError(error, this.#frame(imageIdIndex).imageId);
        states.fail(imageIdIndex, typed);
        onFrameEnded(imageIdIndex, typed);
      }
      return;
    }
    states.succeed(imageIdIndex);
    onFrameEnded(imageIdIndex);
  }

  async #fill(imageIdIndex: number, options: FrameRequestOptions): Promise<void> {
    const { store, isPreScaled, ownsCacheEntry } = this.#target;
    const frame = this.#frame(imageIdIndex);
    const rescale = isPreScaled ? frame.rescale : IDENTITY;
    // An Image that is cached or on its way already is taken; one of this volume's own would wait for
    // the very frame that is being loaded.
    const ignoreCache = ownsCacheEntry(imageIdIndex);
    const result = await loadImage(frame.imageId, withIgnoreCache(options, ignoreCache));
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

/** Cornerstone's types know only some of the options that it hands on to loaders. */
const loadImage = imageLoader.loadImage as unknown as (
  imageId: string,
  options: Readonly<Record<string, unknown>>,
) => Promise<unknown>;

/** Keeps the signal, which is not enumerable. */
function withIgnoreCache(options: FrameRequestOptions, ignoreCache: boolean): FrameRequestOptions {
  return Object.defineProperty({ ...options, ignoreCache }, 'signal', { value: options.signal });
}

/** Other loaders reject with whatever they like: an XMLHttpRequest, `{ error }`, a string. */
function toFrameError(cause: unknown, imageId: string): StreamingVolumeError {
  if (isStreamingVolumeError(cause)) {
    return cause;
  }
  const inner = (cause as { error?: unknown } | null)?.error ?? cause;
  const status = (inner as { status?: unknown } | null)?.status;
  const why = inner instanceof Error ? inner.message : `${typeof inner} thrown by the image loader`;
  return new StreamingVolumeError(
    'frame-fetch',
    `A frame could not be loaded: ${why} (${imageId})`,
    {
      imageIds: [imageId],
      status: typeof status === 'number' ? status : undefined,
      cause,
    },
  );
}

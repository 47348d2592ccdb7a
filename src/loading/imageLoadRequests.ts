import { Enums } from '@cornerstonejs/core';
import type { FrameLoader } from './frame/FrameLoader.js';
import { withSignal } from './frame/frameRequest.js';
import type { FrameRequestOptions } from './frame/frameRequest.js';
import type { FlightPlaces } from './schedule/FlightPlaces.js';
import { centerOut } from './schedule/frameOrder.js';

/** One request of a volume, as Cornerstone's load strategies pass it around. */
export interface ImageLoadRequest {
  /**
   * Loads the frame into the volume, when fewer than `maxInFlight` are in flight; resolves when it has ended,
   * well or not, and when the volume's load is cancelled or the volume removed.
   */
  readonly callLoadImage: (
    imageId: string,
    imageIdIndex: number,
    options?: FrameRequestOptions,
  ) => Promise<void>;
  readonly imageId: string;
  readonly imageIdIndex: number;
  readonly options: FrameRequestOptions;
  readonly priority: number;
  readonly requestType: Enums.RequestType;
  readonly additionalDetails: { readonly volumeId: string };
}

/** A request for each frame of a volume, from the middle outwards. */
export function imageLoadRequests(
  volumeId: string,
  imageIds: readonly string[],
  frames: StrategyFrames,
  priority: number,
): ImageLoadRequest[] {
  return centerOut(imageIds.length).map((imageIdIndex) => ({
    callLoadImage: (_imageId, index, options = frames.requestOptions(index)) =>
      frames.load(index, options),
    imageId: imageIds[imageIdIndex] as string,
    imageIdIndex,
    options: frames.requestOptions(imageIdIndex),
    priority,
    requestType: Enums.RequestType.Prefetch,
    additionalDetails: { volumeId },
  }));
}

/**
 * Loads the frames that load strategies ask for. These hand all their requests to Cornerstone's pool, which
 * calls as many at once as all volumes together may have: here they wait for a place in flight, in the order of
 * their calls.
 */
export class StrategyFrames {
  readonly #loader: FrameLoader;
  readonly #places: FlightPlaces;
  #controller = new AbortController();

  constructor(loader: FrameLoader, places: FlightPlaces) {
    this.#loader = loader;
    this.#places = places;
  }

  /** The options that a frame is requested with. */
  requestOptions(imageIdIndex: number): FrameRequestOptions {
    return this.#loader.requestOptions(imageIdIndex);
  }

  /**
   * Loads a frame when there is a place for it, or waits for the load of it that is under way.
   *
   * @returns resolves when the frame has ended, well or not, and after a cancel; never rejects
   */
  async load(imageIdIndex: number, options: FrameRequestOptions): Promise<void> {
    const own = this.#controller.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, own]) : own;
    const cancellable = withSignal(options, signal);
    let isOver = false;
    const load = async (): Promise<void> => {
      isOver = await this.#loader.load(imageIdIndex, cancellable);
    };
    const loadInPlace = async (): Promise<void> => {
      // Who only waits for others gives the place back.
      if (this.#loader.wouldStart(imageIdIndex)) {
        await load();
      }
    };
    while (!isOver && !signal.aborted) {
      await (this.#loader.wouldStart(imageIdIndex)
        ? this.#places.run(loadInPlace, { signal })
        : load());
    }
  }

  /** Gives up what waits and what is in flight. What is asked for later is loaded. */
  cancel(reason: unknown): void {
    const controller = this.#controller;
    this.#controller = new AbortController();
    controller.abort(reason);
  }
}

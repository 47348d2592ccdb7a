import { Enums } from '@cornerstonejs/core';
import type { FrameLoader } from './frame/FrameLoader.js';
import type { FrameRequestOptions } from './frame/frameRequest.js';
import type { LoadContext } from './LoadContext.js';
import type { FlightQueue } from './schedule/FlightQueue.js';
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

/**
 * The requests of a volume for Cornerstone's load strategies. A strategy hands all its requests to Cornerstone's
 * pool, which calls as many at once as all volumes together may have: here they wait for a place in flight,
 * in the order of their calls.
 */
export class StrategyRequests {
  readonly #context: LoadContext;
  readonly #loader: FrameLoader;
  readonly #queue: FlightQueue;
  #controller = new AbortController();
  #isUnderWay = false;

  /** @param queue - shared with the loads of the volume */
  constructor(context: LoadContext, loader: FrameLoader, queue: FlightQueue) {
    this.#context = context;
    this.#loader = loader;
    this.#queue = queue;
  }

  /** Whether there are requests that were not cancelled: a strategy makes them sooner or later. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** A request for each frame that is not absent, from the middle outwards. */
  create(priority: number): ImageLoadRequest[] {
    const { volumeId, imageIds, states } = this.#context;
    this.#isUnderWay = true;
    return centerOut(imageIds.length)
      .filter((sliceIndex) => states.get(sliceIndex) !== 'absent')
      .map((sliceIndex) => ({
        callLoadImage: (_imageId, index, options) =>
          this.#load(index, options ?? this.#loader.requestOptions(index)),
        imageId: imageIds[sliceIndex] as string,
        imageIdIndex: sliceIndex,
        options: this.#loader.requestOptions(sliceIndex),
        priority,
        requestType: Enums.RequestType.Prefetch,
        additionalDetails: { volumeId },
      }));
  }

  /** Aborts the requests that wait and that are in flight. A frame that is requested later is loaded. */
  cancel(reason: unknown): void {
    const controller = this.#controller;
    this.#controller = new AbortController();
    this.#isUnderWay = false;
    controller.abort(reason);
  }

  /** Loads a frame when there is a place for it, or waits for the load of it that is under way. */
  async #load(sliceIndex: number, options: FrameRequestOptions): Promise<void> {
    const own = this.#controller.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, own]) : own;
    let isOver = false;
    const load = async (): Promise<void> => {
      isOver = await this.#loader.load(sliceIndex, { options, signal });
    };
    const loadInPlace = async (): Promise<void> => {
      // A request that would only wait for another one gives its place back.
      if (this.#loader.wouldStart(sliceIndex)) {
        await load();
      }
    };
    while (!isOver && !signal.aborted) {
      await (this.#loader.wouldStart(sliceIndex)
        ? this.#queue.run(loadInPlace, { signal })
        : load());
    }
  }
}

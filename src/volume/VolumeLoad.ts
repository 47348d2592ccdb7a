import type { StreamingVolumeError } from '../errors.js';
import { centerOut } from '../frames/frameOrder.js';
import { FrameQueue } from '../frames/FrameQueue.js';
import type { FrameStates } from '../frames/FrameStates.js';
import type { FrameLoader } from './FrameLoader.js';
import { PoolRequests } from './PoolRequests.js';

/** A frame that could not be loaded. */
export interface FailedFrame {
  readonly imageId: string;
  readonly imageIdIndex: number;
  readonly error: StreamingVolumeError;
}

/** How a load ended. */
export interface LoadResult {
  readonly framesLoaded: number;
  /** In volume order; empty when every frame is loaded. */
  readonly failed: readonly FailedFrame[];
}

/** What the callback of `load` is called with, once; the fields are those of Cornerstone's own. */
export interface LoadEvent {
  /** Whether every frame is loaded. */
  readonly success: boolean;
  readonly framesLoaded: number;
  readonly framesProcessed: number;
  readonly numFrames: number;
  readonly totalNumFrames: number;
}

/** Where a load stands; live. */
export interface LoadStatus {
  /** Whether every frame is loaded. */
  readonly loaded: boolean;
  /** Whether frames are being loaded. */
  readonly loading: boolean;
  /** Whether the last load was cancelled and none was begun since. */
  readonly cancelled: boolean;
}

/** What a load works on. */
export interface VolumeLoadTarget {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  readonly states: FrameStates;
  readonly loader: FrameLoader;
  readonly maxInFlight: number;
  /** In Cornerstone's request pool; smaller comes first. */
  readonly priority: number;
}

interface Run {
  readonly promise: Promise<LoadResult>;
  readonly controller: AbortController;
  readonly requests: PoolRequests;
}

/** Loads all frames of a volume through Cornerstone's request pool. */
export class VolumeLoad {
  readonly #target: VolumeLoadTarget;
  #run: Run | undefined;
  #callbacks: ((event: LoadEvent) => void)[] = [];
  #isCancelled = false;

  /** Where the load stands, as Cornerstone reads it. */
  readonly status: LoadStatus & Record<string, unknown>;

  constructor(target: VolumeLoadTarget) {
    const { states, imageIds } = target;
    this.#target = target;
    const isLoading = (): boolean => this.#run !== undefined && !states.isComplete;
    const isCancelled = (): boolean => this.#isCancelled;
    this.status = {
      get loaded() {
        return states.count('loaded') === imageIds.length;
      },
      get loading() {
        return isLoading();
      },
      get cancelled() {
        return isCancelled();
      },
    };
  }

  /** Loads what is not loaded yet; a load that is under way is joined. */
  load(callback?: (event: LoadEvent) => void): Promise<LoadResult> {
    const { states } = this.#target;
    if (states.isComplete) {
      callback?.(this.#event());
      return Promise.resolve(this.result());
    }
    if (callback) {
      this.#callbacks.push(callback);
    }
    this.#run ??= this.#start();
    return this.#run.promise;
  }

  /** Gives up what is queued and in flight; the promise of the load rejects with the reason. */
  cancel(reason: unknown): void {
    const run = this.#run;
    if (!run) {
      return;
    }
    const { states, imageIds } = this.#target;
    this.#run = undefined;
    this.#isCancelled = true;
    this.#callbacks = [];
    run.controller.abort(reason);
    run.requests.removeAll();
    imageIds.forEach((_, imageIdIndex) => {
      if (states.get(imageIdIndex) === 'queued') {
        states.cancel(imageIdIndex);
      }
    });
  }

  /** Calls the callbacks of the load; to be called when the last frame has ended. */
  complete(): void {
    const event = this.#event();
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    callbacks.forEach((callback) => {
      callback(event);
    });
  }

  /** How the frames have ended so far. */
  result(): LoadResult {
    const { states, imageIds } = this.#target;
    const failed = [...states.failures]
      .sort(([a], [b]) => a - b)
      .map(([imageIdIndex, error]) => ({
        imageId: imageIds[imageIdIndex] as string,
        imageIdIndex,
        error: error as StreamingVolumeError,
      }));
    return { framesLoaded: states.count('loaded'), failed };
  }

  #start(): Run {
    const { states, imageIds, volumeId, priority } = this.#target;
    this.#isCancelled = false;
    const controller = new AbortController();
    const order = centerOut(imageIds.length).filter(
      (imageIdIndex) => !['loaded', 'failed'].includes(states.get(imageIdIndex)),
    );
    for (const imageIdIndex of order) {
      if (states.get(imageIdIndex) === 'idle') {
        states.enqueue(imageIdIndex);
      }
    }
    const requests = new PoolRequests(volumeId, priority);
    const promise = this.#loadAll(order, controller, requests);
    // Cornerstone calls `load` without looking at the promise; whoever awaits it still gets the error.
    promise.catch(() => undefined);
    return { promise, controller, requests };
  }

  async #loadAll(
    order: readonly number[],
    controller: AbortController,
    requests: PoolRequests,
  ): Promise<LoadResult> {
    const { imageIds, maxInFlight } = this.#target;
    const queue = new FrameQueue({
      maxInFlight,
      start: (imageIdIndex, signal) => this.#loadFrame(imageIdIndex, signal),
      schedule: (run, imageIdIndex) => {
        requests.add(imageIds[imageIdIndex] as string, run);
      },
    });
    try {
      await queue.run(order, controller.signal);
    } finally {
      if (this.#run?.controller === controller) {
        this.#run = undefined;
      }
    }
    return this.result();
  }

  async #loadFrame(imageIdIndex: number, signal: AbortSignal): Promise<void> {
    const { loader, states } = this.#target;
    do {
      await loader.load(imageIdIndex, loader.requestOptions(imageIdIndex, signal));
      // A load that an earlier cancel aborted may have been under way: then it is this one's turn.
    } while (!signal.aborted && states.get(imageIdIndex) === 'idle');
  }

  #event(): LoadEvent {
    const { states, imageIds } = this.#target;
    return {
      success: states.count('loaded') === imageIds.length,
      framesLoaded: states.count('loaded'),
      framesProcessed: states.ended,
      numFrames: imageIds.length,
      totalNumFrames: imageIds.length,
    };
  }
}

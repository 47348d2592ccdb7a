import type { FrameNeeds, FrameOrder } from '../frames/frameOrder.js';
import { FrameQueue } from '../frames/FrameQueue.js';
import type { FrameStates } from '../frames/FrameStates.js';
import type { FrameFailure } from './attemptFrame.js';
import type { FrameLoader } from './FrameLoader.js';
import type { LoadProgress } from './LoadProgress.js';
import type { LoadEvent, LoadResult, LoadStatus } from './loadResult.js';
import { PoolRequests } from './PoolRequests.js';
import type { ViewportFollower } from './ViewportFollower.js';

/** What a load works on. */
export interface VolumeLoadTarget {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  readonly states: FrameStates;
  readonly loader: FrameLoader;
  readonly progress: LoadProgress;
  readonly maxInFlight: number;
  readonly frameOrder: FrameOrder;
  /** Once it has aborted, nothing is loaded any more. */
  readonly signal: AbortSignal | undefined;
  readonly follower: ViewportFollower;
  /** In Cornerstone's request pool, while the volume is on screen; smaller comes first. */
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
  #closed: { readonly reason: unknown } | undefined;

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

  /**
   * Loads what is not loaded yet; a load that is under way is joined.
   *
   * @param signal - cancels the load, also for those who joined it
   */
  load(callback?: (event: LoadEvent) => void, signal?: AbortSignal): Promise<LoadResult> {
    const { states } = this.#target;
    const aborted = [this.#target.signal, signal].find((each) => each?.aborted);
    if (this.#closed || aborted) {
      return handled(Promise.reject((this.#closed ?? aborted)?.reason as Error));
    }
    if (states.isComplete) {
      callback?.(this.#event());
      return Promise.resolve(this.result());
    }
    if (callback) {
      this.#callbacks.push(callback);
    }
    this.#run ??= this.#start();
    const run = this.#run;
    if (signal) {
      const cancel = (): void => {
        if (this.#run === run) {
          this.cancel(signal.reason);
        }
      };
      const stopListening = (): void => {
        signal.removeEventListener('abort', cancel);
      };
      signal.addEventListener('abort', cancel, { once: true });
      run.promise.then(stopListening, stopListening);
    }
    return run.promise;
  }

  /** Loads the frames that have failed once more; after the load that is under way, if one is. */
  retryFailed(): Promise<LoadResult> {
    const { states } = this.#target;
    if (this.#run) {
      return handled(this.#run.promise.then(() => this.retryFailed()));
    }
    for (const imageIdIndex of this.#closed ? [] : [...states.failures.keys()]) {
      states.reset(imageIdIndex);
    }
    return this.load();
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
    this.#target.progress.stop();
    this.#target.follower.stop();
    run.controller.abort(reason);
    run.requests.removeAll();
    imageIds.forEach((_, imageIdIndex) => {
      if (states.get(imageIdIndex) === 'queued') {
        states.cancel(imageIdIndex);
      }
    });
  }

  /** Cancels, and lets every later load reject with the reason. */
  close(reason: unknown): void {
    this.cancel(reason);
    this.#closed = { reason };
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
      .map(([imageIdIndex, failure]) => ({
        imageId: imageIds[imageIdIndex] as string,
        imageIdIndex,
        ...(failure as FrameFailure),
      }));
    return { framesLoaded: states.count('loaded'), failed };
  }

  #start(): Run {
    const { states, volumeId, follower } = this.#target;
    this.#isCancelled = false;
    const controller = new AbortController();
    const needs = follower.read();
    const order = this.#order(needs);
    for (const imageIdIndex of order) {
      if (states.get(imageIdIndex) === 'idle') {
        states.enqueue(imageIdIndex);
      }
    }
    const requests = new PoolRequests(volumeId, this.#priority(needs));
    const promise = this.#loadAll(order, controller, requests);
    return { promise: handled(promise), controller, requests };
  }

  async #loadAll(
    order: readonly number[],
    controller: AbortController,
    requests: PoolRequests,
  ): Promise<LoadResult> {
    const { maxInFlight, progress, follower } = this.#target;
    const queue = new FrameQueue({
      maxInFlight,
      start: (imageIdIndex, signal) => this.#loadFrame(imageIdIndex, signal),
      schedule: (run) => {
        requests.add(run);
      },
    });
    progress.start();
    follower.start((needs) => {
      queue.reorder(this.#order(needs));
      requests.setPriority(this.#priority(needs));
    });
    try {
      await queue.run(order, controller.signal);
    } finally {
      if (this.#run?.controller === controller) {
        this.#run = undefined;
        progress.stop();
        follower.stop();
      }
    }
    return this.result();
  }

  /** Volumes on screen come before those in the background. */
  #priority({ slices, acrossSlices }: FrameNeeds): number {
    const isShown = slices.length > 0 || acrossSlices;
    return this.#target.priority + (isShown ? 0 : 1);
  }

  /** The frames that have not ended, each once, whatever the strategy gives. */
  #order(needs: FrameNeeds): number[] {
    const { states, imageIds, frameOrder } = this.#target;
    const all = imageIds.map((_, imageIdIndex) => imageIdIndex);
    const wanted = frameOrder(imageIds.length, needs).filter((index) => index in imageIds);
    return [...new Set([...wanted, ...all])].filter(
      (imageIdIndex) => !['loaded', 'failed'].includes(states.get(imageIdIndex)),
    );
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

/** Cornerstone calls `load` without looking at the promise; whoever awaits it still gets the error. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

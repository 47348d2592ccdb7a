import type { FrameFailure } from './frame/retryFrame.js';
import { StrategyFrames } from './imageLoadRequests.js';
import type { LoadEvent, LoadResult, LoadStatus } from './LoadProgress.js';
import { ActiveLoad } from './ActiveLoad.js';
import type { LoadTarget } from './ActiveLoad.js';
import { FlightPlaces } from './schedule/FlightPlaces.js';

interface Run {
  readonly load: ActiveLoad;
  readonly promise: Promise<LoadResult>;
}

/** Loads all frames of a volume through Cornerstone's request pool. */
export class LoadControl {
  readonly #target: LoadTarget;
  readonly #places: FlightPlaces;
  #run: Run | undefined;
  #callbacks: ((event: LoadEvent) => void)[] = [];
  #isCancelled = false;
  #closed: { readonly reason: unknown } | undefined;

  /** The frames that load strategies ask for, beside the load or in its stead. */
  readonly strategy: StrategyFrames;

  /** Where the load stands, as Cornerstone reads it. */
  readonly status: LoadStatus & Record<string, unknown>;

  constructor(target: LoadTarget) {
    const { states, loader, maxInFlight } = target;
    this.#target = target;
    this.#places = new FlightPlaces(maxInFlight);
    this.strategy = new StrategyFrames(loader, this.#places);
    const isLoading = (): boolean => this.#run !== undefined && !states.isComplete;
    const isCancelled = (): boolean => this.#isCancelled;
    this.status = {
      get loaded() {
        return states.isLoaded;
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
    const { states, held } = this.#target;
    if (!this.#run && !this.#refusal(signal)) {
      this.#isCancelled = false;
      held.takeCached();
    }
    // Asked now, as those who were told of frames may have removed the volume or given up.
    const refusal = this.#refusal(signal);
    if (refusal) {
      return handled(Promise.reject(refusal.reason as Error));
    }
    if (states.isComplete) {
      this.#target.onComplete();
      callback?.(this.#event());
      return Promise.resolve(this.result());
    }
    let run: Run;
    try {
      run = this.#run ??= this.#start();
    } catch (error) {
      return handled(Promise.reject(error as Error));
    }
    if (callback) {
      this.#callbacks.push(callback);
    }
    if (signal) {
      const cancel = (): void => {
        if (this.#run === run) {
          this.#cancelRun(signal.reason);
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

  /**
   * Gives up what is queued and in flight, that of load strategies too; the promise of the load rejects with
   * the reason.
   */
  cancel(reason: unknown): void {
    this.#cancelRun(reason);
    this.strategy.cancel(reason);
  }

  #cancelRun(reason: unknown): void {
    const run = this.#run;
    if (!run) {
      return;
    }
    this.#run = undefined;
    this.#isCancelled = true;
    this.#callbacks = [];
    run.load.cancel(reason);
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

  /** Why nothing is loaded any more. */
  #refusal(signal: AbortSignal | undefined): { readonly reason: unknown } | undefined {
    return this.#closed ?? [this.#target.signal, signal].find((each) => each?.aborted);
  }

  #start(): Run {
    this.#target.attempts.authorization.reset();
    const load = new ActiveLoad(this.#target, this.#places, () => {
      if (this.#run?.load === load) {
        this.#run = undefined;
      }
    });
    return { load, promise: handled(load.promise.then(() => this.result())) };
  }

  #event(): LoadEvent {
    const { states, imageIds } = this.#target;
    return {
      success: states.isLoaded,
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

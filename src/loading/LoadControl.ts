import { callApplication } from '../base/callApplication.js';
import { ActiveLoad } from './ActiveLoad.js';
import type { FrameLoader } from './frame/FrameLoader.js';
import type { FrameFailure } from './frame/retryFrame.js';
import type { LoadContext } from './LoadContext.js';
import type { LoadEvent, LoadResult, LoadStatus } from './LoadProgress.js';
import { takeCached } from './memory/MemoryFrames.js';
import type { FlightQueue } from './schedule/FlightQueue.js';
import { StrategyRequests } from './StrategyRequests.js';

interface Run {
  readonly load: ActiveLoad;
  readonly promise: Promise<LoadResult>;
}

type LoadCallback = (event: LoadEvent) => void;

/** Starts, joins and cancels the loads of a volume; at most one is under way at a time. */
export class LoadControl {
  readonly #context: LoadContext;
  readonly #loader: FrameLoader;
  readonly #onComplete: () => void;
  readonly #onCancelled: () => void;
  readonly #queue: FlightQueue;
  #run: Run | undefined;
  #callbacks: LoadCallback[] = [];
  #isCancelled = false;

  /** The requests of load strategies, beside the load or in place of it. */
  readonly strategy: StrategyRequests;

  /** Where the load stands, as Cornerstone reads it. */
  readonly status: LoadStatus & Record<string, unknown>;

  /**
   * @param onComplete - called when a load finds that every frame has ended already
   * @param onCancelled - called after {@link cancel}
   */
  constructor(
    context: LoadContext,
    loader: FrameLoader,
    onComplete: () => void,
    onCancelled: () => void,
  ) {
    const { states } = context;
    this.#context = context;
    this.#loader = loader;
    this.#onComplete = onComplete;
    this.#onCancelled = onCancelled;
    this.#queue = context.queue;
    this.strategy = new StrategyRequests(context, loader, this.#queue);
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
   * @param callback - called once, when the last frame has ended. An error that it throws is reported as
   *   an uncaught one
   * @param signal - cancels the load, also for the calls that have joined it
   */
  load(callback?: LoadCallback, signal?: AbortSignal): Promise<LoadResult> {
    const { states } = this.#context;
    const controller = new AbortController();
    let taking: Promise<void> | undefined;
    if (!this.#run && !this.#refusal(signal)) {
      this.#isCancelled = false;
      taking = takeCached(this.#context, controller.signal);
    }
    // Checked now: a listener that was notified of a frame may have removed the volume or aborted the signal.
    const refusal = this.#refusal(signal);
    if (refusal) {
      controller.abort(refusal.reason);
      return handled(Promise.reject(refusal.reason as Error));
    }
    if (states.isComplete) {
      this.#onComplete();
      if (callback) {
        callApplication(callback, this.#event());
      }
      return Promise.resolve(this.result());
    }
    let run: Run;
    try {
      run = this.#run ??= this.#begin(controller, taking);
    } catch (error) {
      controller.abort(error);
      return handled(Promise.reject(error as Error));
    }
    if (callback) {
      this.#callbacks.push(callback);
    }
    cancelOnAbort(run.promise, signal, (reason) => {
      if (this.#run === run) {
        this.#cancelRun(reason);
      }
    });
    return run.promise;
  }

  /** Loads the frames that have failed once more; after the load that is under way, if one is. */
  retryFailed(): Promise<LoadResult> {
    const { states, removal } = this.#context;
    if (this.#run) {
      return handled(this.#run.promise.then(() => this.retryFailed()));
    }
    for (const sliceIndex of removal.aborted ? [] : states.framesIn('failed')) {
      states.reset(sliceIndex);
    }
    return this.load();
  }

  /**
   * Aborts what is queued and in flight, that of load strategies too; the promise of the load rejects with
   * the reason.
   */
  cancel(reason: unknown): void {
    this.#cancelRun(reason);
    this.strategy.cancel(reason);
    this.#onCancelled();
  }

  /** Calls the callbacks of the load; to be called when the last frame has ended. */
  complete(): void {
    const event = this.#event();
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) {
      callApplication(callback, event);
    }
  }

  /** How the frames have ended so far. */
  result(): LoadResult {
    const { states, imageIds } = this.#context;
    const failed = [...states.failures].map(([sliceIndex, failure]) => ({
      imageId: imageIds[sliceIndex] as string,
      imageIdIndex: sliceIndex,
      ...(failure as FrameFailure),
    }));
    return { framesLoaded: states.count('loaded'), failed };
  }

  #cancelRun(reason: unknown): void {
    const run = this.#run;
    if (run) {
      this.#run = undefined;
      this.#isCancelled = true;
      this.#callbacks = [];
      run.load.cancel(reason);
    }
  }

  /** The signal that forbids a load. */
  #refusal(signal: AbortSignal | undefined): AbortSignal | undefined {
    const { removal, signal: ofVolume } = this.#context;
    return [removal, ofVolume, signal].find((each) => each?.aborted);
  }

  #begin(controller: AbortController, taking: Promise<void> | undefined): Run {
    const { authorization } = this.#context;
    authorization.reset();
    const parts = { loader: this.#loader, queue: this.#queue, controller, taking };
    const load = new ActiveLoad(this.#context, parts);
    const over = load.promise.finally(() => {
      if (this.#run?.load === load) {
        this.#run = undefined;
      }
    });
    return { load, promise: handled(over.then(() => this.result())) };
  }

  #event(): LoadEvent {
    const { states } = this.#context;
    return {
      success: states.isLoaded,
      framesLoaded: states.count('loaded'),
      framesProcessed: states.ended,
      numFrames: states.total,
      totalNumFrames: states.total,
    };
  }
}

/** Cancels a load when the signal of one of its callers aborts before the load is over. */
export function cancelOnAbort(
  load: Promise<unknown>,
  signal: AbortSignal | undefined,
  cancel: (reason: unknown) => void,
): void {
  if (!signal) {
    return;
  }
  const onAbort = (): void => {
    cancel(signal.reason);
  };
  const stopListening = (): void => {
    signal.removeEventListener('abort', onAbort);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  load.then(stopListening, stopListening);
}

/** Cornerstone calls `load` and ignores the promise; a caller that awaits it gets the error nevertheless. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

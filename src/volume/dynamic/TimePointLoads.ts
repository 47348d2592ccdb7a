import { callApplication } from '../../base/callApplication.js';
import type { FrameStates } from '../../loading/FrameStates.js';
import { cancelOnAbort, handled } from '../../loading/LoadControl.js';
import type { LoadControl } from '../../loading/LoadControl.js';
import type { LoadEvent, LoadResult, LoadStatus } from '../../loading/LoadProgress.js';

/** A time point that has memory, to be loaded. */
interface LoadedTimePoint {
  readonly states: FrameStates;
  readonly load: LoadControl;
}

/** What {@link TimePointLoads} works on. Indices count from 0. */
export interface LoadableTimePoints {
  readonly current: number;
  /** Time points that have memory or are to get it, in the order in which they are loaded. */
  order(): number[];
  /** A time point that has memory. */
  get(timePointIndex: number): LoadedTimePoint | undefined;
  /** A time point that has memory now; undefined where there is none for it. */
  tryHold(timePointIndex: number): LoadedTimePoint | undefined;
  /** All time points that have memory. */
  held(): LoadedTimePoint[];
  /** How the frames have ended so far, of all time points. */
  result(): LoadResult;
  /** Whether every frame of all time points is loaded or absent. */
  isLoaded(): boolean;
  /** Number of frames of all time points. */
  readonly total: number;
  /** Most frames in flight, of all time points together. */
  readonly maxInFlight: number;
  /** Number of frames that have ended. */
  processed(): number;
  /** Called when a load begins or is over, also one that a switch has begun. */
  onStarted(): void;
  onStopped(): void;
  /** Called when a load that the application has begun is over, before its callbacks. */
  onCompleted(): void;
  /** The signal that forbids a load. */
  refusal(signal: AbortSignal | undefined): AbortSignal | undefined;
}

interface NextTimePoint {
  readonly index: number;
  readonly load: LoadControl;
}

interface Run {
  readonly controller: AbortController;
  readonly promise: Promise<LoadResult>;
}

type LoadCallback = (event: LoadEvent) => void;

/**
 * Loads time points one after the other, each by its own `LoadControl`: the current one first. The next one begins
 * when the former has no frame left for a free place. A switch to a time point that lacks frames cancels what
 * is under way of the others.
 */
export class TimePointLoads {
  readonly #timePoints: LoadableTimePoints;
  /** The loads that are under way, by the index of their time points; an object for each start. */
  readonly #running = new Map<number, object>();
  #run: Run | undefined;
  #callbacks: LoadCallback[] = [];
  /** Whether time points are loaded on a switch: from the first load until a cancel. */
  #isWanted = false;
  #isCancelled = false;
  /** Whether the application has begun the run, or joined it. */
  #isAwaited = false;
  /** Lets the run look again. */
  #wake: () => void = () => undefined;

  readonly status: LoadStatus & Record<string, unknown>;

  constructor(timePoints: LoadableTimePoints) {
    this.#timePoints = timePoints;
    const isLoading = (): boolean => this.#run !== undefined;
    const isCancelled = (): boolean => this.#isCancelled;
    this.status = {
      get loaded() {
        return timePoints.isLoaded();
      },
      get loading() {
        return isLoading();
      },
      get cancelled() {
        return isCancelled();
      },
    };
  }

  /** As `LoadControl.load`; over when every time point that there is memory for has ended. */
  load(callback?: LoadCallback, signal?: AbortSignal): Promise<LoadResult> {
    const refusal = this.#timePoints.refusal(signal);
    if (refusal) {
      return handled(Promise.reject(refusal.reason as Error));
    }
    this.#isWanted = true;
    this.#isCancelled = false;
    if (!this.#run && !this.#hasWaiting()) {
      this.#timePoints.onCompleted();
      if (callback) {
        callApplication(callback, this.#event());
      }
      return Promise.resolve(this.#timePoints.result());
    }
    this.#isAwaited = true;
    if (callback) {
      this.#callbacks.push(callback);
    }
    const run = (this.#run ??= this.#begin());
    cancelOnAbort(run.promise, signal, (reason) => {
      if (this.#run === run) {
        this.cancel(reason);
      }
    });
    return run.promise;
  }

  /** Loads the frames once more that have failed, of the time points that have memory. */
  async retryFailed(): Promise<LoadResult> {
    await this.#run?.promise;
    for (const { load, states } of this.#timePoints.held()) {
      if (states.count('failed') > 0) {
        await load.retryFailed();
      }
    }
    return this.#timePoints.result();
  }

  /** Cancels all loads, those of load strategies too; a switch begins none any more. */
  cancel(reason: unknown): void {
    this.#isWanted = false;
    const run = this.#run;
    if (run) {
      this.#isCancelled = true;
      this.#run = undefined;
      this.#callbacks = [];
      run.controller.abort(reason);
      this.#timePoints.onStopped();
    }
    this.#running.clear();
    this.#timePoints.held().forEach(({ load }) => {
      load.cancel(reason);
    });
    this.#wake();
  }

  /** To be called when another time point is the current one: loads it, and the next ones, if loads are wanted. */
  turn(): void {
    if (!this.#isWanted) {
      return;
    }
    if (this.#isUnfinished(this.#timePoints.current)) {
      for (const index of this.#running.keys()) {
        if (index !== this.#timePoints.current) {
          this.#running.delete(index);
          this.#timePoints.get(index)?.load.cancel(POSTPONED);
        }
      }
    }
    if (!this.#run && this.#hasWaiting()) {
      this.#run = this.#begin();
    }
    this.#wake();
  }

  /** To be called when a frame has ended. */
  frameEnded(): void {
    this.#wake();
  }

  #begin(): Run {
    const controller = new AbortController();
    this.#timePoints.onStarted();
    const over = this.#loadAll(controller.signal).finally(() => {
      if (this.#run?.controller === controller) {
        this.#run = undefined;
        this.#timePoints.onStopped();
      }
    });
    const promise = over.then(() => {
      this.#complete();
      return this.#timePoints.result();
    });
    return { controller, promise: handled(promise) };
  }

  async #loadAll(signal: AbortSignal): Promise<void> {
    const faults: unknown[] = [];
    for (;;) {
      signal.throwIfAborted();
      if (faults.length > 0) {
        this.#isWanted = false;
        throw faults[0];
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const next = this.#hasFreePlace() ? this.#next() : undefined;
      if (next) {
        this.#loadOne(next, signal).catch((error: unknown) => {
          faults.push(error);
          this.#wake();
        });
      } else if (this.#running.size > 0) {
        await woken;
      } else {
        return;
      }
    }
  }

  async #loadOne({ index, load }: NextTimePoint, signal: AbortSignal): Promise<void> {
    const token = {};
    this.#running.set(index, token);
    const isUnderWay = (): boolean => !signal.aborted && this.#running.get(index) === token;
    try {
      await load.load();
    } catch (error) {
      // Otherwise it was cancelled by a switch, or its time point was released.
      if (isUnderWay() && this.#timePoints.get(index)?.load === load) {
        throw error;
      }
    } finally {
      if (isUnderWay()) {
        this.#running.delete(index);
        this.#wake();
      }
    }
  }

  /** Whether every frame of the time points that are being loaded has its place or has ended, and a place is free. */
  #hasFreePlace(): boolean {
    let inFlight = 0;
    for (const index of this.#running.keys()) {
      const states = this.#timePoints.get(index)?.states;
      const loading = states?.count('loading') ?? 0;
      if (states && states.ended + loading < states.total) {
        return false;
      }
      inFlight += loading;
    }
    return inFlight < this.#timePoints.maxInFlight;
  }

  /** The time point to load next, with its memory. */
  #next(): NextTimePoint | undefined {
    for (const index of this.#timePoints.order()) {
      const timePoint = this.#isWaiting(index) ? this.#timePoints.tryHold(index) : undefined;
      if (timePoint) {
        return { index, load: timePoint.load };
      }
    }
    return undefined;
  }

  #hasWaiting(): boolean {
    return this.#timePoints.order().some((index) => this.#isWaiting(index));
  }

  #isWaiting(index: number): boolean {
    return !this.#running.has(index) && this.#isUnfinished(index);
  }

  #isUnfinished(index: number): boolean {
    return this.#timePoints.get(index)?.states.isComplete !== true;
  }

  #event(): LoadEvent {
    const { total } = this.#timePoints;
    return {
      success: this.#timePoints.isLoaded(),
      framesLoaded: this.#timePoints.result().framesLoaded,
      framesProcessed: this.#timePoints.processed(),
      numFrames: total,
      totalNumFrames: total,
    };
  }

  #complete(): void {
    if (!this.#isAwaited) {
      return;
    }
    this.#isAwaited = false;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    this.#timePoints.onCompleted();
    for (const callback of callbacks) {
      callApplication(callback, this.#event());
    }
  }
}

/** The reason of a cancel that another time point needs the connection for. */
const POSTPONED = new DOMException('Another time point is loaded first', 'AbortError');

import type { FrameStore } from '../base/FrameStore.js';
import { fillNearby } from './fillAbsent.js';
import type { AttemptPolicy } from './frame/retryFrame.js';
import type { FrameLoader } from './frame/FrameLoader.js';
import type { FrameStates } from './FrameStates.js';
import type { LoadProgress } from './LoadProgress.js';
import type { MemoryFrames } from './memory/MemoryFrames.js';
import { AdaptiveConcurrency } from './schedule/AdaptiveConcurrency.js';
import type { FlightPlaces } from './schedule/FlightPlaces.js';
import type { FrameOrder } from './schedule/frameOrder.js';
import { FrameQueue } from './schedule/FrameScheduler.js';
import { CornerstonePoolQueue } from './schedule/CornerstonePoolQueue.js';
import { readRetrieveConfiguration, ProgressiveRun } from './schedule/ProgressivePlan.js';
import type { ViewportFollower } from './schedule/ViewportFollower.js';

/** What a load works on. */
export interface LoadTarget {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  readonly states: FrameStates;
  readonly store: FrameStore;
  readonly loader: FrameLoader;
  readonly attempts: AttemptPolicy;
  readonly held: MemoryFrames;
  readonly progress: LoadProgress;
  readonly maxInFlight: number;
  /** Whether fewer are requested at once where more are not faster. */
  readonly adaptsInFlight: boolean;
  /** The application's own, if it has one. */
  readonly frameOrder: FrameOrder | undefined;
  /** Once it has aborted, nothing is loaded any more. */
  readonly signal: AbortSignal | undefined;
  readonly follower: ViewportFollower;
  /** In Cornerstone's request pool, while the volume is on screen; smaller comes first. */
  readonly priority: number;
  /** The same, while no viewport shows the volume. */
  readonly backgroundPriority: number;
  /** Called when a load finds every frame ended already. */
  readonly onComplete: () => void;
  /** Called when a frame has got pixels that are not its last. */
  readonly onFrameShown: (imageIdIndex: number) => void;
}

/** One load of a volume, from its start to its end or its cancel. */
export class ActiveLoad {
  readonly #target: LoadTarget;
  readonly #controller = new AbortController();
  readonly #retrieve: ProgressiveRun;
  readonly #requests: CornerstonePoolQueue;
  readonly #queue: FrameQueue;
  readonly #flights: AdaptiveConcurrency | undefined;
  readonly #stopClaiming: () => void;
  /** Until the next frame may start behind those that are in flight. */
  #spreading: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when every frame has ended; rejects with the reason of a cancel. */
  readonly promise: Promise<void>;

  /**
   * Starts at once.
   *
   * @param places - shared with all who load frames of the volume
   * @param onOver - called before the promise settles
   */
  constructor(target: LoadTarget, places: FlightPlaces, onOver: () => void) {
    const { states, volumeId, imageIds, follower, frameOrder, priority } = target;
    this.#target = target;
    this.#retrieve = new ProgressiveRun({
      frameCount: imageIds.length,
      states,
      configuration: readRetrieveConfiguration(volumeId, imageIds[0]),
      frameOrder,
      priority,
    });
    const needs = follower.read();
    const order = this.#retrieve.order(needs);
    for (const imageIdIndex of order) {
      if (states.get(imageIdIndex) === 'idle') {
        states.enqueue(imageIdIndex);
      }
    }
    this.#requests = new CornerstonePoolQueue(volumeId, this.#delay());
    const { maxInFlight, adaptsInFlight } = target;
    const flights = adaptsInFlight
      ? new AdaptiveConcurrency({ most: maxInFlight, now: () => performance.now() })
      : undefined;
    this.#flights = flights;
    this.#queue = new FrameQueue({
      maxInFlight,
      ...(flights && {
        limit: () => this.#flightLimit(flights),
        isHeldBack: () => this.#isHeldBack(flights),
        isUrgent: (imageIdIndex: number) => follower.isLookedAt(imageIdIndex),
      }),
      isUnderWay: (imageIdIndex) => target.loader.isUnderWay(imageIdIndex),
      start: (imageIdIndex, signal) => this.#loadFrame(imageIdIndex, signal),
      schedule: (run, nextFrame) => {
        const runInPlace = (): Promise<void> =>
          places.run(run, { signal: this.#controller.signal, isPreferred: this.#isNextLookedAt });
        this.#requests.add(runInPlace, this.#retrieve.slot(nextFrame));
      },
    });
    // Requests of load strategies that wait for a place may fill the pool.
    this.#stopClaiming = places.claim(() => {
      if (this.#isNextLookedAt()) {
        this.#requests.callNext();
      }
    });
    this.promise = this.#loadAll(order, onOver);
  }

  /** Gives up what is queued and in flight. */
  cancel(reason: unknown): void {
    const { states, imageIds } = this.#target;
    this.#stopWatching();
    this.#controller.abort(reason);
    this.#requests.removeAll();
    imageIds.forEach((_, imageIdIndex) => {
      if (['queued', 'partial'].includes(states.get(imageIdIndex))) {
        states.cancel(imageIdIndex);
      }
    });
  }

  async #loadAll(order: readonly number[], onOver: () => void): Promise<void> {
    const { progress, follower } = this.#target;
    const { signal } = this.#controller;
    progress.start();
    follower.start((needs) => {
      this.#queue.reorder(this.#retrieve.order(needs));
      this.#requests.setDelay(this.#delay());
    });
    try {
      await this.#queue.run(order, signal);
    } finally {
      // A load that was begun after the cancel of this one measures and follows already.
      if (!signal.aborted) {
        this.#stopWatching();
      }
      onOver();
    }
  }

  /** Takes one step of a frame, and lets it wait for the next one if it has not ended. */
  async #loadFrame(imageIdIndex: number, signal: AbortSignal): Promise<void> {
    const { loader, states, store, follower, onFrameShown } = this.#target;
    const retrieve = this.#retrieve;
    const retrieval = retrieve.retrieval(imageIdIndex);
    const isAwaited = follower.isLookedAt(imageIdIndex);
    const options = loader.requestOptions(imageIdIndex, { signal, retrieval, isAwaited });
    const isLastStep = retrieve.isLastStep(imageIdIndex);
    const endFlight = this.#flights?.begin();
    let isOver = false;
    while (!isOver && !signal.aborted) {
      // What is under way may be a load that was aborted or another step: then it is this one's turn.
      isOver = await loader.load(imageIdIndex, options, isLastStep);
    }
    if (signal.aborted) {
      return;
    }
    endFlight?.();
    if (states.quality(imageIdIndex) !== undefined) {
      const nearbyFrames = retrieve.nearbyFrames(imageIdIndex);
      fillNearby({ states, store }, imageIdIndex, nearbyFrames).forEach(onFrameShown);
    }
    retrieve.advance(imageIdIndex);
    if (!states.hasEnded(imageIdIndex)) {
      this.#queue.add(imageIdIndex);
      this.#queue.reorder(retrieve.order(follower.read()));
    }
  }

  /** A viewport may come while the first frames do. Where none has, nobody waits for a frame. */
  #flightLimit({ current, hasMeasured }: AdaptiveConcurrency): number {
    const { follower, maxInFlight } = this.#target;
    return follower.hasViewports || !hasMeasured ? current : maxInFlight;
  }

  #isHeldBack({ delay }: AdaptiveConcurrency): boolean {
    const isHeldBack = this.#target.follower.hasViewports && delay > 0;
    if (isHeldBack) {
      this.#spreading ??= setTimeout(() => {
        this.#spreading = undefined;
        this.#queue.advance();
      }, delay);
    }
    return isHeldBack;
  }

  readonly #isNextLookedAt = (): boolean => {
    const { next } = this.#queue;
    return next !== undefined && this.#target.follower.isLookedAt(next);
  };

  /** Volumes on screen come before those in the background. */
  #delay(): number {
    const { priority, backgroundPriority, follower } = this.#target;
    return follower.hasViewports ? 0 : backgroundPriority - priority;
  }

  #stopWatching(): void {
    clearTimeout(this.#spreading);
    this.#stopClaiming();
    this.#target.progress.stop();
    this.#target.follower.stop();
  }
}

import { fillNearby } from './fillAbsent.js';
import type { FrameLoader } from './frame/FrameLoader.js';
import type { LoadContext } from './LoadContext.js';
import { AdaptiveConcurrency } from './schedule/AdaptiveConcurrency.js';
import type { FlightQueue } from './schedule/FlightQueue.js';
import { FrameScheduler } from './schedule/FrameScheduler.js';
import { ProgressivePlan } from './schedule/ProgressivePlan.js';

/** What an {@link ActiveLoad} works with besides the context. */
interface ActiveLoadParts {
  readonly loader: FrameLoader;
  /** Shared with the load strategies. */
  readonly queue: FlightQueue;
  /** Aborts the load. */
  readonly controller: AbortController;
  /** Frames are being taken from memory; the others are requested afterwards. */
  readonly taking: Promise<void> | undefined;
}

/** One load of a volume, from its start to its end or its cancel. */
export class ActiveLoad {
  readonly #context: LoadContext;
  readonly #loader: FrameLoader;
  readonly #controller: AbortController;
  readonly #plan: ProgressivePlan;
  readonly #queue: FlightQueue;
  readonly #scheduler: FrameScheduler;
  readonly #concurrency: AdaptiveConcurrency | undefined;
  /** Until the next frame may start behind those in flight. */
  #spreading: ReturnType<typeof setTimeout> | undefined;
  /** Resolves when every frame has ended; rejects with the reason of a cancel. */
  readonly promise: Promise<void>;

  /**
   * Starts at once.
   *
   * @throws TypeError for a retrieve configuration that names a frame that does not exist
   */
  constructor(context: LoadContext, { loader, queue, controller, taking }: ActiveLoadParts) {
    const { maxInFlight, adaptsInFlight, follower } = context;
    this.#context = context;
    this.#loader = loader;
    this.#controller = controller;
    this.#plan = new ProgressivePlan(context);
    this.#queue = queue;
    const concurrency = adaptsInFlight
      ? new AdaptiveConcurrency({ most: maxInFlight, now: () => performance.now() })
      : undefined;
    this.#concurrency = concurrency;
    const { signal } = controller;
    this.#scheduler = new FrameScheduler({
      maxInFlight,
      ...(concurrency && {
        limit: () => this.#flightLimit(concurrency),
        isHeldBack: () => this.#isHeldBack(concurrency),
        isOnScreen: (sliceIndex: number) => follower.isOnScreen(sliceIndex),
      }),
      isUnderWay: (sliceIndex) => loader.isUnderWay(sliceIndex),
      start: this.#loadFrame,
      schedule: (run, nextIndex) => {
        const slot = this.#plan.slot(nextIndex);
        queue.add(run, slot, { signal, isPreferred: this.#isNextOnScreen });
      },
    });
    this.promise = this.#run(taking);
  }

  /** Aborts what is queued and in flight. */
  cancel(reason: unknown): void {
    const { states } = this.#context;
    const { signal } = this.#controller;
    this.#stopWatching();
    this.#controller.abort(reason);
    this.#queue.clearPooled(signal);
    for (const sliceIndex of [...states.framesIn('queued'), ...states.framesIn('partial')]) {
      // An Image or a load strategy may be waiting for it.
      if (!this.#loader.outlasts(sliceIndex, signal)) {
        states.cancel(sliceIndex);
      }
    }
  }

  async #run(taking: Promise<void> | undefined): Promise<void> {
    const { states, progress, follower } = this.#context;
    const { signal } = this.#controller;
    try {
      if (taking) {
        await taking;
        signal.throwIfAborted();
      }
      const needs = follower.start((changed) => {
        this.#scheduler.reorder(this.#plan.order(changed));
        this.#queue.setDelay(this.#delay());
      });
      this.#queue.setDelay(this.#delay());
      const order = this.#plan.order(needs);
      for (const sliceIndex of order) {
        if (states.get(sliceIndex) === 'idle') {
          states.enqueue(sliceIndex);
        }
      }
      progress.start();
      await this.#scheduler.run(order, signal);
    } finally {
      // After a cancel, another load may measure and follow already.
      if (!signal.aborted) {
        this.#stopWatching();
      }
    }
  }

  /** Takes one step of a frame, and lets it wait for the next one if it has not ended. */
  readonly #loadFrame = async (sliceIndex: number, signal: AbortSignal): Promise<void> => {
    const { states, follower, onFrameShown } = this.#context;
    const plan = this.#plan;
    const retrieval = plan.retrieval(sliceIndex);
    const request = { signal, retrieval, isOnScreen: follower.isOnScreen(sliceIndex) };
    const isLastStep = plan.isLastStep(sliceIndex);
    const endFlight = this.#concurrency?.begin();
    let isOver = false;
    while (!isOver && !signal.aborted) {
      // A load that was under way may have been aborted, or been another step: then it is this one's turn.
      isOver = await this.#loader.load(sliceIndex, request, isLastStep);
    }
    if (signal.aborted) {
      return;
    }
    endFlight?.();
    if (states.quality(sliceIndex) !== undefined) {
      fillNearby(this.#context, sliceIndex, plan.nearbyFrames(sliceIndex)).forEach((filled) => {
        onFrameShown(filled);
      });
    }
    plan.advance(sliceIndex);
    if (!states.hasEnded(sliceIndex)) {
      this.#scheduler.add(sliceIndex);
      this.#scheduler.reorder(plan.order(follower.read()));
    }
  };

  /** While no viewport shows the volume, all places are used; not at first, as one may be opened just after `load()`. */
  #flightLimit({ current, hasEnded }: AdaptiveConcurrency): number {
    const { follower, maxInFlight } = this.#context;
    return follower.hasViewports || !hasEnded ? current : maxInFlight;
  }

  #isHeldBack({ delay }: AdaptiveConcurrency): boolean {
    const isHeldBack = this.#context.follower.hasViewports && delay > 0;
    if (isHeldBack) {
      this.#spreading ??= setTimeout(() => {
        this.#spreading = undefined;
        this.#scheduler.advance();
      }, delay);
    }
    return isHeldBack;
  }

  readonly #isNextOnScreen = (): boolean => {
    const { next } = this.#scheduler;
    return next !== undefined && this.#context.follower.isOnScreen(next);
  };

  /** Volumes on screen come before those in the background. */
  #delay(): number {
    const { priority, backgroundPriority, follower } = this.#context;
    return follower.hasViewports ? 0 : backgroundPriority - priority;
  }

  #stopWatching(): void {
    clearTimeout(this.#spreading);
    this.#context.progress.stop();
    this.#context.follower.stop();
  }
}

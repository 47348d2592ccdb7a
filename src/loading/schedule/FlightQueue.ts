import { imageLoadPoolManager } from '@cornerstonejs/core';
import type { Enums } from '@cornerstonejs/core';

type FlightTask = () => Promise<void>;

/** How a task runs in a place. */
export interface FlightOptions {
  /** Its abort ends the wait, or gives the place of a running task back. */
  readonly signal: AbortSignal;
  /** Whether the task goes before tasks that have waited longer; asked again for each place. Default: no. */
  readonly isPreferred?: () => boolean;
}

/** Place of a request in Cornerstone's request pool. */
export interface PoolSlot {
  readonly requestType: Enums.RequestType;
  /** Smaller comes first. */
  readonly priority: number;
}

/** A task that waits for a place. */
interface WaitingTask {
  readonly start: () => void;
  readonly isPreferred: () => boolean;
}

/** A task in Cornerstone's request pool. */
interface PooledTask {
  readonly slot: PoolSlot;
  readonly flight: FlightOptions;
  /** What the pool calls. */
  readonly call: FlightTask;
}

/** Interval of the search for dropped requests. They are dropped at a user's click, so a second is soon enough. */
const CHECK_INTERVAL_MS = 1000;

/**
 * The requests of one volume, of all its time points, on the way to their places in flight (a counting semaphore with priorities). Loads,
 * whose requests come through Cornerstone's request pool, and load strategies, which have called the pool themselves,
 * share the places, so that together they have at most `maxInFlight` frames in flight.
 *
 * Workaround: Cornerstone's tools clear the requests of all owners, not only their own: stack prefetching
 * (tools, stackPrefetch.js, clearRequestStack) drops all of its type when it stops. Requests that other code drops
 * are put back. Remove when a request can be taken out of the pool by its owner only.
 */
export class FlightQueue {
  readonly #volumeId: string;
  readonly #most: number;
  /** Number of places in use. */
  #taken = 0;
  readonly #waiting = new Set<WaitingTask>();
  /** In the order in which they were added. */
  readonly #pooled = new Map<FlightTask, PooledTask>();
  /** Is added to every priority. */
  #delay = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param most - number of places, at least 1 */
  constructor(volumeId: string, most: number) {
    this.#volumeId = volumeId;
    this.#most = most;
  }

  /**
   * Runs a task in a place: at once where one is free, otherwise in the order of the calls.
   *
   * @returns settles as the task does; resolves without running it when the signal aborts before its turn
   */
  async run(task: FlightTask, flight: FlightOptions): Promise<void> {
    const { signal } = flight;
    if (this.#pooled.delete(task) && this.#pooled.size === 0) {
      this.#stopTimer();
    }
    if (signal.aborted) {
      return;
    }
    if (this.#taken >= this.#most) {
      await this.#wait(task, flight);
      return;
    }
    this.#taken += 1;
    let isTaken = true;
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      if (isTaken) {
        isTaken = false;
        this.#taken -= 1;
        this.#fill();
      }
    };
    signal.addEventListener('abort', leave);
    try {
      await task();
    } finally {
      leave();
    }
  }

  /**
   * Hands a task to Cornerstone's pool; at its turn there it is {@link run}. It must not reject. When a place gets
   * free that other tasks wait for, the first preferred task in the pool gets the place past the pool: requests of load
   * strategies that wait for a place may fill the pool.
   */
  add(task: FlightTask, slot: PoolSlot, flight: FlightOptions): void {
    const call = this.run.bind(this, task, flight);
    this.#pooled.set(task, { slot, flight, call });
    this.#submit(call, slot);
    // The pool has called most requests by now, and they need no check.
    if (this.#pooled.size > 0) {
      this.#timer ??= setInterval(() => {
        this.restoreDropped();
      }, CHECK_INTERVAL_MS);
    }
  }

  /** Adds a number to the priorities of requests in the pool and of later ones. Default 0. */
  setDelay(delay: number): void {
    if (delay === this.#delay) {
      return;
    }
    this.#delay = delay;
    const pooled = [...this.#pooled.values()];
    if (pooled.length > 0) {
      removeFromPool(pooled);
      pooled.forEach(({ call, slot }) => {
        this.#submit(call, slot);
      });
    }
  }

  /** Puts back the requests that other code has taken out of the pool. */
  restoreDropped(): void {
    const pool = Object.values(imageLoadPoolManager.getRequestPool())
      .flatMap((byPriority) => Object.values(byPriority))
      .flat();
    const present = new Set(pool.map(({ requestFn }) => requestFn as unknown));
    this.#pooled.forEach(({ call, slot }) => {
      if (!present.has(call)) {
        this.#submit(call, slot);
      }
    });
  }

  /** Takes the requests of one signal out of the pool that it has not called yet. */
  clearPooled(signal: AbortSignal): void {
    const cleared = [...this.#pooled].filter(([, { flight }]) => flight.signal === signal);
    removeFromPool(cleared.map(([, pooled]) => pooled));
    cleared.forEach(([task]) => this.#pooled.delete(task));
    if (this.#pooled.size === 0) {
      this.#stopTimer();
    }
  }

  #submit(call: FlightTask, { requestType, priority }: PoolSlot): void {
    imageLoadPoolManager.addRequest(
      call,
      requestType,
      { volumeId: this.#volumeId },
      priority + this.#delay,
    );
  }

  #wait(task: FlightTask, flight: FlightOptions): Promise<void> {
    const { signal, isPreferred = (): boolean => false } = flight;
    return new Promise((resolve) => {
      const start = (): void => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', start);
        resolve(this.run(task, flight));
      };
      const waiting = { start, isPreferred };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', start);
    });
  }

  #fill(): void {
    while (this.#taken < this.#most && this.#waiting.size > 0) {
      const [first] = this.#waiting;
      const preferred = [...this.#waiting].find(({ isPreferred }) => isPreferred());
      const pooled = preferred ? undefined : this.#preferredInPool();
      if (pooled) {
        removeFromPool([pooled]);
        void pooled.call();
      } else {
        (preferred ?? first)?.start();
      }
    }
  }

  /** Of the time points that share the queue, one alone is on screen. */
  #preferredInPool(): PooledTask | undefined {
    return [...this.#pooled.values()].find(({ flight }) => flight.isPreferred?.());
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function removeFromPool(tasks: readonly PooledTask[]): void {
  const calls = new Set<unknown>(tasks.map(({ call }) => call));
  imageLoadPoolManager.filterRequests(
    ({ requestFn }: { requestFn: unknown }) => !calls.has(requestFn),
  );
}

/** How a task runs in a place. */
export interface FlightOptions {
  /** Its abort ends the wait, or gives the place of a running task back. */
  readonly signal: AbortSignal;
  /** Whether the task goes before tasks that have waited longer; asked again for each place. Default: no. */
  readonly isPreferred?: () => boolean;
}

/** A task that waits for a place. */
interface WaitingTask {
  readonly start: () => void;
  readonly isPreferred: () => boolean;
}

/**
 * The places in flight of one volume (a counting semaphore with priorities). Loads and load strategies share them,
 * so that together they have at most `maxInFlight` frames in flight.
 */
export class FlightPlaces {
  readonly #most: number;
  readonly #waiting = new Set<WaitingTask>();
  #taken = 0;
  #claim: (() => void) | undefined;

  /** @param most - number of places, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Runs a task in a place: at once where one is free, otherwise in the order of the calls.
   *
   * @returns settles as the task does; resolves without running it when the signal aborts before its turn
   */
  run(task: () => Promise<void>, { signal, isPreferred }: FlightOptions): Promise<void> {
    if (signal.aborted) {
      return Promise.resolve();
    }
    return this.#taken < this.#most
      ? this.#start(task, signal)
      : this.#wait(task, signal, isPreferred);
  }

  /**
   * Calls back whenever a place is free that tasks wait for, and none of these is preferred: a task that is run
   * in the callback gets the place before them. One claim at a time; a new one replaces the former.
   *
   * @returns ends the claim
   */
  claim(onFree: () => void): () => void {
    this.#claim = onFree;
    return () => {
      if (this.#claim === onFree) {
        this.#claim = undefined;
      }
    };
  }

  async #start(task: () => Promise<void>, signal: AbortSignal): Promise<void> {
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

  #wait(
    task: () => Promise<void>,
    signal: AbortSignal,
    isPreferred = (): boolean => false,
  ): Promise<void> {
    return new Promise((resolve) => {
      const start = (): void => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', start);
        resolve(signal.aborted ? undefined : this.#start(task, signal));
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
      const taken = this.#taken;
      if (!preferred) {
        this.#claim?.();
      }
      if (this.#taken === taken) {
        (preferred ?? first)?.start();
      }
    }
  }
}

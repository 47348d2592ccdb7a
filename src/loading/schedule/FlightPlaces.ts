/** How something runs in a place. */
export interface FlightOptions {
  /** Ends the wait. In flight, it gives the place back: what is aborted is in flight no longer. */
  readonly signal: AbortSignal;
  /** Whether it goes before all who wait longer; asked for each place anew. Default: no. */
  readonly isPreferred?: () => boolean;
}

/** One who waits for a place. */
interface Waiting {
  readonly start: () => void;
  readonly isPreferred: () => boolean;
}

/**
 * The places in flight of one volume. Those who load its frames share them, so that they do not have more
 * frames in flight together than one of them may have alone.
 */
export class FlightPlaces {
  readonly #most: number;
  readonly #waiting = new Set<Waiting>();
  #taken = 0;
  #claim: (() => void) | undefined;

  /** @param most - number of places, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Runs a task in a place: at once where one is free, otherwise in the order of the calls.
   *
   * @returns settles as the task does; resolves when the signal has aborted before it was its turn, and it
   *   is not run then
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
   * Calls back whenever a place is free that others wait for, and none of these is preferred: who runs a
   * task then gets the place before them.
   *
   * @returns ends that
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

import { raceAbort } from './timers.js';

interface Running<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  isSettled: boolean;
  users: number;
}

/**
 * Lets all who ask for the same thing at the same time share one request. Who gives up does not take it
 * from the others: it is aborted when the last has given up.
 */
export class SharedRequests<T> {
  readonly #running = new Map<string, Running<T>>();
  /** Those whose users are all through with them. */
  readonly #left = new Map<string, Running<T>>();

  /**
   * Joins the request of this key that is under way, or starts one.
   *
   * @returns what the request gives; otherwise as {@link use}
   */
  get(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return this.use(key, start, (result) => Promise.resolve(result), signal);
  }

  /**
   * Joins the request of this key that is under way, or starts one, and works on what it gives. Who asks
   * while others still work on it gets the same.
   *
   * @param start - makes the request; gives up when its signal aborts
   * @param use - works on the result, which others get too
   * @param signal - gives up for this user only
   * @returns what `use` gives; rejects with `signal.reason` after an abort
   */
  async use<R>(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    use: (result: T) => Promise<R>,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    signal?.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, start);
    running.users += 1;
    let hasLeft = false;
    const leave = (): void => {
      if (!hasLeft) {
        hasLeft = true;
        this.#leave(key, running, signal?.reason);
      }
    };
    try {
      // Left within the abort, not some promises later, when the request may have been sent.
      return await raceAbort(running.promise.then(use), signal, leave);
    } finally {
      leave();
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const running: Running<T> = { promise, controller, isSettled: false, users: 0 };
    this.#running.set(key, running);
    promise.then(
      () => {
        running.isSettled = true;
      },
      () => {
        // Those who asked have the error; who asks from now on tries again.
        running.isSettled = true;
        this.#forget(key, running);
      },
    );
    return running;
  }

  #leave(key: string, running: Running<T>, reason: unknown): void {
    running.users -= 1;
    if (running.users > 0) {
      return;
    }
    if (running.isSettled) {
      // What was made of the result is on its way to where others look for it first.
      if (this.#left.size === 0) {
        setTimeout(this.#forgetLeft);
      }
      this.#left.set(key, running);
    } else {
      this.#forget(key, running);
      running.controller.abort(reason);
    }
  }

  readonly #forgetLeft = (): void => {
    for (const [key, running] of this.#left) {
      if (running.users === 0) {
        this.#forget(key, running);
      }
    }
    this.#left.clear();
  };

  #forget(key: string, running: Running<T>): void {
    if (this.#running.get(key) === running) {
      this.#running.delete(key);
    }
  }
}

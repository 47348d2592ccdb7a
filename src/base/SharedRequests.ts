import { raceAbort } from './timers.js';

interface Running<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  isSettled: boolean;
  callers: number;
}

/**
 * Deduplicates concurrent requests by key. A caller that aborts only leaves; the request itself is aborted when
 * its last caller has left (reference count).
 */
export class SharedRequests<T> {
  readonly #running = new Map<string, Running<T>>();
  /** Settled requests without callers, which are forgotten with the next task of the event loop. */
  readonly #left = new Map<string, Running<T>>();

  /**
   * Joins the request of this key that is under way, or starts one.
   *
   * @returns the result of the request; otherwise as {@link use}
   */
  get(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return this.use(key, start, (result) => Promise.resolve(result), signal);
  }

  /**
   * Joins the request of this key that is under way, or starts one, and works on its result. A call while
   * other callers still work on the result gets the same one.
   *
   * @param start - makes the request, and ends it when its signal aborts
   * @param use - works on the result, which other callers get too
   * @param signal - ends this call only
   * @returns what `use` gives
   * @throws what the request or `use` rejects with, or `signal.reason` after an abort
   */
  async use<R>(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    use: (result: T) => Promise<R>,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    signal?.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, start);
    running.callers += 1;
    let hasLeft = false;
    const leave = (): void => {
      if (!hasLeft) {
        hasLeft = true;
        this.#leave(key, running, signal?.reason);
      }
    };
    try {
      // The caller leaves within the abort: some microtasks later the request may have been sent.
      return await raceAbort(running.promise.then(use), signal, leave);
    } finally {
      leave();
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const running: Running<T> = { promise, controller, isSettled: false, callers: 0 };
    this.#running.set(key, running);
    promise.then(
      () => {
        running.isSettled = true;
      },
      () => {
        // The callers have the error; the next call starts another request.
        running.isSettled = true;
        this.#forget(key, running);
      },
    );
    return running;
  }

  #leave(key: string, running: Running<T>, reason: unknown): void {
    running.callers -= 1;
    if (running.callers > 0) {
      return;
    }
    if (running.isSettled) {
      // What was made of the result is not yet where the next call looks for it first.
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
      if (running.callers === 0) {
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

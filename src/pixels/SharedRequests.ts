interface Running<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  consumers: number;
}

/**
 * Lets all who ask for the same thing at the same time share one request. Who gives up does not take it
 * from the others: it is aborted when the last has given up.
 */
export class SharedRequests<T> {
  readonly #running = new Map<string, Running<T>>();

  /**
   * Joins the request of this key that is under way, or starts one.
   *
   * @param start - makes the request; gives up when its signal aborts
   * @param signal - gives up for this consumer only
   * @returns what the request gives; rejects with `signal.reason` after an abort
   */
  async get(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    signal?.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, start);
    running.consumers += 1;
    let giveUp = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => {
        this.#leave(key, running, signal?.reason);
        reject(signal?.reason as Error);
      };
    });
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await Promise.race([running.promise, aborted]);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const promise = start(controller.signal).finally(() => {
      if (this.#running.get(key) === running) {
        this.#running.delete(key);
      }
    });
    const running: Running<T> = { promise, controller, consumers: 0 };
    // Those who ask for it get the error; when all have given up nobody is left.
    promise.catch(() => undefined);
    this.#running.set(key, running);
    return running;
  }

  #leave(key: string, running: Running<T>, reason: unknown): void {
    running.consumers -= 1;
    if (running.consumers === 0) {
      if (this.#running.get(key) === running) {
        this.#running.delete(key);
      }
      running.controller.abort(reason);
    }
  }
}

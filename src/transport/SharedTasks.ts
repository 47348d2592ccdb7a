interface SharedTask<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Work that several callers ask for at the same time and that is done once for all of them. */
export class SharedTasks<T> {
  readonly #tasks = new Map<string, SharedTask<T>>();

  /**
   * Starts the work of a key, or joins it when it is under way. It is aborted only when all who wait
   * for it have given up.
   *
   * @throws `signal.reason` after an abort
   */
  async run(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    signal?.throwIfAborted();
    const task = this.#tasks.get(key) ?? this.#start(key, start);
    task.waiting += 1;
    let giveUp = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      giveUp = () => {
        reject(signal?.reason as Error);
      };
    });
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await Promise.race([task.promise, aborted]);
    } finally {
      signal?.removeEventListener('abort', giveUp);
      task.waiting -= 1;
      if (task.waiting === 0 && this.#tasks.get(key) === task) {
        this.#tasks.delete(key);
        task.controller.abort(signal?.reason);
      }
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): SharedTask<T> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const task = { promise, controller, waiting: 0 };
    this.#tasks.set(key, task);
    const end = (): void => {
      if (this.#tasks.get(key) === task) {
        this.#tasks.delete(key);
      }
    };
    promise.then(end, end);
    return task;
  }
}

/** Resolves after some milliseconds; rejects with `signal.reason` as soon as the signal aborts. */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Runs a function after some milliseconds and returns what takes that back. */
export type Timer = (run: () => void, milliseconds: number) => () => void;

/** The timer of the page, or of the worker that it runs in. */
export const browserTimer: Timer = (run, milliseconds) => {
  const handle = setTimeout(run, milliseconds);
  return () => {
    clearTimeout(handle);
  };
};

/**
 * Waits for a promise, unless a signal aborts before. What the promise is about goes on then.
 *
 * @param onAbort - ends what the promise is about
 * @returns what the promise gives; rejects with `signal.reason` after an abort
 */
export async function raceAbort<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => void = () => undefined,
): Promise<T> {
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => {
      onAbort();
      reject(signal?.reason as Error);
    };
  });
  if (signal?.aborted) {
    giveUp();
  }
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

interface Started {
  readonly dueAt: number;
  readonly onOver: () => void;
}

/** A time that things may take. However many there are at once, the browser has one timer for them. */
export class TimeLimit {
  /** In ms. */
  readonly duration: number;
  readonly #now: () => number;
  /** What is due first comes first, as all may take the same time. */
  readonly #started = new Set<Started>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param now - a clock in ms */
  constructor(duration: number, now: () => number = () => performance.now()) {
    this.duration = duration;
    this.#now = now;
  }

  /**
   * Says that something begins.
   *
   * @param onOver - called when it has not ended in time
   * @returns to be called at its end
   */
  start(onOver: () => void): () => void {
    const started = { dueAt: this.#now() + this.duration, onOver };
    this.#started.add(started);
    this.#timer ??= setTimeout(this.#look, this.duration);
    return () => {
      this.#started.delete(started);
      if (this.#started.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    };
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    for (const started of this.#started) {
      const remainingMs = started.dueAt - this.#now();
      if (remainingMs > 0) {
        this.#timer = setTimeout(this.#look, remainingMs);
        return;
      }
      this.#started.delete(started);
      started.onOver();
    }
  };
}

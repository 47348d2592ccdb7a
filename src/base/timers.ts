/** Longest delay that `setTimeout` keeps: longer ones overflow 32 bits and fire at once. Nearly 25 days. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A delay that `setTimeout` keeps; endless ones become the longest. */
function clampDelay(milliseconds: number): number {
  return Math.min(milliseconds, MAX_DELAY_MS);
}

/**
 * Resolves after a delay; rejects with `signal.reason` as soon as the signal aborts.
 *
 * @param milliseconds - at most 2^31 - 1; longer delays are shortened to that
 */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(handle);
      reject(signal?.reason as Error);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, clampDelay(milliseconds));
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Resolves in a later task of this thread, behind the events that wait for it. It is a message, not a timer: browsers
 * delay the timers of a page in the background by up to a minute.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/** Runs a function after a delay in ms, and returns what cancels that. */
export type Timer = (run: () => void, milliseconds: number) => () => void;

/** The timer of the page or of the worker; delays beyond 2^31 - 1 ms are shortened to that. */
export const browserTimer: Timer = (run, milliseconds) => {
  const handle = setTimeout(run, clampDelay(milliseconds));
  return () => {
    clearTimeout(handle);
  };
};

/** A clock and a timer, both in milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly timer: Timer;
}

/** Those of the page or of the worker. */
export const browserClock: Clock = { now: () => performance.now(), timer: browserTimer };

/**
 * Settles with a promise, or rejects when a signal aborts first. The abort does not end the work behind the
 * promise, unless `onAbort` does.
 *
 * @param onAbort - called within the abort, before the rejection
 * @throws what the promise rejects with, or `signal.reason` after an abort
 */
export async function raceAbort<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => void = () => undefined,
): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      onAbort();
      reject(signal?.reason as Error);
    };
  });
  if (signal?.aborted) {
    stop();
  }
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

interface Started {
  readonly dueAt: number;
  readonly onOver: () => void;
}

/** A time limit for many concurrent tasks, which share one timer of the browser. */
export class TimeLimit {
  readonly #durationMs: number;
  readonly #now: () => number;
  /** In the order of the starts, which is that of the ends: all tasks have the same duration. */
  readonly #started = new Set<Started>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param durationMs - any number from 0 is kept, however long
   * @param now - a clock in ms
   */
  constructor(durationMs: number, now: () => number = () => performance.now()) {
    this.#durationMs = durationMs;
    this.#now = now;
  }

  /**
   * Runs a task and aborts it when its time is over. The promise does not wait for a task that ignores its signal.
   *
   * @param task - its signal aborts when its time is over, and when `signal` does
   * @param timeoutError - makes the reason of that abort
   * @throws what the task rejects with, the reason of the time limit, or `signal.reason` after an abort
   */
  async run<T>(
    task: (signal: AbortSignal) => Promise<T>,
    timeoutError: (limitMs: number) => Error,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const onAbort = (): void => {
      controller.abort(signal?.reason);
    };
    const started = {
      dueAt: this.#now() + this.#durationMs,
      onOver: (): void => {
        controller.abort(timeoutError(this.#durationMs));
      },
    };
    this.#started.add(started);
    this.#timer ??= setTimeout(this.#look, clampDelay(this.#durationMs));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await raceAbort(task(controller.signal), controller.signal);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#started.delete(started);
      if (this.#started.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    for (const started of this.#started) {
      const remainingMs = started.dueAt - this.#now();
      if (remainingMs > 0) {
        this.#timer = setTimeout(this.#look, clampDelay(remainingMs));
        return;
      }
      this.#started.delete(started);
      started.onOver();
    }
  };
}

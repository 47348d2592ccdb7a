import { StreamingVolumeError } from '../errors.js';
import { retryDelay } from '../frames/retryDelay.js';
import type { RetryPolicy } from '../frames/retryDelay.js';
import { wait } from '../frames/wait.js';
import { isTransientError } from '../pixels/isTransientError.js';
import { toFrameError } from './toFrameError.js';

/** How long a frame may take, and how often it is tried. */
export interface AttemptPolicy {
  readonly retry: RetryPolicy;
  /** Longest time of one try in ms. */
  readonly timeoutMs: number;
}

/** A frame that could not be loaded, after so many tries. */
export interface FrameFailure {
  readonly error: StreamingVolumeError;
  readonly attempts: number;
}

/**
 * Tries a frame until it is there: passing faults are waited out, others end it at once.
 *
 * @param attempt - one try; gives up when its signal aborts
 * @param signal - ends the tries and the waits between them
 * @returns undefined when a try succeeded, and the last error when none did
 * @throws `signal.reason` after an abort
 */
export async function attemptFrame(
  imageId: string,
  attempt: (signal: AbortSignal) => Promise<void>,
  { retry, timeoutMs }: AttemptPolicy,
  signal: AbortSignal | undefined,
): Promise<FrameFailure | undefined> {
  for (let attempts = 1; ; attempts++) {
    try {
      await withTimeout(imageId, attempt, timeoutMs, signal);
      return undefined;
    } catch (cause) {
      signal?.throwIfAborted();
      const error = toFrameError(cause, imageId);
      if (attempts > retry.retries || !isTransientError(error)) {
        return { error, attempts };
      }
      await wait(retryDelay(attempts, retry, error.retryAfterMs, Math.random()), signal);
    }
  }
}

/** Ends a try that hangs, also when the loader does not listen to its signal. */
async function withTimeout(
  imageId: string,
  attempt: (signal: AbortSignal) => Promise<void>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const controller = new AbortController();
  const end = (): void => {
    controller.abort(signal?.reason);
  };
  const timer = setTimeout(() => {
    controller.abort(
      new StreamingVolumeError('frame-timeout', `A frame took over ${timeoutMs} ms (${imageId})`, {
        imageIds: [imageId],
      }),
    );
  }, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => {
      reject(controller.signal.reason as Error);
    });
  });
  try {
    await Promise.race([attempt(controller.signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

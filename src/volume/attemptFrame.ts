import { StreamingVolumeError } from '../errors.js';
import { retryDelay } from '../frames/retryDelay.js';
import type { RetryPolicy } from '../frames/retryDelay.js';
import type { TimeLimit } from '../frames/TimeLimit.js';
import { wait } from '../frames/wait.js';
import { isTransientError } from '../pixels/isTransientError.js';
import { unlessAborted } from '../transport/unlessAborted.js';
import { toFrameError } from './toFrameError.js';

/** How long a frame may take, and how often it is tried. */
export interface AttemptPolicy {
  readonly retry: RetryPolicy;
  /** Of one try. */
  readonly timeLimit: TimeLimit;
}

/** A frame that could not be loaded, after so many tries. */
export interface FrameFailure {
  readonly error: StreamingVolumeError;
  readonly attempts: number;
}

/** How the tries of a frame have ended: with the quality of its pixels, or without any. */
export type FilledFrame =
  { readonly quality: number; readonly failure?: undefined } | { readonly failure: FrameFailure };

/**
 * Tries a frame until it is there: passing faults are waited out, others end it at once.
 *
 * @param attempt - one try, which gives the quality of the pixels; gives up when its signal aborts
 * @param signal - ends the tries and the waits between them
 * @returns the quality when a try succeeded, and the last error when none did
 * @throws `signal.reason` after an abort
 */
export async function attemptFrame(
  imageId: string,
  attempt: (signal: AbortSignal) => Promise<number>,
  { retry, timeLimit }: AttemptPolicy,
  signal: AbortSignal | undefined,
): Promise<FilledFrame> {
  for (let attempts = 1; ; attempts++) {
    try {
      return { quality: await inTime(imageId, attempt, timeLimit, signal) };
    } catch (cause) {
      signal?.throwIfAborted();
      const error = toFrameError(cause, imageId);
      if (attempts > retry.retries || !isTransientError(error)) {
        return { failure: { error, attempts } };
      }
      await wait(retryDelay(attempts, retry, error.retryAfterMs, Math.random()), signal);
    }
  }
}

/** Ends a try that hangs, also when the loader does not listen to its signal. */
async function inTime(
  imageId: string,
  attempt: (signal: AbortSignal) => Promise<number>,
  timeLimit: TimeLimit,
  signal: AbortSignal | undefined,
): Promise<number> {
  const controller = new AbortController();
  const giveUp = (): void => {
    controller.abort(signal?.reason);
  };
  const end = timeLimit.start(() => {
    const message = `A frame took over ${timeLimit.duration} ms (${imageId})`;
    controller.abort(new StreamingVolumeError('frame-timeout', message, { imageIds: [imageId] }));
  });
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await unlessAborted(attempt(controller.signal), controller.signal);
  } finally {
    end();
    signal?.removeEventListener('abort', giveUp);
  }
}

import { StreamingVolumeError } from '../../base/errors.js';
import type { AuthorizationGate, GatePass } from './AuthorizationGate.js';
import { retryDelay } from './retryDelay.js';
import type { RetryPolicy } from './retryDelay.js';
import type { TimeLimit } from './TimeLimit.js';
import { wait } from '../../base/wait.js';
import { isTransientError } from './isTransientError.js';
import { unlessAborted } from '../../base/unlessAborted.js';
import { toFrameError } from './toFrameError.js';

/** How long a frame may take, and how often it is tried. */
export interface AttemptPolicy {
  readonly retry: RetryPolicy;
  /** Of one try. */
  readonly timeLimit: TimeLimit;
  /** Of all frames of the volume. */
  readonly authorization: AuthorizationGate;
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
 * Tries a frame until it is there: passing faults are waited out, others end it at once. A try that is
 * refused for want of authorization is made again when the gate lets it through.
 *
 * @param attempt - one try, which gives the quality of the pixels; gives up when its signal aborts
 * @param signal - ends the tries and the waits between them
 * @returns the quality when a try succeeded, and the last error when none did
 * @throws `signal.reason` after an abort
 */
export async function attemptFrame(
  imageId: string,
  attempt: (signal: AbortSignal) => Promise<number>,
  { retry, timeLimit, authorization }: AttemptPolicy,
  signal: AbortSignal | undefined,
): Promise<FilledFrame> {
  let refusal: StreamingVolumeError | undefined;
  let refusals = 0;
  let faults = 0;
  for (let attempts = 1; ; attempts++) {
    let pass: GatePass;
    try {
      const entered = authorization.enter(imageId, refusals, signal);
      // Nothing is awaited where nothing was refused: the first requests leave with the call.
      pass = entered instanceof Promise ? await entered : entered;
    } catch (cause) {
      signal?.throwIfAborted();
      return {
        failure: { error: refusal ?? toFrameError(cause, imageId), attempts: attempts - 1 },
      };
    }
    try {
      const quality = await inTime(imageId, attempt, timeLimit, signal);
      pass.accept();
      return { quality };
    } catch (cause) {
      if (signal?.aborted) {
        pass.leave();
        throw signal.reason;
      }
      const error = toFrameError(cause, imageId);
      if (error.status === UNAUTHORIZED) {
        pass.refuse();
        refusal = error;
        refusals += 1;
        if (refusals > retry.retries) {
          return { failure: { error, attempts } };
        }
        continue;
      }
      pass.accept();
      faults += 1;
      if (faults > retry.retries || !isTransientError(error)) {
        return { failure: { error, attempts } };
      }
      await wait(retryDelay(faults, retry, error.retryAfterMs, Math.random()), signal);
    }
  }
}

/** RFC 9110 15.5.2. */
const UNAUTHORIZED = 401;

/** Ends a try that hangs, also when the loader does not listen to its signal. */
async function inTime(
  imageId: string,
  attempt: (signal: AbortSignal) => Promise<number>,
  timeLimit: TimeLimit,
  signal: AbortSignal | undefined,
): Promise<number> {
  signal?.throwIfAborted();
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

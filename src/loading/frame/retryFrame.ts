import { isStreamingVolumeError, StreamingVolumeError } from '../../base/errors.js';
import { wait } from '../../base/timers.js';
import type { TimeLimit } from '../../base/timers.js';
import { isTransientStatus, retryDelay } from '../../base/transport/retryPolicy.js';
import type { RetryPolicy } from '../../base/transport/retryPolicy.js';
import { DecoderHung } from '../../pixels/worker/hungDecoder.js';
import type { AuthorizationGate, GatePass } from './AuthorizationGate.js';

/** How long a frame may take, and how often it is tried. */
export interface AttemptPolicy {
  readonly retry: RetryPolicy;
  /** Of one try of a frame. */
  readonly timeLimit: TimeLimit;
  /** Shared by all frames of the volume. */
  readonly authorization: AuthorizationGate;
}

/** A frame that could not be loaded. */
export interface FrameFailure {
  /** The error of the last try. */
  readonly error: StreamingVolumeError;
  /** Number of tries. */
  readonly attempts: number;
}

/** How the tries of a frame have ended: with the quality of its pixels, or without any. */
export type FilledFrame =
  | { readonly quality: number; readonly failure?: undefined }
  | { readonly quality?: undefined; readonly failure: FrameFailure };

/**
 * Tries a frame until it is loaded: after a transient error it is tried again (exponential backoff), other errors
 * end it at once. A try that the server has refused for lack of authorization is repeated when the gate lets it
 * through.
 *
 * @param attempt - one try, which resolves with the quality of the pixels; ends when its signal aborts
 * @param signal - ends the tries and the waits between them
 * @returns the quality when a try succeeded, and the last error when none did
 * @throws `signal.reason` after an abort
 */
export async function retryFrame(
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
      // Nothing is awaited where nothing was refused: the first requests leave with the call of load().
      pass = entered instanceof Promise ? await entered : entered;
    } catch (cause) {
      signal?.throwIfAborted();
      return {
        failure: { error: refusal ?? toFrameError(cause, imageId), attempts: attempts - 1 },
      };
    }
    try {
      const quality = await timeLimit.run(attempt, timeoutError(imageId), signal);
      pass.accept();
      return { quality };
    } catch (cause) {
      if (signal?.aborted) {
        pass.leave();
        throw signal.reason;
      }
      const error = toFrameError(cause, imageId);
      if (error.status === UNAUTHORIZED) {
        pass.refuse(imageId);
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

/** Makes the error of a frame that was not there in time. */
export function timeoutError(imageId: string): (limitMs: number) => StreamingVolumeError {
  return (limitMs) =>
    new StreamingVolumeError(
      'frame-timeout',
      `A frame took over ${limitMs} ms (${imageId}). ` +
        'Where the server needs longer, raise the option frameTimeoutMs',
      { imageIds: [imageId] },
    );
}

/** RFC 9110 15.5.2. */
const UNAUTHORIZED = 401;

/** What browsers say when `fetch`, which loaders of applications use, finds no network. */
const FETCH_FAILURE = /failed to fetch|networkerror|load failed/i;

/**
 * Whether the same request may succeed later: the network failed, the server was busy or took too long.
 * A refusal of the server, a response that is not the frame, and a frame that a decoder does not return from are final.
 */
function isTransientError({ code, status, cause }: StreamingVolumeError): boolean {
  if (code === 'frame-timeout' || code === 'script-fetch') {
    return !(cause instanceof DecoderHung);
  }
  if (code !== 'frame-fetch') {
    return false;
  }
  if (status !== undefined) {
    return isTransientStatus(status);
  }
  return cause instanceof TypeError && FETCH_FAILURE.test(cause.message);
}

/**
 * Makes an error of this package, of code `frame-fetch`, from the reason of an image loader's rejection. Loaders
 * reject with an Error, an XMLHttpRequest, `{ error }`, a string and more.
 */
export function toFrameError(cause: unknown, imageId: string): StreamingVolumeError {
  if (isStreamingVolumeError(cause)) {
    return cause;
  }
  const inner = (cause as { error?: unknown } | null)?.error ?? cause;
  const status = (inner as { status?: unknown } | null)?.status;
  const why = inner instanceof Error ? inner.message : `${typeof inner} thrown by the image loader`;
  return new StreamingVolumeError(
    'frame-fetch',
    `A frame could not be loaded: ${why} (${imageId})`,
    {
      imageIds: [imageId],
      status: typeof status === 'number' ? status : undefined,
      cause: inner,
    },
  );
}

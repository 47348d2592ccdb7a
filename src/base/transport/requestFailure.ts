import { parseRetryAfter } from './retryAfter.js';

/** Why a request failed, in fields of an error. */
export interface RequestFailure {
  /** The end of a sentence: `failed with HTTP status 404`. */
  readonly what: string;
  /** HTTP status, 0 where no response came, undefined where the request was not sent. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** @param cause - what `request` has rejected with */
export function requestFailure(cause: unknown): RequestFailure {
  const found = (cause as { status?: unknown } | null)?.status;
  const status = typeof found === 'number' ? found : undefined;
  const retryAfter =
    cause instanceof XMLHttpRequest && cause.readyState >= XMLHttpRequest.HEADERS_RECEIVED
      ? cause.getResponseHeader('Retry-After')
      : null;
  return describeFailure(status, retryAfter, cause);
}

/**
 * @param status - HTTP status, 0 where no response came, undefined where the request was not sent
 * @param retryAfter - the response's `Retry-After` header
 */
export function describeFailure(
  status: number | undefined,
  retryAfter: string | null,
  cause: unknown,
): RequestFailure {
  const what =
    cause instanceof Error
      ? `failed: ${cause.message}`
      : status === undefined
        ? 'failed'
        : status === 0
          ? 'failed: no response'
          : `failed with HTTP status ${status}`;
  return { what, status, retryAfterMs: parseRetryAfter(retryAfter, Date.now()) };
}

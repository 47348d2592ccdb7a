/** How often and how soon a request is tried again after a transient failure. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly retries: number;
  /** Backoff before the first of them in ms; it doubles each time. */
  readonly delayMs: number;
  /** Longest backoff in ms, also for a server that asks for more. */
  readonly maxDelayMs: number;
}

/** Options of requests of headers, lists and metadata; frames have those of `VolumeOptions`. */
export interface RetryOptions {
  /** Tries of a request after the first, when the network fails or the server is busy. Default 3. */
  readonly retries?: number | undefined;
  /** Backoff before the first of them in ms; it doubles each time. Default 500. */
  readonly retryDelayMs?: number | undefined;
  /** Longest backoff in ms, also for a server that asks for more. Default 30000. */
  readonly maxRetryDelayMs?: number | undefined;
  /** Longest time in ms in which nothing of a response arrives, before a try is aborted. Default 60000. */
  readonly timeoutMs?: number | undefined;
}

/** Options of requests that are tried again, and of what ends them. */
export interface RequestOptions extends RetryOptions {
  /** Aborts the request, and the backoff before the next try. */
  readonly signal?: AbortSignal | undefined;
}

/** The policy of options, with their defaults. */
export function retryPolicyOf(options: RetryOptions): RetryPolicy {
  const { retries = 3, retryDelayMs = 500, maxRetryDelayMs = 30_000 } = options;
  return { retries, delayMs: retryDelayMs, maxDelayMs: maxRetryDelayMs };
}

/** @throws TypeError that names the option, what it expects and what it got */
export function checkRetryOptions(options: RetryOptions): void {
  for (const name of ['retries', 'retryDelayMs', 'maxRetryDelayMs', 'timeoutMs'] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0)) {
      throw new TypeError(`Expected ${name} to be a number from 0, got ${String(value)}`);
    }
  }
}

/**
 * The backoff before the next try: doubled each time, with jitter over its second half, so that requests
 * that failed together are not repeated together.
 *
 * @param attempt - number of tries so far, from 1
 * @param retryAfterMs - what the server asked for, which counts instead
 * @param random - from 0 up to 1
 * @returns milliseconds
 */
export function retryDelay(
  attempt: number,
  { delayMs, maxDelayMs }: RetryPolicy,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const doubled = delayMs * 2 ** (attempt - 1);
  const waitMs = retryAfterMs ?? doubled * (0.5 + random / 2);
  return Math.min(waitMs, maxDelayMs);
}

/**
 * Request Timeout, Too Early and Too Many Requests (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4); 0 is no
 * response.
 */
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([0, 408, 425, 429]);

/** Not Implemented and HTTP Version Not Supported (RFC 9110 15.6.2, 15.6.6) stay as they are. */
const LASTING_SERVER_ERRORS: ReadonlySet<number> = new Set([501, 505]);

/** Whether the same request may succeed later: the network failed, or the server was busy or broken. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUS.has(status) || (status >= 500 && !LASTING_SERVER_ERRORS.has(status));
}

/**
 * The delay that a `Retry-After` header asks for (RFC 9110 10.2.3): seconds or a date.
 *
 * @param now - current time in ms since 1970
 * @returns milliseconds from 0, or undefined for a header that is missing or malformed
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** How often and how soon a frame is tried again after a passing fault. */
export interface RetryPolicy {
  /** Tries after the first one. */
  readonly retries: number;
  /** Wait before the first of them, in ms; it doubles each time. */
  readonly delayMs: number;
  /** Longest wait in ms, also for a server that asks for more. */
  readonly maxDelayMs: number;
}

/**
 * How long to wait before the next try: doubled each time, and half of it at random, so that frames
 * that failed together do not come back together.
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
  const wait = retryAfterMs ?? doubled * (0.5 + random / 2);
  return Math.min(wait, maxDelayMs);
}

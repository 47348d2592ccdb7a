/**
 * Waits for a promise, unless a signal aborts before. What the promise is about goes on then.
 *
 * @param onAbort - ends what the promise is about
 * @returns what the promise gives; rejects with `signal.reason` after an abort
 */
export async function unlessAborted<T>(
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

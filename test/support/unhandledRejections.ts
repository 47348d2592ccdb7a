/** Collects unhandled rejections, which would fail the spec, until they are read. */
export function collectUnhandledRejections(): () => Promise<unknown[]> {
  const reasons: unknown[] = [];
  const listener = (event: PromiseRejectionEvent): void => {
    reasons.push(event.reason);
    event.preventDefault();
  };
  window.addEventListener('unhandledrejection', listener);
  return async () => {
    // The browser reports them in a later task than the rejection.
    for (let task = 0; task < 3; task++) {
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
    }
    window.removeEventListener('unhandledrejection', listener);
    return reasons;
  };
}

/** Keeps the rejections that nobody handles from failing the spec, until they are asked for. */
export function collectUnhandledRejections(): () => Promise<unknown[]> {
  const reasons: unknown[] = [];
  const listener = (event: PromiseRejectionEvent): void => {
    reasons.push(event.reason);
    event.preventDefault();
  };
  window.addEventListener('unhandledrejection', listener);
  return async () => {
    // They are reported in a task after that of the rejection.
    for (let task = 0; task < 3; task++) {
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
    }
    window.removeEventListener('unhandledrejection', listener);
    return reasons;
  };
}

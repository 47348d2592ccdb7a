/**
 * Calls a function of the application. An error that it throws is reported as an uncaught one (the page's
 * `error` event and the console), and does not reach the caller: what an application does on being told of
 * something must not change what it is told of.
 *
 * @returns what the function returned; undefined where it threw
 */
export function callApplication<A extends readonly unknown[], R>(
  call: (...args: A) => R,
  ...args: A
): R | undefined {
  try {
    return call(...args);
  } catch (error) {
    reportUncaught(error);
    return undefined;
  }
}

/** Node and jsdom have no `reportError`. */
function reportUncaught(error: unknown): void {
  if (typeof reportError === 'function') {
    reportError(error);
  } else {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** The time that some work takes, by the clock of the browser, which never goes back. */
export async function timed(work: () => Promise<unknown>): Promise<{ readonly ms: number }> {
  const start = performance.now();
  await work();
  return { ms: performance.now() - start };
}

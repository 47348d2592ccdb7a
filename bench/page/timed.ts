/** The duration of work, by the monotonic clock of the browser. */
export async function timed(work: () => Promise<unknown>): Promise<{ readonly ms: number }> {
  const start = performance.now();
  await work();
  return { ms: performance.now() - start };
}

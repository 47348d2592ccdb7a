/** Waits until a condition holds; the time limit is that of the spec. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  }
}

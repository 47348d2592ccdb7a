/** What objects of vtk.js tell of their modifications. */
export interface Modifiable {
  readonly modified: () => void;
  /** The counter's value at the last modification. */
  readonly getMTime: () => number;
}

/**
 * Whether two objects take their modification times from one counter, so that the later modification
 * of either has the larger time. Modifies both.
 */
export function sharesModificationCounter(a: Modifiable, b: Modifiable): boolean {
  const times = [a, b, a].map((object) => {
    object.modified();
    return object.getMTime();
  });
  // Two whole numbers of a's own counter that follow each other have no room for one of b's.
  return times.every((time, i) => i === 0 || time > (times[i - 1] as number));
}

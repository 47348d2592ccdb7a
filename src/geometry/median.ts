/**
 * The lower median: of an even number of values the smaller middle one, so that the answer is
 * always one of the values and never a mean of two kinds.
 *
 * @param values - at least one; not changed
 */
export function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[(sorted.length - 1) >> 1];
  if (middle === undefined) {
    throw new TypeError('Expected at least one value, got none');
  }
  return middle;
}

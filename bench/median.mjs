/**
 * The value in the middle, or the mean of the two there.
 *
 * @param {ReadonlyArray<number | null>} values those that are null are left out
 * @returns {number | null} null when nothing is left
 */
export function median(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  return above === undefined || below === undefined ? null : (below + above) / 2;
}

/**
 * The value in the middle, or the mean of the two in the middle.
 *
 * @param {ReadonlyArray<number | null>} values null values are ignored
 * @returns {number | null} null without a value
 */
export function median(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  return above === undefined || below === undefined ? null : (below + above) / 2;
}

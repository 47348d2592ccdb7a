/** `1 frame`, `2 frames`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `5.000` or, where the two differ in what is written, `4.900 to 5.100`. */
export function fromTo(values: readonly number[], digits: number): string {
  const low = Math.min(...values).toFixed(digits);
  const high = Math.max(...values).toFixed(digits);
  return low === high ? low : `${low} to ${high}`;
}

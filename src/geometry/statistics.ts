/**
 * The lower median: of an even number of values the smaller middle one, so that the result is always one of the
 * values.
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

/**
 * Groups items that are alike.
 *
 * @param isAlike - compares an item with the first of a group
 * @returns the groups, largest first; of equally large ones the one that began first
 */
export function groupAlike<T>(items: readonly T[], isAlike: (a: T, b: T) => boolean): T[][] {
  const groups: { first: T; members: T[] }[] = [];
  for (const item of items) {
    const group = groups.find(({ first }) => isAlike(first, item));
    if (group) {
      group.members.push(item);
    } else {
      groups.push({ first: item, members: [item] });
    }
  }
  return groups.map(({ members }) => members).sort((a, b) => b.length - a.length);
}

/** The tuple that most tuples share, and the tuples that differ. */
export interface NumericMajority {
  /** Component by component the median of the largest group; empty when there were no tuples. */
  readonly reference: readonly number[];
  /** Indices into the tuples, ascending. */
  readonly minority: readonly number[];
}

/**
 * Finds the value that most tuples share within a tolerance.
 *
 * The result does not depend on the order: tuples are grouped by twice the tolerance, and the distance from the
 * median of the largest group decides.
 *
 * @param isClose - tells whether two tuples are within `slack` tolerances of each other; must say
 *   no for NaN
 */
export function numericMajority(
  tuples: readonly (readonly number[])[],
  isClose: (a: readonly number[], b: readonly number[], slack: number) => boolean,
): NumericMajority {
  const largest = groupAlike(tuples, (a, b) => isClose(a, b, 2))[0] ?? [];
  const reference = (largest[0] ?? []).map((_, component) =>
    lowerMedian(largest.map((tuple) => tuple[component] ?? Number.NaN)),
  );
  const minority: number[] = [];
  tuples.forEach((tuple, index) => {
    if (!isClose(reference, tuple, 1)) {
      minority.push(index);
    }
  });
  return { reference, minority };
}

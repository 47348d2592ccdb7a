import type { ValueRange } from './types.js';

/** Every value that the bits stored allow, with a sign or without (PS3.3 C.7.6.3). */
export function storedLimits({
  bitsStored,
  isSigned,
}: {
  readonly bitsStored: number;
  readonly isSigned: boolean;
}): ValueRange {
  const count = 2 ** bitsStored;
  return isSigned ? { min: -count / 2, max: count / 2 - 1 } : { min: 0, max: count - 1 };
}

/** Whether a range reaches beyond another one on neither side. */
export function isWithin({ min, max }: ValueRange, limits: ValueRange): boolean {
  return min >= limits.min && max <= limits.max;
}

/** The smallest range that has both in it. */
export function mergeRanges(
  a: ValueRange | undefined,
  b: ValueRange | undefined,
): ValueRange | undefined {
  return a && b ? { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) } : (a ?? b);
}

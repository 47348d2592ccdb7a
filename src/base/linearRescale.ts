import type { LinearRescale, ValueRange } from './types.js';

/** Leaves every value as it is. */
export const IDENTITY_RESCALE: LinearRescale = { slope: 1, intercept: 0 };

/** Whether a rescale leaves every value as it is. */
export function isIdentityRescale({ slope, intercept }: LinearRescale): boolean {
  return slope === IDENTITY_RESCALE.slope && intercept === IDENTITY_RESCALE.intercept;
}

/** Whether a rescale makes whole numbers of whole numbers. */
export function isIntegerRescale({ slope, intercept }: LinearRescale): boolean {
  return Number.isInteger(slope) && Number.isInteger(intercept);
}

/** The smallest and largest value after a rescale, whose slope may be negative. */
export function rescaleRange(
  { min, max }: ValueRange,
  { slope, intercept }: LinearRescale,
): ValueRange {
  const [a, b] = [min * slope + intercept, max * slope + intercept];
  return { min: Math.min(a, b), max: Math.max(a, b) };
}

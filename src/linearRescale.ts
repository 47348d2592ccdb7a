import type { LinearRescale } from './types.js';

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

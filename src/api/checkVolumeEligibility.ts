import { assessImageIds } from './assessImageIds.js';
import type { Eligibility } from '../base/eligibilityReason.js';
import type { GeometryTolerance } from '../geometry/geometryTolerance.js';

/** Options of the functions that judge imageIds. */
export interface EligibilityOptions {
  /** Limits to replace; each has a default that is stated there. */
  readonly tolerance?: Partial<GeometryTolerance>;
}

/**
 * Tells whether imageIds form a volume, from their metadata in Cornerstone's providers alone.
 *
 * @param imageIds - in any order; the array is not changed
 * @returns every reason why not, each with the imageIds concerned, and warnings of what makes a volume
 *   approximate
 * @throws TypeError for a wrong tolerance
 */
export function checkVolumeEligibility(
  imageIds: readonly string[],
  { tolerance }: EligibilityOptions = {},
): Eligibility {
  const { reasons, stack } = assessImageIds(imageIds, tolerance);
  return { eligible: reasons.every(({ severity }) => severity === 'warning'), reasons, stack };
}

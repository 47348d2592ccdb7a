import { assessImageIds } from './assessImageIds.js';
import type { Eligibility } from './geometry/eligibilityReason.js';

/**
 * Tells whether imageIds form a volume, from their metadata in Cornerstone's providers alone.
 *
 * @param imageIds - in any order; the array is not changed
 * @returns every reason why not, each with the imageIds concerned
 */
export function checkVolumeEligibility(imageIds: readonly string[]): Eligibility {
  const { reasons } = assessImageIds(imageIds);
  return { eligible: reasons.length === 0, reasons };
}

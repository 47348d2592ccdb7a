import type { Eligibility, EligibilityReason, StackMeasures } from '../base/eligibilityReason.js';
import type { FrameMetadata } from '../base/types.js';
import { checkFrames } from '../geometry/eligibility/checkFrames.js';
import { describeCopies, withoutCopies } from '../geometry/eligibility/duplicatePositions.js';
import type { GeometryTolerance } from '../geometry/geometryTolerance.js';
import { readFrameMetadata } from '../headers/readFrameMetadata.js';
import { createSplitValueReader } from '../headers/readSplitValue.js';

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

/** What the headers of imageIds amount to. */
export interface Assessment {
  /** In the order of the imageIds; those without complete headers and copies are left out. */
  readonly frames: readonly FrameMetadata[];
  /** Other addresses of what is in {@link frames}. */
  readonly copies: readonly string[];
  /** Why the imageIds are not a volume; only warnings when they are. */
  readonly reasons: readonly EligibilityReason[];
  readonly stack: StackMeasures | undefined;
}

/**
 * Reads the headers of imageIds once, and finds every reason why they are not a volume.
 *
 * @throws TypeError for a wrong tolerance
 */
export function assessImageIds(
  imageIds: readonly string[],
  tolerance?: Partial<GeometryTolerance>,
): Assessment {
  const { frames: all, missing } = readFrameMetadata(imageIds);
  const read = createSplitValueReader();
  const distinct = withoutCopies(all, read);
  const { frames } = distinct;
  const { reasons, stack } = checkFrames(frames, tolerance, read);
  const copies = describeCopies(distinct.copies);
  const taken = new Set(frames.map(({ imageId }) => imageId));
  const found = copies ? [...reasons, copies] : reasons;
  // What is wrong with the frames that can be read is said too, unless too few are left to tell.
  const isUnreadable = missing.length > 0 && frames.length < 2;
  return {
    frames,
    copies: (copies?.imageIds ?? []).filter((imageId) => !taken.has(imageId)),
    reasons: isUnreadable ? missing : [...missing, ...found],
    stack,
  };
}

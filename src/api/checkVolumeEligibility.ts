import type { Eligibility, EligibilityReason, StackMeasures } from '../base/eligibilityReason.js';
import type { FrameMetadata } from '../base/types.js';
import { checkFrames } from '../geometry/eligibility/checkFrames.js';
import { describeCopies, withoutCopies } from '../geometry/eligibility/duplicatePositions.js';
import type { ToleranceOptions } from '../geometry/geometryTolerance.js';
import { readFrameMetadata } from '../headers/readFrameMetadata.js';
import type { FrameMetadataReading } from '../headers/readFrameMetadata.js';
import { createSplitValueReader } from '../headers/readSplitValue.js';

/** Options of the functions that judge imageIds. */
export interface EligibilityOptions {
  /** Limits that replace the defaults of `DEFAULT_GEOMETRY_TOLERANCE`. */
  readonly tolerance?: ToleranceOptions | undefined;
}

/**
 * Tells whether imageIds form a volume, by their metadata in Cornerstone's providers. It makes no request.
 *
 * @param imageIds - in any order; the array is not changed
 * @returns every reason against a volume, each with the imageIds concerned, and a warning for whatever makes the
 *   volume approximate
 * @throws TypeError for a wrong tolerance
 */
export function checkVolumeEligibility(
  imageIds: readonly string[],
  { tolerance }: EligibilityOptions = {},
): Eligibility {
  const { reasons, stack } = assess(readFrameMetadata(imageIds), tolerance);
  return { eligible: reasons.every(({ severity }) => severity === 'warning'), reasons, stack };
}

/** What the headers of imageIds say together. */
export interface Assessment {
  /** In the order of the imageIds, without copies and imageIds whose headers are incomplete. */
  readonly frames: readonly FrameMetadata[];
  /** Other imageIds of the instances in {@link frames}. */
  readonly copies: readonly string[];
  /** Errors and warnings; only warnings where the imageIds form a volume. */
  readonly reasons: readonly EligibilityReason[];
  readonly stack: StackMeasures | undefined;
}

/**
 * Finds every reason why imageIds are not a volume, by their headers.
 *
 * @throws TypeError for a wrong tolerance
 */
export function assess(
  { frames: all, missing }: FrameMetadataReading,
  tolerance?: ToleranceOptions,
): Assessment {
  const read = createSplitValueReader();
  const distinct = withoutCopies(all, read);
  const { frames } = distinct;
  const { reasons, stack } = checkFrames(frames, tolerance, read);
  const copies = describeCopies(distinct.copies);
  const taken = new Set(frames.map(({ imageId }) => imageId));
  const found = copies ? [...reasons, copies] : reasons;
  // The other reasons are reported too, unless too few frames are left to find any.
  const isUnreadable = missing.length > 0 && frames.length < 2;
  return {
    frames,
    copies: (copies?.imageIds ?? []).filter((imageId) => !taken.has(imageId)),
    reasons: isUnreadable ? missing : [...missing, ...found],
    stack,
  };
}

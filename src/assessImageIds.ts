import { checkFrames } from './geometry/checkFrames.js';
import type { EligibilityReason, StackMeasures } from './geometry/eligibilityReason.js';
import type { GeometryTolerance } from './geometry/geometryTolerance.js';
import { readFrameMetadata } from './metadata/readFrameMetadata.js';
import { readSplitValue } from './metadata/readSplitValue.js';
import type { FrameMetadata } from './types.js';

/** What the headers of imageIds amount to. */
export interface Assessment {
  /** In the order of the imageIds; those without complete headers are left out. */
  readonly frames: readonly FrameMetadata[];
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
  const { frames, missing } = readFrameMetadata(imageIds);
  const { reasons, stack } = checkFrames(frames, tolerance, readSplitValue);
  // What is wrong with the frames that can be read is said too, unless too few are left to tell.
  const isUnreadable = missing.length > 0 && frames.length < 2;
  return { frames, reasons: isUnreadable ? missing : [...missing, ...reasons], stack };
}

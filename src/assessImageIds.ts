import { checkFrames } from './geometry/checkFrames.js';
import type { EligibilityReason } from './geometry/eligibilityReason.js';
import { readFrameMetadata } from './metadata/readFrameMetadata.js';
import type { FrameMetadata } from './types.js';

/** What the headers of imageIds amount to. */
export interface Assessment {
  /** In the order of the imageIds; those without complete headers are left out. */
  readonly frames: readonly FrameMetadata[];
  /** Why the imageIds are not a volume; empty when they are. */
  readonly reasons: readonly EligibilityReason[];
}

/** Reads the headers of imageIds once, and finds every reason why they are not a volume. */
export function assessImageIds(imageIds: readonly string[]): Assessment {
  const { frames, missing } = readFrameMetadata(imageIds);
  // What is wrong with the frames that can be read is said too, unless too few are left to tell.
  const isUnreadable = missing.length > 0 && frames.length < 2;
  const reasons = isUnreadable ? [] : checkFrames(frames).reasons;
  return { frames, reasons: [...missing, ...reasons] };
}

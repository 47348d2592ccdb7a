import type { EligibilityCode, EligibilitySeverity } from '../../base/eligibilityReason.js';
import type { SplitTag } from '../../base/splitTag.js';

/** A reason before its frames are named; indices, as two frames may bear one imageId. */
export interface Finding {
  readonly code: EligibilityCode;
  /** `error` where nothing is said. */
  readonly severity?: EligibilitySeverity;
  /** A sentence with the numbers, in mm or degrees. */
  readonly message: string;
  /** Indices into the frames under check, in any order. */
  readonly sourceIndices: readonly number[];
  readonly splitBy?: readonly SplitTag[];
  readonly isWholeVolumes?: true;
}

/** `1 frame`, `2 frames`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Why imageIds do not form a volume, as a stable word.
 *
 * - `not-enough-frames`: fewer than two
 * - `metadata-missing`: a header that is needed is not there
 * - `frame-of-reference`, `series`, `modality`, `dimensions`, `pixel-format`, `orientation`,
 *   `pixel-spacing`: differs between the frames
 * - `orientation-not-orthonormal`: row and column cosines are not unit vectors at right angles
 * - `duplicate-position`: two frames at the same place
 * - `irregular-spacing`: the distances between neighbours differ, or a slice is missing
 * - `gantry-tilt`: the positions are in line, but not along the normal
 * - `positions-not-in-line`: the positions do not lie on one line
 */
export type EligibilityCode =
  | 'not-enough-frames'
  | 'metadata-missing'
  | 'frame-of-reference'
  | 'series'
  | 'modality'
  | 'dimensions'
  | 'pixel-format'
  | 'orientation'
  | 'orientation-not-orthonormal'
  | 'pixel-spacing'
  | 'duplicate-position'
  | 'irregular-spacing'
  | 'gantry-tilt'
  | 'positions-not-in-line';

/** One reason why imageIds are not a volume. */
export interface EligibilityReason {
  readonly code: EligibilityCode;
  /** A sentence with the numbers, in mm or degrees. */
  readonly message: string;
  /** The frames that are the matter, in the order that they were given. */
  readonly imageIds: readonly string[];
}

/** The answer of an eligibility check. */
export interface Eligibility {
  readonly eligible: boolean;
  /** Empty exactly when eligible. */
  readonly reasons: readonly EligibilityReason[];
}

import type { Vector3 } from './types.js';
import type { SplitTag } from './splitTag.js';

/**
 * Why imageIds do not form a volume, or only an approximate one, as a stable word.
 *
 * - `not-enough-frames`: fewer than two
 * - `metadata-missing`: a required header is missing, or has a number that cannot be right
 * - `frame-of-reference`, `series`, `modality`, `dimensions`, `pixel-format`, `orientation`,
 *   `pixel-spacing`: differs between the frames. Of `pixel-format` and `frame-of-reference` a warning, where
 *   the frames are a volume all the same
 * - `modality-lut`, `real-world-value`: stored values are mapped by a table that must not or cannot be applied, or by a
 *   Real World Value Mapping alone, which is not applied
 * - `dose-grid-scaling`: a dose without a Dose Grid Scaling above 0, so that its values in Gy are unknown
 * - `unreadable-pixels`: pixels are stored in a way that is not read, such as whole numbers of 64 bits
 * - `color-format`: the colours of the pixels are not read
 * - `supplemental-palette`: some grey values are indices into a palette, which is not applied; a warning
 * - `orientation-not-orthonormal`: row and column cosines are not unit vectors at right angles; a warning
 *   where rounding of their decimals explains it
 * - `duplicate-position`: two frames at the same position; `splitBy` names the tags that distinguish whole volumes,
 *   where there are any
 * - `duplicate-instance`: imageIds of one instance (or of one of its frames) at several addresses, of which
 *   the first is taken; a warning
 * - `partial-stack`: other frames of the series lie in or next to the stack, and are not in it; a warning
 * - `missing-slices`: two neighbours are so far apart that a slice fits between them
 * - `irregular-spacing`: the distances between neighbours differ
 * - `rounded-positions`: they differ because the positions are written with few decimals, and the slices
 *   are taken as equally far apart; a warning
 * - `gantry-tilt`: the positions are in line, but not along the normal
 * - `positions-not-in-line`: some positions do not lie on the line of the others
 * - `curved-stack`: positions or planes follow a curve or turn, as in rotational series and scouts
 * - `unequal-time-points`: the voxels of one time point do not lie at the places of those of another
 */
export type EligibilityCode =
  | 'not-enough-frames'
  | 'metadata-missing'
  | 'frame-of-reference'
  | 'series'
  | 'modality'
  | 'dimensions'
  | 'pixel-format'
  | 'modality-lut'
  | 'real-world-value'
  | 'dose-grid-scaling'
  | 'unreadable-pixels'
  | 'color-format'
  | 'supplemental-palette'
  | 'orientation'
  | 'orientation-not-orthonormal'
  | 'pixel-spacing'
  | 'duplicate-position'
  | 'duplicate-instance'
  | 'partial-stack'
  | 'missing-slices'
  | 'irregular-spacing'
  | 'rounded-positions'
  | 'gantry-tilt'
  | 'positions-not-in-line'
  | 'curved-stack'
  | 'unequal-time-points';

/**
 * `error`: a volume of these frames would be wrong, and none is made. `warning`: the volume is
 * approximate, and carries the warning in its `geometryReport`.
 */
export type EligibilitySeverity = 'error' | 'warning';

/** One reason why imageIds are not a volume, or not exactly one. */
export interface EligibilityReason {
  readonly code: EligibilityCode;
  readonly severity: EligibilitySeverity;
  /** A sentence with the numbers, in mm or degrees. */
  readonly message: string;
  /** The frames concerned, in the order given. */
  readonly imageIds: readonly string[];
  /** Of `duplicate-position`: the tags by which the frames split into whole volumes. */
  readonly splitBy?: readonly SplitTag[];
  /**
   * Of `duplicate-position`: most positions are shared, so that whole volumes are mixed that no tag distinguishes.
   * No policy corrects that.
   */
  readonly isWholeVolumes?: true;
}

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

/** Measures of a stack, as far as its frames agree. */
export interface StackMeasures {
  /** Angle between the normal of the slices and the nearest axis of the patient, in degrees. */
  readonly obliquityInDegrees: number;
  /**
   * Angle between the normal and the line of the positions, in degrees: the shear of a stack that was
   * made with a tilted gantry and a table that moves straight. 0 for a stack of upright slices, however
   * oblique.
   */
  readonly tiltInDegrees: number;
  /** The usual distance between neighbours along the normal, in mm. */
  readonly spacingInMm: number;
  /** Largest difference of such a distance from the usual one in mm; missing slices do not count. */
  readonly worstSpacingDeviationInMm: number;
  /**
   * How far a frame may have been moved along the normal when its position was written with few
   * decimals, in mm; 0 where the positions do not show it.
   */
  readonly roundingInMm: number;
}

/** The answer of an eligibility check. */
export interface Eligibility {
  /** Whether a volume can be made: no reason is an error. */
  readonly eligible: boolean;
  /** Errors and warnings; empty for a volume without any deviation. */
  readonly reasons: readonly EligibilityReason[];
  /** `undefined` where no two frames lie at different places of one stack. */
  readonly stack: StackMeasures | undefined;
}

/**
 * What is done with frames that are not equally far apart, and so form no volume unchanged.
 *
 * - `reject`: nothing; no volume is made
 * - `nearest`: each frame is put into the nearest slice of a regular grid. Slices without a frame are absent, and
 *   show the background
 * - `resample`: the slices of an upright, regular grid are interpolated between the frames on both sides.
 *   Frames that lie at their place in the grid keep their own voxels; those of a stack with a tilt are
 *   moved in plane
 */
export type IrregularPolicy = 'reject' | 'nearest' | 'resample';

/** A slice of a volume that no frame of the series lies at. */
export interface AbsentSlice {
  /** From 0, in volume order. */
  readonly imageIdIndex: number;
  /** Centre of its first pixel, in the patient coordinate system. */
  readonly positionInMm: Vector3;
}

/** How the slices of a tilted stack were moved in plane, so that columns of voxels follow the normal. */
export interface Shear {
  /** Angle between the normal and the line that the positions followed. */
  readonly tiltInDegrees: number;
  /** The volume has so many columns and rows more than the frames, so that nothing of them is cut off. */
  readonly addedColumns: number;
  readonly addedRows: number;
  /** Value of the voxels beside a frame. */
  readonly paddingValue: number;
}

/** First and last index, both included, along columns, rows and slices. */
type IndexBox = readonly [
  columns: readonly [min: number, max: number],
  rows: readonly [min: number, max: number],
  slices: readonly [min: number, max: number],
];

/** Which voxels of its frames a volume has, where it has not all of them. */
export interface VolumeReduction {
  /** `[columns, rows, slices]` of the whole volume, before its reduction. */
  readonly wholeDimensions: readonly [number, number, number];
  /** The box in the whole volume, from 0. */
  readonly bounds: IndexBox;
  /** Every n-th column, row and slice of the box is kept, beginning with its first. */
  readonly ijkDecimation: readonly [i: number, j: number, k: number];
  /**
   * What could not take the volume that the options describe, so that `onTooLarge` has raised `ijkDecimation`: the
   * cache, or the 3D textures of the browser. Empty where the options alone reduced it.
   */
  readonly tooLargeFor: readonly ('cache' | 'texture')[];
  /** Frames without a voxel in the volume: they are not requested. */
  readonly skippedImageIds: readonly string[];
}

/** Deviations of a volume's frames from its geometry, and the corrections that were made. */
export interface GeometryReport {
  /**
   * What makes the volume approximate, deviations that a policy has corrected included; empty for an exact one.
   */
  readonly warnings: readonly EligibilityReason[];
  readonly stack: StackMeasures | undefined;
  /**
   * Origin of the distance between slices: the positions of the frames, or the header of a single slice.
   */
  readonly sliceDistanceFrom: 'positions' | 'SpacingBetweenSlices' | 'SliceThickness';
  /** What was done with the frames: `reject` where they are unchanged. */
  readonly policy: IrregularPolicy;
  /** Slices without a frame, which show the background. */
  readonly absentSlices: readonly AbsentSlice[];
  /** Slices that are interpolated between frames, or moved in plane. */
  readonly resampledSlices: readonly AbsentSlice[];
  /** How a tilted stack was made upright; undefined where nothing was moved in plane. */
  readonly shear: Shear | undefined;
  /** ImageIds that are not in the volume, because another frame has their slice or is the same instance. */
  readonly leftOut: readonly string[];
  /** Largest distance along the normal of a frame from the slice that it is in, in mm, by a policy. */
  readonly worstOffsetInMm: number;
  /** Which voxels are kept; undefined where the volume has all of them. */
  readonly reduction?: VolumeReduction;
}

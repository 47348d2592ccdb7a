/**
 * How far frames may be from a perfect stack and still be a volume.
 *
 * Headers hold rounded decimals, so nothing is ever exact; the defaults pass what rounding makes
 * and stop what a reader of the images could see or measure.
 */
export interface GeometryTolerance {
  /** Largest difference of a direction cosine between frames. Default 1e-4 (0.006 degrees). */
  readonly directionCosine: number;
  /**
   * Largest departure of a cosine vector from unit length, and of the scalar product of row and
   * column from 0. Default 1e-3: cosines that were written with three decimals pass.
   */
  readonly orthonormality: number;
  /** Largest difference of the pixel spacing between frames, as a part of it. Default 1e-4. */
  readonly relativePixelSpacing: number;
  /** Frames that are nearer than this part of a pixel are at the same position. Default 0.01. */
  readonly samePositionInPixels: number;
  /** Largest distance of a position from the line through all, in pixels. Default 0.25. */
  readonly offLineInPixels: number;
  /**
   * Largest angle between that line and the normal. Default 0.2 degrees. A steeper line is still
   * no tilt while the whole stack drifts by no more than `offLineInPixels`: over the few mm of a
   * thin stack, rounding alone makes such angles.
   */
  readonly tiltInDegrees: number;
  /**
   * Largest deviation of a distance between neighbours from the median distance, as a part of it.
   * Default 0.02; a missing slice is 1.
   */
  readonly relativeSpacing: number;
  /**
   * A deviation up to this passes whatever part of the distance it is. Default 0.015 mm: positions
   * that were written with two decimals pass in thin slices too.
   */
  readonly spacingInMm: number;
  /**
   * Largest distance of a frame from its place in the regular grid, as a part of the slice
   * distance. Default 0.5: small deviations may not add up to a frame in another's place.
   */
  readonly offGridInSlices: number;
}

/** What holds where a caller states nothing else. */
export const DEFAULT_GEOMETRY_TOLERANCE: GeometryTolerance = {
  directionCosine: 1e-4,
  orthonormality: 1e-3,
  relativePixelSpacing: 1e-4,
  samePositionInPixels: 0.01,
  offLineInPixels: 0.25,
  tiltInDegrees: 0.2,
  relativeSpacing: 0.02,
  spacingInMm: 0.015,
  offGridInSlices: 0.5,
};

/**
 * Largest deviations of frames from a perfect stack.
 *
 * Headers hold rounded decimals, and tables stop with a tolerance: slice distances of real scanners vary by about
 * 1 %. The defaults pass that, warn of deviations that make a volume approximate, and refuse the ones that make it
 * wrong.
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
   * Angle between that line and the normal above which there is a warning. Default 0.2 degrees. A
   * steeper line is still no tilt while the whole stack drifts by no more than `offLineInPixels`: over
   * the few mm of a thin stack, rounding alone makes such angles.
   */
  readonly tiltInDegrees: number;
  /** The angle above which that is an error. Default 1 degree: distances are wrong by up to 1 %. */
  readonly largestTiltInDegrees: number;
  /**
   * Deviation of a distance between neighbours from the usual one, as a part of it, above which
   * there is a warning. Default 0.015: scanners vary by 1 %.
   */
  readonly relativeSpacing: number;
  /** The deviation above which that is an error. Default 0.05. */
  readonly largestRelativeSpacing: number;
  /**
   * How much wider than usual a distance must be for a slice to be missing there, as a part of the
   * usual one. Default 0.5; exactly one missing slice makes it 1 wider. Always an error.
   */
  readonly missingSlice: number;
  /**
   * A deviation up to this passes whatever part of the distance it is. Default 0.015 mm: positions
   * that were written with two decimals pass in thin slices too.
   */
  readonly spacingInMm: number;
  /**
   * Largest distance of a frame from its place in the regular grid, as a part of the slice
   * distance. Default 0.5: small deviations may not add up to a frame in another's place. An error.
   */
  readonly offGridInSlices: number;
}

/** The limits that apply unless a caller replaces them. */
export const DEFAULT_GEOMETRY_TOLERANCE: GeometryTolerance = {
  directionCosine: 1e-4,
  orthonormality: 1e-3,
  relativePixelSpacing: 1e-4,
  samePositionInPixels: 0.01,
  offLineInPixels: 0.25,
  tiltInDegrees: 0.2,
  largestTiltInDegrees: 1,
  relativeSpacing: 0.015,
  largestRelativeSpacing: 0.05,
  missingSlice: 0.5,
  spacingInMm: 0.015,
  offGridInSlices: 0.5,
};

/** Single limits, in place of the defaults. */
export type ToleranceOptions = {
  readonly [Limit in keyof GeometryTolerance]?: GeometryTolerance[Limit] | undefined;
};

/**
 * Completes limits with the defaults.
 *
 * @throws TypeError that names a limit which is unknown, or not a number from 0
 */
export function completeTolerance(tolerance: ToleranceOptions = {}): GeometryTolerance {
  if (typeof tolerance !== 'object' || tolerance === null) {
    throw new TypeError(`Expected tolerance to be an object, got ${String(tolerance)}`);
  }
  const stated = Object.entries(tolerance).filter(([, limit]) => limit !== undefined);
  for (const [name, limit] of stated) {
    if (!Object.hasOwn(DEFAULT_GEOMETRY_TOLERANCE, name)) {
      const known = Object.keys(DEFAULT_GEOMETRY_TOLERANCE).join(', ');
      throw new TypeError(`Expected tolerance to have only ${known}, got ${name}`);
    }
    // Infinity switches a check off.
    if (typeof limit !== 'number' || !(limit >= 0)) {
      throw new TypeError(`Expected tolerance.${name} to be a number from 0, got ${String(limit)}`);
    }
  }
  return { ...DEFAULT_GEOMETRY_TOLERANCE, ...Object.fromEntries(stated) };
}

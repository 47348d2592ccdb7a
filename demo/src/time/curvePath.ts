/** The extent of a time curve, and what to draw of it. */
export interface CurvePicture {
  /** For the attribute `d` of an SVG path; time points without a value interrupt the line. */
  readonly path: string;
  /** Position of each known value, in the same units. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly timePoint: number;
  }[];
  readonly lowest: number;
  readonly highest: number;
}

/** The room of a curve. */
export interface CurveRoom {
  readonly width: number;
  readonly height: number;
  /** Kept free on each side, so that points at the edges are whole. */
  readonly margin: number;
}

/**
 * Lays out the values of a voxel over time: the first time point left, the highest value at the top.
 *
 * @param values - one for each time point, undefined where it is not loaded
 * @returns undefined when no value is known
 */
export function curvePicture(
  values: readonly (number | undefined)[],
  { width, height, margin }: CurveRoom,
): CurvePicture | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) {
    return undefined;
  }
  const lowest = Math.min(...known);
  const highest = Math.max(...known);
  // Values that are all equal make a line in the middle.
  const span = highest - lowest;
  const last = Math.max(1, values.length - 1);
  const place = (value: number, timePoint: number): { x: number; y: number } => ({
    x: margin + (timePoint / last) * (width - 2 * margin),
    y: margin + (span > 0 ? (highest - value) / span : 0.5) * (height - 2 * margin),
  });
  const points: { x: number; y: number; timePoint: number }[] = [];
  let path = '';
  values.forEach((value, timePoint) => {
    if (value !== undefined) {
      const { x, y } = place(value, timePoint);
      const isLine = values[timePoint - 1] !== undefined;
      path += `${isLine ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      points.push({ x, y, timePoint });
    }
  });
  return { path, points, lowest, highest };
}

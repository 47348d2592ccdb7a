import { SyntheticSeries } from '../../support/SyntheticSeries.js';

/** Columns, rows and slices of the series. */
export const BALL_SIZE = [32, 24, 20] as const;

/** The voxel in the middle of the ball. */
export const BALL_CENTRE = [16, 12, 10] as const;

/** Whether a voxel belongs to the ball, whose radius is 6 voxels. */
export function isInBall(column: number, row: number, slice: number): boolean {
  const [x, y, z] = BALL_CENTRE;
  return Math.hypot(column - x, row - y, slice - z) <= 6;
}

/** The value of a voxel: 800 in the ball and 100 around it, with some grain in both. */
export function ballValue(column: number, row: number, slice: number): number {
  return (isInBall(column, row, slice) ? 800 : 100) + ((column + row + slice) % 5);
}

/** An axial series of a ball in a box. To be disposed of. */
export function ballSeries(): SyntheticSeries {
  const [columns, rows, count] = BALL_SIZE;
  return new SyntheticSeries({
    count,
    columns,
    rows,
    position: (slice) => [0, 0, slice],
    pixels: (slice) =>
      Uint16Array.from({ length: columns * rows }, (_, i) =>
        ballValue(i % columns, Math.floor(i / columns), slice),
      ),
  });
}

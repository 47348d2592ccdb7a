import type { Types } from '@cornerstonejs/core';

/** Columns, rows and slices of the CT. */
export const CT_SIZE = [64, 48, 24] as const;

/** Distances between its voxels in mm. */
export const CT_SPACING = [0.75, 1.5, 2] as const;

/** The value of a voxel of the CT in HU; the formula of test/support/testSeries.mjs. */
export function ctValue([column, row, slice]: Types.Point3): number {
  return column * 3 + row * 7 + slice * 29 - 1024;
}

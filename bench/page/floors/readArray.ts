import { checkStoredVoxels } from '../checkStoredVoxels.js';
import type { Series } from '../fetchSeries.js';
import { fetchVoxels } from '../fetchVoxels.js';
import type { Measurement } from '../Measurement.js';
import { readVoxels } from '../readVoxels.js';

/** Reading the voxels of a plain array. */
export function readArray(series: Series): Measurement {
  let stored: Int16Array;
  return {
    prepare: async () => {
      stored = await fetchVoxels(series);
      checkStoredVoxels(stored, series);
    },
    measure: async () => {
      const size = Math.sqrt(series.voxelsPerFrame);
      const slices = series.imageIds.length;
      const middle = Math.floor(slices / 2) * series.voxelsPerFrame;
      const indexOf = (column: number, row: number, slice: number): number =>
        (slice * size + row) * size + column;
      return readVoxels({
        dimensions: [size, size, slices],
        getAtIJK: (column, row, slice) => stored[indexOf(column, row, slice)] as number,
        setAtIJK: (column, row, slice, value) => {
          stored[indexOf(column, row, slice)] = value;
        },
        getAll: () => stored,
        getMiddleSlice: () => stored.slice(middle, middle + series.voxelsPerFrame),
      });
    },
  };
}

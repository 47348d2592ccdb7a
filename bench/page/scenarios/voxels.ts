import { checkStoredVoxels } from '../checkStoredVoxels.js';
import { checkVoxels } from '../checkVoxels.js';
import { fetchVoxels } from '../fetchVoxels.js';
import type { Figures } from '../task.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** Slices whose voxels are read one by one, as parts of the stack. */
const PLACES = [0.1, 0.4, 0.6, 0.9];
const MIDDLE_SLICE_READS = 32;

/** What is measured, over a volume or over a plain array. */
interface Voxels {
  readonly dimensions: readonly [columns: number, rows: number, slices: number];
  readonly getAtIJK: (column: number, row: number, slice: number) => number;
  readonly setAtIJK: (column: number, row: number, slice: number, value: number) => unknown;
  readonly getAll: () => ArrayLike<number> & ArrayBufferView;
  readonly getMiddleSlice: () => ArrayLike<number>;
}

/** Reading voxels of a volume that is loaded; the floor reads those of a plain array. */
export const voxels: Scenario = {
  withLoader: (series) => {
    let volume: MeasuredVolume;
    return {
      prepare: async () => {
        volume = await createVolume(series);
        await loadVolume(volume);
        await checkVoxels(volume, series);
      },
      measure: async () => readVoxels(voxelsOf(volume)),
    };
  },
  floor: (series) => {
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
        return readVoxels({
          dimensions: [size, size, slices],
          getAtIJK: (column, row, slice) => stored[(slice * size + row) * size + column] as number,
          setAtIJK: (column, row, slice, value) => {
            stored[(slice * size + row) * size + column] = value;
          },
          getAll: () => stored,
          getMiddleSlice: () => stored.slice(middle, middle + series.voxelsPerFrame),
        });
      },
    };
  },
};

function voxelsOf({ voxelManager, dimensions }: MeasuredVolume): Voxels {
  if (!voxelManager) {
    throw new Error('The volume has no voxel manager');
  }
  return {
    dimensions,
    getAtIJK: (column, row, slice) => voxelManager.getAtIJK(column, row, slice) as number,
    setAtIJK: (column, row, slice, value) => voxelManager.setAtIJK(column, row, slice, value),
    getAll: () => voxelManager.getCompleteScalarDataArray?.() as Int16Array,
    getMiddleSlice: () => voxelManager.getMiddleSliceData(),
  };
}

/** @throws Error when the ways to read do not agree */
function readVoxels(source: Voxels): Figures {
  const { dimensions, getAtIJK, setAtIJK, getAll, getMiddleSlice } = source;
  const [columns, rows, slices] = dimensions;
  const looked = PLACES.map((place) => Math.floor(place * slices));
  let start = performance.now();
  let sum = 0;
  for (const slice of looked) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        sum += getAtIJK(column, row, slice);
      }
    }
  }
  const getAtIJKNs = (1e6 * (performance.now() - start)) / (looked.length * rows * columns);

  start = performance.now();
  const all = getAll();
  const completeArrayMs = performance.now() - start;

  start = performance.now();
  for (let read = 1; read < MIDDLE_SLICE_READS; read++) {
    getMiddleSlice();
  }
  const middleSlice = getMiddleSlice();
  const middleSliceMs = (performance.now() - start) / MIDDLE_SLICE_READS;

  const voxelsPerSlice = columns * rows;
  const sumInAll = looked
    .map((slice) => sumOf(all, slice * voxelsPerSlice, (slice + 1) * voxelsPerSlice))
    .reduce((total, each) => total + each, 0);
  if (sum !== sumInAll) {
    throw new Error(`The voxels that were looked at add up to ${sum}, in the array to ${sumInAll}`);
  }
  const middle = Math.floor(slices / 2) * voxelsPerSlice;
  const middleSum = sumOf(middleSlice, 0, voxelsPerSlice);
  if (middleSum !== sumOf(all, middle, middle + voxelsPerSlice)) {
    throw new Error('The middle slice is another one in the array');
  }
  // An array in which a voxel that is set changes is no copy.
  const changed = getAtIJK(0, 0, 0) + 1;
  setAtIJK(0, 0, 0, changed);
  const completeArrayBytes = all[0] === changed ? 0 : all.byteLength;
  return { getAtIJKNs, completeArrayMs, completeArrayBytes, middleSliceMs };
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) {
    sum += values[index] as number;
  }
  return sum;
}

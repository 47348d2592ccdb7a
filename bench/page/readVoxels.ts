import type { Figures } from './task.js';

/** Slices whose voxels are read one by one, as fractions of the stack. */
const PLACES = [0.1, 0.4, 0.6, 0.9];
/** Number of voxels that are read in random order. */
const SCATTERED_READS = 2 ** 18;
const MIDDLE_SLICE_READS = 32;

/** A volume or a plain array, whose voxels are read. */
export interface Voxels {
  readonly dimensions: readonly [columns: number, rows: number, slices: number];
  readonly getAtIJK: (column: number, row: number, slice: number) => number;
  readonly setAtIJK: (column: number, row: number, slice: number, value: number) => unknown;
  readonly getAll: () => ArrayLike<number> & ArrayBufferView;
  readonly getMiddleSlice: () => ArrayLike<number>;
}

/**
 * Measures all ways to read voxels.
 *
 * @throws Error when their results differ
 */
export function readVoxels(source: Voxels): Figures {
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

  const places = scatteredPlaces(dimensions);
  start = performance.now();
  let scatteredSum = 0;
  for (let at = 0; at < places.length; at += 3) {
    scatteredSum += getAtIJK(
      places[at] as number,
      places[at + 1] as number,
      places[at + 2] as number,
    );
  }
  const scatteredNs = (1e6 * (performance.now() - start)) / SCATTERED_READS;

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
  let scatteredSumInAll = 0;
  for (let at = 0; at < places.length; at += 3) {
    const [column = 0, row = 0, slice = 0] = places.subarray(at, at + 3);
    scatteredSumInAll += all[(slice * rows + row) * columns + column] as number;
  }
  if (scatteredSum !== scatteredSumInAll) {
    throw new Error(
      `Scattered voxels add up to ${scatteredSum}, in the array to ${scatteredSumInAll}`,
    );
  }
  const middle = Math.floor(slices / 2) * voxelsPerSlice;
  const middleSum = sumOf(middleSlice, 0, voxelsPerSlice);
  if (middleSum !== sumOf(all, middle, middle + voxelsPerSlice)) {
    throw new Error('The middle slice is another one in the array');
  }
  // An array that shows a later change of a voxel is not a copy.
  const changed = getAtIJK(0, 0, 0) + 1;
  setAtIJK(0, 0, 0, changed);
  const completeArrayBytes = all[0] === changed ? 0 : all.byteLength;
  return { getAtIJKNs, scatteredNs, completeArrayMs, completeArrayBytes, middleSliceMs };
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) {
    sum += values[index] as number;
  }
  return sum;
}

/** Column, row and slice of many voxels, one after the other; the same at each call. */
function scatteredPlaces(dimensions: Voxels['dimensions']): Int32Array {
  let state = 1;
  return Int32Array.from({ length: SCATTERED_READS * dimensions.length }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The lowest bits of such a generator have a short period.
    return (state >>> 8) % (dimensions[index % dimensions.length] as number);
  });
}

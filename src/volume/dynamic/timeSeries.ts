import type { Types } from '@cornerstonejs/core';
import type { FrameStore } from '../../base/FrameStore.js';

/** The time points that a series of values is read from. Indices count from 0. */
interface ReadTimePoints {
  readonly count: number;
  readonly store: FrameStore;
  /** The voxels of a time point; undefined while it has no memory. */
  storeAt(timePointIndex: number): FrameStore | undefined;
  /** Whether a frame is loaded, and not only shown by other pixels. */
  isFrameLoaded(timePointIndex: number, sliceIndex: number): boolean;
}

/** A value of a voxel: three numbers of a colour volume. */
export type TimeSeriesValue = number | Types.RGB;

/** The voxels of a mask over time. */
export interface MaskTimeSeries {
  /** Index into the voxels of the volume of each voxel of the mask, ascending. */
  readonly voxelIndices: Uint32Array;
  /** For each time point the values of these voxels; undefined where they are not all loaded. */
  readonly values: readonly (Float32Array | undefined)[];
  /** For each time point the mean of the values; undefined where they are not all loaded or the mask is empty. */
  readonly means: readonly (number | undefined)[];
}

/** @throws TypeError when there is no such voxel */
export function readVoxelTimeSeries(
  timePoints: ReadTimePoints,
  dimensions: readonly number[],
  ijk: readonly number[],
): (TimeSeriesValue | undefined)[] {
  const isInside =
    ijk.length === 3 &&
    ijk.every((at, axis) => Number.isInteger(at) && at >= 0 && at < (dimensions[axis] as number));
  if (!isInside) {
    throw new TypeError(
      `Expected column, row and slice below ${dimensions.join(', ')}, got ${ijk.join(', ')}`,
    );
  }
  const [column, row, sliceIndex] = ijk as [number, number, number];
  const [columns, rows] = dimensions as [number, number];
  const pixel = column + row * columns;
  const components = timePoints.store.valuesPerFrame / (columns * rows);
  return overTime(timePoints, (store, index) => {
    if (!timePoints.isFrameLoaded(index, sliceIndex)) {
      return undefined;
    }
    const frame = store.frame(sliceIndex);
    const start = pixel * components;
    return components === 1
      ? frame[start]
      : ([frame[start], frame[start + 1], frame[start + 2]] as Types.RGB);
  });
}

/** @throws TypeError when the mask has another number of voxels than a time point has values */
export function readMaskTimeSeries(
  timePoints: ReadTimePoints,
  mask: ArrayLike<number>,
  segment: number | undefined,
): MaskTimeSeries {
  const { data, valuesPerFrame } = timePoints.store;
  if (mask.length !== data.length) {
    throw new TypeError(
      `Expected a mask of ${data.length} voxels, one for each value of a time point, got ${mask.length}`,
    );
  }
  const voxelIndices = indicesOf(mask, segment);
  const slices = new Set<number>();
  for (const index of voxelIndices) {
    slices.add(Math.floor(index / valuesPerFrame));
  }
  const values = overTime(timePoints, (store, index) =>
    [...slices].every((sliceIndex) => timePoints.isFrameLoaded(index, sliceIndex))
      ? Float32Array.from(voxelIndices, (voxel) => store.data[voxel] as number)
      : undefined,
  );
  const means = values.map((each) =>
    each && each.length > 0 ? each.reduce((sum, value) => sum + value, 0) / each.length : undefined,
  );
  return { voxelIndices, values, means };
}

function overTime<T>(
  timePoints: ReadTimePoints,
  read: (store: FrameStore, timePointIndex: number) => T | undefined,
): (T | undefined)[] {
  return Array.from({ length: timePoints.count }, (_, index) => {
    const store = timePoints.storeAt(index);
    return store && read(store, index);
  });
}

function indicesOf(mask: ArrayLike<number>, segment: number | undefined): Uint32Array {
  const indices: number[] = [];
  for (let index = 0; index < mask.length; index++) {
    const isIn = segment === undefined ? mask[index] !== 0 : mask[index] === segment;
    if (isIn) {
      indices.push(index);
    }
  }
  return Uint32Array.from(indices);
}

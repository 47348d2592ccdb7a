import type { LinearRescale, VolumeArray, VolumeDataType } from '../../base/types.js';
import { VOXEL_TYPE_RANGES } from '../../base/voxels/voxelTypes.js';

/** Voxels of a frame that go into a slice. */
export interface SourceVoxels {
  /** `columns * rows * components` values. */
  readonly values: VolumeArray;
  /** Part of the slice; those of one slice add up to 1. */
  readonly weight: number;
  /** Columns and rows from a pixel of the frame to its place in the slice, from 0; may be fractions. */
  readonly shift: readonly [number, number];
  /** From the frame's values to the slice's; the identity unless the voxels are stored values. */
  readonly rescale: LinearRescale;
}

/** A plane of voxels. */
interface PlaneSize {
  readonly columns: number;
  readonly rows: number;
  /** Values of a voxel. */
  readonly components: number;
}

/** Where a slice is written. */
interface SliceTarget {
  readonly dataType: VolumeDataType;
  /** Whether values are rounded; those of integer types are in any case. */
  readonly isWhole?: boolean;
  /** An array of `dataType` with `columns * rows * components` values. */
  readonly values: VolumeArray;
  /** At least as large as a source. */
  readonly size: PlaneSize;
  /** Value of voxels for which a source has no pixel. */
  readonly padding: number;
}

/** One pixel of a source that goes into a voxel, by its distance from the voxel in columns and rows. */
interface Tap {
  readonly values: VolumeArray;
  readonly columnOffset: number;
  readonly rowOffset: number;
  readonly weight: number;
}

/**
 * Makes a slice from one frame or several, linearly: bilinearly in plane, by the weights across. The arithmetic
 * is in double precision and rounds once, where the slice holds whole numbers.
 *
 * @param size - of each source
 */
export function resampleFrame(
  sources: readonly SourceVoxels[],
  size: PlaneSize,
  {
    dataType,
    isWhole = dataType !== 'Float32Array',
    values,
    size: { columns, rows, components },
    padding,
  }: SliceTarget,
): void {
  const taps = sources.flatMap(tapsOf);
  const constant = sources.reduce(
    (sum, { weight, rescale }) => sum + weight * rescale.intercept,
    0,
  );
  const { min, max } = VOXEL_TYPE_RANGES[dataType];
  // Voxels for which every tap has a pixel.
  const from = Math.max(0, ...taps.map(({ columnOffset }) => -columnOffset));
  const to = Math.min(columns, ...taps.map(({ columnOffset }) => size.columns - columnOffset));
  const top = Math.max(0, ...taps.map(({ rowOffset }) => -rowOffset));
  const bottom = Math.min(rows, ...taps.map(({ rowOffset }) => size.rows - rowOffset));
  const isFull = from === 0 && to === columns && top === 0 && bottom === rows;
  if (!isFull) {
    values.fill(padding);
  }
  const length = Math.max(0, to - from) * components;
  const sums = new Float64Array(length);
  for (let row = top; row < bottom; row++) {
    sums.fill(constant);
    for (const tap of taps) {
      addRow(
        sums,
        tap,
        ((row + tap.rowOffset) * size.columns + from + tap.columnOffset) * components,
      );
    }
    if (isWhole) {
      for (let i = 0; i < length; i++) {
        // A value between stored values of two scales may be outside the range of one: clamped, it does not wrap.
        sums[i] = Math.min(max, Math.max(min, Math.round(sums[i] as number)));
      }
    }
    values.set(sums, (row * columns + from) * components);
  }
}

function addRow(sums: Float64Array, { values, weight }: Tap, start: number): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] = (sums[i] as number) + weight * (values[start + i] as number);
  }
}

function tapsOf({ values, weight, shift, rescale }: SourceVoxels): Tap[] {
  const taps: Tap[] = [];
  for (const [rowOffset, rowWeight] of neighbours(shift[1])) {
    for (const [columnOffset, columnWeight] of neighbours(shift[0])) {
      const share = weight * rowWeight * columnWeight * rescale.slope;
      taps.push({ values, columnOffset, rowOffset, weight: share });
    }
  }
  return taps;
}

/** The pixels on both sides of a place that is moved by a number of pixels; one where the number is whole. */
function neighbours(shift: number): [offset: number, weight: number][] {
  const before = Math.floor(-shift);
  const weight = -shift - before;
  return weight === 0
    ? [[-shift, 1]]
    : [
        [before, 1 - weight],
        [before + 1, weight],
      ];
}

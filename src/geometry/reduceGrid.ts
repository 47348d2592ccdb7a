/** Volumes that have a part of their frames' voxels: a box, and every n-th voxel along each axis. */
import { vec3 } from 'gl-matrix';
import type { PixelPick } from '../base/voxels/pickPixels.js';
import type { FrameMetadata, Vector3, VolumeGeometry } from '../base/types.js';

/** Columns, rows, slices. */
type Axis = 0 | 1 | 2;

/** First and last value along an axis, both included. */
export type Interval = readonly [min: number, max: number];

/** A box: its intervals along three axes. */
export type Box = readonly [Interval, Interval, Interval];

/** Whole numbers from 1: the distance along `[i, j, k]` from one voxel that is kept to the next. */
export type Decimation = readonly [i: number, j: number, k: number];

/** The voxels of a volume that are kept. */
export interface KeptVoxels {
  /** Indices along columns, rows and slices of the whole volume. */
  readonly box: Box;
  /** Of the box; its first voxel is kept. */
  readonly decimation: Decimation;
}

/** What is kept of the columns and rows of slices. */
export interface SliceReduction {
  /** The slices with all their columns and rows, by sliceIndex of the volume; frames are requested by these. */
  readonly wholeSlices: readonly FrameMetadata[];
  readonly pick: PixelPick;
}

/** The box of all voxels of a volume. */
export function wholeBox({ dimensions: [columns, rows, slices] }: VolumeGeometry): Box {
  return [
    [0, columns - 1],
    [0, rows - 1],
    [0, slices - 1],
  ];
}

/** `[columns, rows, slices]` of the voxels that are kept. */
export function keptDimensions({ box, decimation }: KeptVoxels): [number, number, number] {
  const count = (axis: Axis): number =>
    Math.floor((box[axis][1] - box[axis][0]) / decimation[axis]) + 1;
  return [count(0), count(1), count(2)];
}

/**
 * The geometry of the voxels that are kept: each lies where it lies in the whole volume, and the origin is the
 * centre of the first one.
 */
export function reduceGeometry(whole: VolumeGeometry, kept: KeptVoxels): VolumeGeometry {
  const { spacing, direction } = whole;
  const { box, decimation } = kept;
  return {
    dimensions: keptDimensions(kept),
    spacing: [spacing[0] * decimation[0], spacing[1] * decimation[1], spacing[2] * decimation[2]],
    origin: positionOf(whole, [box[0][0], box[1][0], box[2][0]]),
    direction,
  };
}

/** The centre of a voxel in mm. */
export function positionOf(
  { origin, spacing, direction }: VolumeGeometry,
  index: Vector3,
): Vector3 {
  const position: [number, number, number] = [...origin];
  index.forEach((steps, axis) => {
    const unit = axisOf(direction, axis);
    vec3.scaleAndAdd(position, position, unit, steps * (spacing[axis] as number));
  });
  return position;
}

function axisOf(direction: readonly number[], axis: number): [number, number, number] {
  const [x = 0, y = 0, z = 0] = direction.slice(3 * axis, 3 * axis + 3);
  return [x, y, z];
}

/** A part of a voxel below which a place between two voxels is rounding. */
const ROUNDING = 1e-6;

/**
 * The smallest box of indices with every voxel of a volume whose centre lies in a box along the patient's axes.
 * Where the volume is oblique, it also has voxels beside that box.
 *
 * @param world - in mm; an end may be infinite
 * @returns undefined where no voxel of the volume is in it
 */
export function boxOfWorld(geometry: VolumeGeometry, world: Box): Box | undefined {
  const whole = wholeBox(geometry);
  const centres = cornersOf(whole).map((corner) => positionOf(geometry, corner));
  const extent = (axis: Axis): Interval => {
    const along = centres.map((centre) => centre[axis]);
    return [
      Math.max(world[axis][0], Math.min(...along)),
      Math.min(world[axis][1], Math.max(...along)),
    ];
  };
  const within: Box = [extent(0), extent(1), extent(2)];
  const indices = cornersOf(within).map((corner) => indexOf(geometry, corner));
  const interval = (axis: Axis): Interval => {
    const along = indices.map((index) => index[axis]);
    return [
      Math.max(whole[axis][0], Math.ceil(Math.min(...along) - ROUNDING)),
      Math.min(whole[axis][1], Math.floor(Math.max(...along) + ROUNDING)),
    ];
  };
  const box: Box = [interval(0), interval(1), interval(2)];
  const roundingInMm = ROUNDING * Math.min(...geometry.spacing);
  const isEmpty = within.some(([min, max]) => min > max + roundingInMm);
  return !isEmpty && box.every(([min, max]) => min <= max) ? box : undefined;
}

function cornersOf([x, y, z]: Box): Vector3[] {
  return x.flatMap((a) => y.flatMap((b) => z.map((c): Vector3 => [a, b, c])));
}

/** The place of a point among the voxels, with fractions. The axes need not be exactly at right angles. */
function indexOf({ origin, spacing, direction }: VolumeGeometry, point: Vector3): Vector3 {
  const offset = vec3.subtract([0, 0, 0], point, origin);
  const [row, column, normal] = [0, 1, 2].map((axis) => axisOf(direction, axis)) as [
    [number, number, number],
    [number, number, number],
    [number, number, number],
  ];
  const volume = vec3.dot(row, vec3.cross([0, 0, 0], column, normal));
  const along = (a: Vector3, b: Vector3): number =>
    vec3.dot(offset, vec3.cross([0, 0, 0], a, b)) / volume;
  return [
    along(column, normal) / spacing[0],
    along(normal, row) / spacing[1],
    along(row, column) / spacing[2],
  ];
}

/**
 * Raises a decimation until a volume fits: the axis with the finest voxels first, columns and rows together where
 * their voxels are equally fine, so that voxels stay about as long as wide. Then each factor is lowered as far as the
 * volume still fits.
 *
 * @param kept - of the volume; its decimation is the least
 * @param spacing - of the whole volume, in mm
 * @param fits - whether a volume of `[columns, rows, slices]` fits; one of fewer voxels does too
 * @returns undefined where not even one voxel fits
 */
export function decimationThatFits(
  { box, decimation }: KeptVoxels,
  spacing: Vector3,
  fits: (dimensions: readonly [number, number, number]) => boolean,
): Decimation | undefined {
  const isFitting = (factors: Decimation): boolean =>
    fits(keptDimensions({ box, decimation: factors }));
  let factors = decimation;
  while (!isFitting(factors)) {
    const sizes = keptDimensions({ box, decimation: factors });
    const divisible = AXES.filter((axis) => sizes[axis] > 1);
    if (divisible.length === 0) {
      return undefined;
    }
    factors = changed(factors, finestAxes(divisible, factors, spacing), 1);
  }
  for (const axes of LOWERED) {
    for (;;) {
      const lower = changed(factors, axes, -1);
      if (axes.some((axis) => lower[axis] < decimation[axis]) || !isFitting(lower)) {
        break;
      }
      factors = lower;
    }
  }
  return factors;
}

const AXES: readonly Axis[] = [0, 1, 2];
/** Slices first: each has to be requested whole. */
const LOWERED: readonly (readonly Axis[])[] = [[2], [0, 1], [0], [1]];

/** Columns and rows, or one of them, come before slices that are as fine. */
function finestAxes(axes: readonly Axis[], factors: Decimation, spacing: Vector3): Axis[] {
  const fineness = (axis: Axis): number => spacing[axis] * factors[axis];
  const finest = Math.min(...axes.map(fineness));
  const found = axes.filter((axis) => fineness(axis) <= finest * (1 + ROUNDING));
  const inPlane = found.filter((axis) => axis !== 2);
  return inPlane.length > 0 ? inPlane : found;
}

function changed(factors: Decimation, axes: readonly Axis[], by: 1 | -1): Decimation {
  const next = factors.map((factor, axis) => factor + (axes.includes(axis as Axis) ? by : 0));
  return [next[0] as number, next[1] as number, next[2] as number];
}

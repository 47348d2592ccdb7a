import { vec2, vec3 } from 'gl-matrix';
import { countOf } from '../../base/eligibilityReason.js';
import type { FrameMetadata, Vector3 } from '../../base/types.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import type { PlacedFrame } from '../planeAxes.js';
import { lowerMedian } from '../statistics.js';

/** The rounding of Image Position (Patient) in a stack that was regular before. */
export interface PositionRounding {
  /** The notation of the numbers, in words. */
  readonly writtenWith: string;
  /** Distance between slices of the regular grid that the positions were rounded from. */
  readonly spacingInMm: number;
  /** Largest change of a distance between two neighbours along the normal. */
  readonly ofDistanceInMm: number;
  /** Largest distance that a frame was moved along the normal. */
  readonly alongInMm: number;
  /** Largest distance that a frame was moved in its plane. */
  readonly inPlaneInMm: number;
  /** Number of slices in a distance between neighbours: 1, or more where slices are missing. */
  readonly stepsOf: (inMm: number) => number;
}

/** Numbers of one coordinate, and the unit of the last decimal that each is written with. */
interface WrittenAxis {
  readonly values: readonly number[];
  readonly units: readonly number[];
}

interface Notation {
  readonly writtenWith: string;
  readonly axes: readonly [WrittenAxis, WrittenAxis, WrittenAxis];
}

// Finer decimals move frames by less than the tolerances.
const MOST_DECIMALS = 3;
const MOST_DIGITS = 6;
/** Share of a unit within which a number is a multiple of it: room for sums of doubles, and for floats. */
const FLOAT_ERROR = 1e-4;
const REFINEMENTS = 3;

/**
 * Recognises positions of a regular stack that were rounded when they were written: a regular grid exists from which
 * no coordinate deviates by more than half a unit of its last written decimal.
 *
 * The last decimal is inferred from the numbers, not read from the text of the headers: metadata
 * providers and DICOM JSON give Decimal Strings as numbers (PS3.18 F.2.3), and text padded with zeros has
 * decimals that are not significant. A decimal is taken for the last when all differences
 * of a coordinate are multiples of its unit; digits in total count where an exponent was written
 * (PS3.5 6.2, DS).
 *
 * Whole units may also be true distances. Rounding is therefore assumed only while a unit is less than half the
 * distance between slices, so that a missing slice is still found, or where Spacing Between Slices states the
 * distance. Rounding also makes two distances of one, a unit apart, but no third.
 *
 * @param distinct - one frame of each position, ascending along the normal
 * @param normal - of unit length
 * @param offLineInMm - largest distance of a position from the line that passes without a finding
 * @returns undefined where rounding changes less than the tolerances, or does not explain the positions
 */
export function findPositionRounding(
  frames: readonly FrameMetadata[],
  distinct: readonly PlacedFrame[],
  normal: Vector3,
  tolerance: GeometryTolerance,
  offLineInMm: number,
): PositionRounding | undefined {
  if (distinct.length < 3) {
    return undefined;
  }
  const placed = distinct.flatMap(({ sourceIndex }) => frames[sourceIndex] ?? []);
  const positions = placed.map(({ imagePositionPatient }) => imagePositionPatient);
  const stated = lowerMedian(placed.map((frame) => Math.abs(frame.spacingBetweenSlices ?? 0)));
  const gaps = distinct.slice(1).map(({ along }, i) => along - (distinct[i]?.along ?? Number.NaN));
  const [x, y, z] = normal;
  for (const { writtenWith, axes } of notationsOf(positions)) {
    const units = axes.map((axis) => Math.max(...axis.units)) as unknown as Vector3;
    const ofDistanceInMm = vec3.dot(units, [Math.abs(x), Math.abs(y), Math.abs(z)]);
    const inPlane = units.map((unit, axis) => (unit / 2) ** 2 * (1 - normal[axis as 0] ** 2));
    if (units.every((unit) => unit === 0)) {
      continue;
    }
    const inPlaneInMm = Math.sqrt(inPlane.reduce((sum, square) => sum + square, 0));
    const grid = findGrid(gaps, ofDistanceInMm, stated, tolerance);
    const isNeeded =
      grid && (isIrregular(gaps, grid, tolerance) || isUneven(distinct, inPlaneInMm, offLineInMm));
    if (isNeeded && axes.every((axis) => isOnGrid(axis, grid.indices))) {
      return {
        writtenWith,
        spacingInMm: grid.spacingInMm,
        ofDistanceInMm,
        alongInMm: ofDistanceInMm / 2,
        inPlaneInMm,
        stepsOf: grid.stepsOf,
      };
    }
  }
  return undefined;
}

/**
 * The notations that explain the coordinates. Only coordinates that differ between frames count.
 */
function* notationsOf(positions: readonly Vector3[]): Generator<Notation> {
  const columns = ([0, 1, 2] as const).map((axis) => positions.map((each) => each[axis]));
  const varying = columns.filter(isVarying);
  const inUnits = (unitOf: (value: number) => number) =>
    columns.map((values) => ({
      values,
      units: values.map((value) => (isVarying(values) ? unitOf(value) : 0)),
    })) as unknown as Notation['axes'];
  const decimals = decimalsOf(varying);
  if (decimals !== undefined) {
    const writtenWith = decimals === 0 ? 'no decimals' : countOf(decimals, 'decimal');
    yield { writtenWith, axes: inUnits(() => 10 ** -decimals) };
  }
  const digits = digitsOf(varying.flat());
  if (digits !== undefined) {
    const writtenWith = countOf(digits, 'significant digit');
    yield { writtenWith, axes: inUnits((value) => unitOfDigits(value, digits)) };
  }
}

function isVarying(values: readonly number[]): boolean {
  const [first = 0] = values;
  return values.some((value) => Math.abs(value - first) > FLOAT_ERROR * 10 ** -MOST_DECIMALS);
}

/** Decimals of the differences: a common offset is irrelevant. */
function decimalsOf(columns: readonly (readonly number[])[]): number | undefined {
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const scale = 10 ** decimals;
    const isWhole = (units: number) => Math.abs(units - Math.round(units)) <= FLOAT_ERROR;
    const isWritten = (values: readonly number[]) =>
      values.every((value) => isWhole((value - (values[0] ?? 0)) * scale));
    if (columns.every(isWritten)) {
      return decimals;
    }
  }
  return undefined;
}

function digitsOf(values: readonly number[]): number | undefined {
  for (let digits = 2; digits <= MOST_DIGITS; digits++) {
    const isWritten = (value: number) =>
      Math.abs(Number(value.toPrecision(digits)) - value) <=
      FLOAT_ERROR * unitOfDigits(value, digits);
    if (values.every(isWritten)) {
      return digits;
    }
  }
  return undefined;
}

function unitOfDigits(value: number, digits: number): number {
  return value === 0 ? 0 : 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
}

interface Grid {
  readonly spacingInMm: number;
  /** Of each position, from 0. */
  readonly indices: readonly number[];
  readonly stepsOf: (inMm: number) => number;
}

/** The grid that distances were rounded from; undefined where they are right as they are, or too rough. */
function findGrid(
  gaps: readonly number[],
  ofDistanceInMm: number,
  statedInMm: number,
  tolerance: GeometryTolerance,
): Grid | undefined {
  const extent = gaps.reduce((sum, gap) => sum + gap, 0);
  const mean = extent / gaps.length;
  const near = Math.max(ofDistanceInMm, tolerance.largestRelativeSpacing * lowerMedian(gaps));
  const usual = gaps.filter((gap) => Math.abs(gap - lowerMedian(gaps)) <= near * (1 + FLOAT_ERROR));
  let spacingInMm = usual.reduce((sum, gap) => sum + gap, 0) / usual.length;
  const countSteps = (inMm: number) => Math.max(1, Math.round(inMm / spacingInMm));
  for (let i = 0; i < REFINEMENTS; i++) {
    spacingInMm = extent / gaps.reduce((sum, gap) => sum + countSteps(gap), 0);
  }
  const isPlain = ofDistanceInMm < spacingInMm / 2;
  const isStated =
    Math.abs(mean - statedInMm) <= Math.max(0.01 * mean, ofDistanceInMm / gaps.length);
  if (!isPlain && !isStated) {
    return undefined;
  }
  spacingInMm = isPlain ? spacingInMm : mean;
  const stepsOf = isPlain ? countSteps : () => 1;
  const indices = [0];
  gaps.forEach((gap, i) => indices.push((indices[i] ?? 0) + stepsOf(gap)));
  return { spacingInMm, indices, stepsOf };
}

/** Whether distances deviate by more than the tolerance from the distance of the grid. */
function isIrregular(
  gaps: readonly number[],
  { spacingInMm, stepsOf }: Grid,
  { relativeSpacing }: GeometryTolerance,
): boolean {
  const allowedInMm = relativeSpacing * spacingInMm;
  return gaps.some((gap) => stepsOf(gap) === 1 && Math.abs(gap - spacingInMm) > allowedInMm);
}

/** Whether rounding moves positions so far off their line that there would be a finding. */
function isUneven(
  distinct: readonly PlacedFrame[],
  inPlaneInMm: number,
  offLineInMm: number,
): boolean {
  const [first, last] = [distinct[0], distinct.at(-1)];
  if (!first || !last || 2 * inPlaneInMm <= offLineInMm) {
    return false;
  }
  const extent = last.along - first.along;
  return distinct.some(({ along, inPlane }) => {
    const onLine = vec2.lerp([0, 0], first.inPlane, last.inPlane, (along - first.along) / extent);
    return vec2.distance(inPlane, onLine) > offLineInMm / 2;
  });
}

/** Whether a line passes every number within half its unit, and the steps have at most two sizes. */
function isOnGrid({ values, units }: WrittenAxis, indices: readonly number[]): boolean {
  const widest = Math.max(...units);
  const steps = values.slice(1).flatMap((value, i) => {
    const isSingle = (indices[i + 1] ?? 0) - (indices[i] ?? 0) === 1;
    return isSingle ? value - (values[i] ?? Number.NaN) : [];
  });
  const spread = Math.max(...steps) - Math.min(...steps);
  if (
    steps.length > 0 &&
    spread > widest * (1 + 2 * FLOAT_ERROR) + FLOAT_ERROR / 10 ** MOST_DECIMALS
  ) {
    return false;
  }
  const slack = (unit: number) =>
    (unit / 2) * (1 + FLOAT_ERROR) + FLOAT_ERROR / 10 ** MOST_DECIMALS;
  const reach = indices.at(-1) ?? 1;
  const slope = ((values.at(-1) ?? 0) - (values[0] ?? 0)) / reach;
  const play = (slack(units[0] ?? 0) + slack(units.at(-1) ?? 0)) / reach;
  return comesDownToZero(
    (at) => {
      let lower = -Infinity;
      let upper = Infinity;
      values.forEach((value, i) => {
        const offset = value - at * (indices[i] ?? 0);
        lower = Math.max(lower, offset - slack(units[i] ?? 0));
        upper = Math.min(upper, offset + slack(units[i] ?? 0));
      });
      return lower - upper;
    },
    slope - play,
    slope + play,
  );
}

/** Whether a convex function reaches 0 between two places. */
function comesDownToZero(height: (at: number) => number, from: number, to: number): boolean {
  let [low, high] = [from, to];
  for (let i = 0; i < 60; i++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    const [atLeft, atRight] = [height(left), height(right)];
    if (Math.min(atLeft, atRight) <= 0) {
      return true;
    }
    [low, high] = atLeft < atRight ? [low, right] : [left, high];
  }
  return false;
}

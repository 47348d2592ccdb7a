import type { TestElement } from '../encodePart10.js';
import { sq, text } from '../imageElements.js';
import type { Syntax } from './cells.mjs';
import { COLUMNS, perPixel, ROWS, SLICES } from './frames.js';
import type { PixelFormat } from './frames.js';
import {
  enhancedImage,
  placeAlongZ,
  rescale,
  seriesOf,
  singleFrames,
  SPACING_IN_MM,
} from './writeSeries.js';
import type { KindSeries, SeriesWriter } from './writeSeries.js';

const SIGNED: PixelFormat = { bitsAllocated: 16, isSigned: true };
const UNSIGNED: PixelFormat = { bitsAllocated: 16 };
const BITS_12: PixelFormat = { bitsAllocated: 16, bitsStored: 12 };
const INTERCEPT = -200;

/** Columns and slices lie at these distances in mm; see `imageElements`. */
const COLUMN_IN_MM = 0.7;

/** Distances along the normal of five slices: the usual one is 2.5 mm. */
const PLACES = [0, 2.5, 5, 8.5, 10];

/** A ramp along the normal, which linear interpolation keeps: 20 for each mm. */
function irregular(syntax: Syntax, options?: KindSeries['options']): KindSeries {
  const ramp = (inMm: number): number[] =>
    perPixel(SIGNED, (column, row) => 3 * column + 7 * row + 20 * inMm);
  const { instances } = singleFrames({
    syntax,
    format: SIGNED,
    count: PLACES.length,
    values: (slice) => ramp(PLACES[slice] as number),
    place: (slice) => [-5, 7, PLACES[slice] as number],
    more: () => rescale(1, INTERCEPT),
  });
  return {
    instances,
    voxels: PLACES.map((_, slice) => ramp(2.5 * slice).map((value) => value + INTERCEPT)),
    ...(options && { options }),
  };
}

/** Columns from slice to slice against the rows. */
const TILT_IN_COLUMNS = 2;
/** Voxels of a CT without a pixel. */
const AIR_IN_HU = -1000;
const COLUMNS_OF_GRID = COLUMNS + TILT_IN_COLUMNS * (SLICES - 1);

function tilted(syntax: Syntax, options?: KindSeries['options']): KindSeries {
  const { instances, stored } = singleFrames({
    syntax,
    format: SIGNED,
    values: (slice) => perPixel(SIGNED, (column, row) => 10 * column + 7 * row + 24 * slice),
    place: (slice) => [-5 - TILT_IN_COLUMNS * COLUMN_IN_MM * slice, 7, SPACING_IN_MM * slice],
    more: () => rescale(1, INTERCEPT),
  });
  // The grid begins at the column of the last slice.
  const voxels = stored.map((values, slice) => {
    const shift = TILT_IN_COLUMNS * (SLICES - 1 - slice);
    return perPixel({ ...SIGNED, columns: COLUMNS_OF_GRID }, (column, row) => {
      const own = column - shift;
      return own >= 0 && own < COLUMNS
        ? (values[row * COLUMNS + own] as number) + INTERCEPT
        : AIR_IN_HU;
    });
  });
  return { instances, voxels, ...(options && { options }) };
}

const RESAMPLED = { onIrregular: 'resample' } as const;

const TIME_POINTS = 3;

/** All slices of a time point, then those of the next; Acquisition Time tells them apart. */
function timePoints(syntax: Syntax): KindSeries {
  const timeOf = (index: number): number => Math.floor(index / SLICES);
  return seriesOf(
    singleFrames({
      syntax,
      format: UNSIGNED,
      modality: 'MR',
      count: TIME_POINTS * SLICES,
      place: (index) => placeAlongZ(index % SLICES),
      more: (index) => [
        text(0x00080032, 'TM', `12000${timeOf(index)}`),
        text(0x00200100, 'IS', String(timeOf(index) + 1)),
      ],
    }),
    undefined,
    { timePoints: TIME_POINTS },
  );
}

/** Two time points of an enhanced image, told apart by Temporal Position Index. */
function timePointsEnhanced(syntax: Syntax): KindSeries {
  const index = (frame: number): TestElement => ({
    tag: 0x00209128,
    vr: 'UL',
    value: [Math.floor(frame / SLICES) + 1],
  });
  return seriesOf(
    enhancedImage({
      syntax,
      format: UNSIGNED,
      modality: 'MR',
      count: 2 * SLICES,
      place: (frame) => placeAlongZ(frame % SLICES),
      groupsOfFrame: (frame) => [sq(0x00209111, [index(frame)])],
    }),
    undefined,
    { timePoints: 2 },
  );
}

/** A CT series of which a volume keeps some voxels. */
function partOf(
  syntax: Syntax,
  isKept: (column: number, row: number, slice: number) => boolean,
  more: Partial<KindSeries>,
): KindSeries {
  const stack = singleFrames({ syntax, format: BITS_12, more: () => rescale(1, INTERCEPT) });
  const kept = stack.stored.map((values, slice) =>
    values.filter((_, i) => isKept(i % COLUMNS, Math.floor(i / COLUMNS), slice)),
  );
  const voxels = kept
    .filter((values) => values.length > 0)
    .map((values) => values.map((value) => value + INTERCEPT));
  return { instances: stack.instances, voxels, ...more };
}

const isWithin = ([min, max]: readonly [number, number], value: number): boolean =>
  min <= value && value <= max;

/** First and last index along columns, rows and slices. */
const BOX = [
  [3, 20],
  [2, 9],
  [1, 2],
] as const;

/** The same in mm: the voxels at its ends included. */
const BOX_IN_MM = [
  [-2.9, 9],
  [8.6, 14.2],
  [2.5, 5],
] as const;

/** A CT series of which a volume keeps a box. */
function bounded(syntax: Syntax, bounds: unknown): KindSeries {
  return partOf(
    syntax,
    (...index) => index.every((each, axis) => isWithin(BOX[axis] ?? [0, 0], each)),
    {
      options: { bounds },
      check: ({ dimensions, origin }) => {
        expect([...dimensions]).toEqual([18, 8, 2]);
        expect(origin.map((inMm) => Number(inMm.toFixed(6)))).toEqual([-2.9, 8.6, 2.5]);
      },
    },
  );
}

/** Writers of the kinds of volumes, by id. */
export const SHAPE_KINDS: Readonly<Record<string, SeriesWriter>> = {
  irregular: (syntax) => irregular(syntax),
  irregularResampled: (syntax) => irregular(syntax, RESAMPLED),
  tilted: (syntax) => tilted(syntax),
  tiltedResampled: (syntax) => tilted(syntax, RESAMPLED),
  timePoints,
  timePointsEnhanced,
  decimated: (syntax) =>
    partOf(syntax, (...index) => index.every((each) => each % 2 === 0), {
      options: { ijkDecimation: [2, 2, 2] },
      check: ({ dimensions, spacing }) => {
        expect([...dimensions]).toEqual([COLUMNS / 2, ROWS / 2, SLICES / 2]);
        expect(spacing.map((inMm) => Number(inMm.toFixed(6)))).toEqual([1.4, 1.6, 5]);
      },
    }),
  bounded: (syntax) => bounded(syntax, BOX),
  boundedInMm: (syntax) => bounded(syntax, { world: BOX_IN_MM }),
};

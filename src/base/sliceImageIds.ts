import type { Vector3 } from './types.js';

/** The contents of the imageId of a resampled slice. */
export interface ResampledSliceId {
  /** Centre of the first pixel in mm. */
  readonly position: Vector3;
  readonly columns: number;
  readonly rows: number;
  /** The frames that it is made of. It has the metadata of the first, except for position and size. */
  readonly sourceImageIds: readonly string[];
}

/** The scheme of these imageIds. */
export const RESAMPLED_SLICE_SCHEME = 'resampledSlice';

/**
 * Makes the imageId of a slice that is made of frames beside it. It contains the recipe of the slice, so that two
 * slices with one imageId have the same voxels, and it differs from the imageId of every frame.
 */
export function resampledSliceImageId({
  position,
  columns,
  rows,
  sourceImageIds,
}: ResampledSliceId): string {
  const sources = sourceImageIds.map(encodeURIComponent);
  return `${RESAMPLED_SLICE_SCHEME}:${[...position, columns, rows, ...sources].join(',')}`;
}

/** Parses an imageId of {@link resampledSliceImageId}; undefined for every other imageId. */
export function parseResampledSliceImageId(imageId: string): ResampledSliceId | undefined {
  if (!imageId.startsWith(`${RESAMPLED_SLICE_SCHEME}:`)) {
    return undefined;
  }
  const parts = imageId.slice(RESAMPLED_SLICE_SCHEME.length + 1).split(',');
  const [x = NaN, y = NaN, z = NaN, columns = NaN, rows = NaN] = parts.slice(0, 5).map(toNumber);
  const sourceImageIds = decodeAll(parts.slice(5));
  const isSize = [columns, rows].every((size) => Number.isInteger(size) && size > 0);
  return isSize && [x, y, z].every(Number.isFinite) && sourceImageIds.length > 0
    ? { position: [x, y, z], columns, rows, sourceImageIds }
    : undefined;
}

/** @returns none where one has a bad escape, such as `%E0%A4%A` */
function decodeAll(parts: readonly string[]): string[] {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    // `decodeURIComponent` throws only URIError: the imageId is not of this package.
    return [];
  }
}

/** NaN for an empty text, of which `Number` makes 0. */
function toNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

/** The contents of the imageId of a slice with a part of the columns and rows of another. */
export interface ReducedSliceId {
  /** The first column and row that are kept, from 0. */
  readonly firstColumn: number;
  readonly firstRow: number;
  /** Columns and rows from one that is kept to the next. */
  readonly columnStep: number;
  readonly rowStep: number;
  /** Columns and rows that are kept. */
  readonly columns: number;
  readonly rows: number;
  /** The whole slice: a frame, or a slice with an imageId of this module. */
  readonly wholeImageId: string;
}

/** The scheme of these imageIds. */
export const REDUCED_SLICE_SCHEME = 'reducedSlice';

/**
 * Makes the imageId of a slice with a part of the columns and rows of another. It differs from the imageId of the whole
 * slice, so that neither is taken for the other.
 */
export function reducedSliceImageId({ wholeImageId, ...part }: ReducedSliceId): string {
  const { firstColumn, firstRow, columnStep, rowStep, columns, rows } = part;
  const numbers = [firstColumn, firstRow, columnStep, rowStep, columns, rows];
  return `${REDUCED_SLICE_SCHEME}:${numbers.join(',')},${wholeImageId}`;
}

const REDUCED = new RegExp(`^${REDUCED_SLICE_SCHEME}:${'(\\d+),'.repeat(6)}(.+)$`, 's');

/** Parses an imageId of {@link reducedSliceImageId}; undefined for every other imageId. */
export function parseReducedSliceImageId(imageId: string): ReducedSliceId | undefined {
  const [, ...parts] = REDUCED.exec(imageId) ?? [];
  const numbers = parts.slice(0, 6).map(Number);
  const [firstColumn = 0, firstRow = 0, columnStep = 0, rowStep = 0, columns = 0, rows = 0] =
    numbers;
  const isPossible = [columnStep, rowStep, columns, rows].every((number) => number > 0);
  const wholeImageId = parts[6];
  return isPossible && wholeImageId !== undefined
    ? { firstColumn, firstRow, columnStep, rowStep, columns, rows, wholeImageId }
    : undefined;
}

/** The contents of a slice without a frame: background, or an interpolation between its neighbours. */
export type AbsentSliceFill = 'background' | 'interpolated';

/** The contents of the imageId of an absent slice. */
export interface AbsentSliceId {
  readonly fill: AbsentSliceFill;
  /** Centre of the first pixel in mm. */
  readonly position: Vector3;
  /** A frame of the series, whose metadata the slice has, except for the position. */
  readonly neighbourImageId: string;
}

/** The schemes of these imageIds; each is one word, as Cornerstone expects of a scheme. */
export const ABSENT_SLICE_SCHEMES: Readonly<Record<AbsentSliceFill, string>> = {
  background: 'absentSlice',
  interpolated: 'interpolatedSlice',
};

/**
 * Makes the imageId of a slice without a frame. Cornerstone needs an imageId for every slice of a volume.
 *
 * It describes the slice completely, without any state: volumes of the same frames have the same imageIds, which keep
 * their meaning after a volume is removed.
 */
export function absentSliceImageId({ fill, position, neighbourImageId }: AbsentSliceId): string {
  return `${ABSENT_SLICE_SCHEMES[fill]}:${position.join(',')},${neighbourImageId}`;
}

const NUMBER = '(-?[\\d.]+(?:e[-+]?\\d+)?)';
const PATTERN = new RegExp(`^([a-zA-Z]+):${NUMBER},${NUMBER},${NUMBER},(.+)$`, 's');

/** Parses an imageId of {@link absentSliceImageId}; undefined for every other imageId. */
export function parseAbsentSliceImageId(imageId: string): AbsentSliceId | undefined {
  const [, scheme, x, y, z, neighbourImageId] = PATTERN.exec(imageId) ?? [];
  const fills = Object.keys(ABSENT_SLICE_SCHEMES) as AbsentSliceFill[];
  const fill = fills.find((each) => ABSENT_SLICE_SCHEMES[each] === scheme);
  const position: Vector3 = [Number(x), Number(y), Number(z)];
  return fill && neighbourImageId !== undefined && position.every(Number.isFinite)
    ? { fill, position, neighbourImageId }
    : undefined;
}

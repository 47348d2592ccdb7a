import type { Vector3 } from './types.js';

/** What the imageId of a resampled slice says. */
export interface ResampledSliceId {
  /** Centre of the first pixel in mm. */
  readonly position: Vector3;
  readonly columns: number;
  readonly rows: number;
  /** The frames that it is made of. All but its place and its size is as in the first. */
  readonly sourceImageIds: readonly string[];
}

/** The scheme of these imageIds. */
export const RESAMPLED_SLICE_SCHEME = 'resampledSlice';

/**
 * Makes the imageId of a slice that is made of frames beside it. It says what the slice is made of, so
 * that two slices with one imageId have the same voxels, and never has the imageId of a frame, whose
 * pixels are others.
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

/** Reads what {@link resampledSliceImageId} has made; `undefined` for every other imageId. */
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
    // URIError is all that `decodeURIComponent` throws: this package has not made such an imageId.
    return [];
  }
}

/** `Number` makes 0 of nothing. */
function toNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

/** What a slice without a frame of its own shows: nothing, or what lies between its neighbours. */
export type AbsentSliceFill = 'background' | 'interpolated';

/** What the imageId of an absent slice says. */
export interface AbsentSliceId {
  readonly fill: AbsentSliceFill;
  /** Centre of the first pixel in mm. */
  readonly position: Vector3;
  /** A frame of the series, from which all but the position is taken. */
  readonly neighbourImageId: string;
}

/** The schemes of these imageIds; each is one word, as Cornerstone expects of a scheme. */
export const ABSENT_SLICE_SCHEMES: Readonly<Record<AbsentSliceFill, string>> = {
  background: 'absentSlice',
  interpolated: 'interpolatedSlice',
};

/**
 * Makes the imageId of a slice that no frame of the series lies at. Cornerstone needs one for every
 * slice of a volume.
 *
 * It says all that there is to know of the slice, so that nothing has to be remembered for it: volumes
 * of the same frames have the same imageIds, and they mean the same when the volume is gone.
 */
export function absentSliceImageId({ fill, position, neighbourImageId }: AbsentSliceId): string {
  return `${ABSENT_SLICE_SCHEMES[fill]}:${position.join(',')},${neighbourImageId}`;
}

const NUMBER = '(-?[\\d.]+(?:e[-+]?\\d+)?)';
const PATTERN = new RegExp(`^([a-zA-Z]+):${NUMBER},${NUMBER},${NUMBER},(.+)$`, 's');

/** Reads what {@link absentSliceImageId} has made; `undefined` for every other imageId. */
export function parseAbsentSliceImageId(imageId: string): AbsentSliceId | undefined {
  const [, scheme, x, y, z, neighbourImageId] = PATTERN.exec(imageId) ?? [];
  const fills = Object.keys(ABSENT_SLICE_SCHEMES) as AbsentSliceFill[];
  const fill = fills.find((each) => ABSENT_SLICE_SCHEMES[each] === scheme);
  const position: Vector3 = [Number(x), Number(y), Number(z)];
  return fill && neighbourImageId !== undefined && position.every(Number.isFinite)
    ? { fill, position, neighbourImageId }
    : undefined;
}

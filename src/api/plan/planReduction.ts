import type { AbsentSlice } from '../../base/eligibilityReason.js';
import { StreamingVolumeError } from '../../base/errors.js';
import type { PixelPick } from '../../base/voxels/pickPixels.js';
import { reducedSliceImageId } from '../../base/sliceImageIds.js';
import type { FrameMetadata, VolumeGeometry } from '../../base/types.js';
import {
  boxOfWorld,
  keptDimensions,
  positionOf,
  reduceGeometry,
  wholeBox,
} from '../../geometry/reduceGrid.js';
import type { Box, KeptVoxels, SliceReduction } from '../../geometry/reduceGrid.js';
import type { SliceSource, VolumeResampling } from '../../geometry/resampleStack.js';
import { numberOfComponents } from '../../geometry/voxelType.js';
import type { VolumeBounds, VolumeOptions } from '../options.js';
import type { VolumePlan } from './planVolume.js';

/** A plan of a volume that has a part of its frames' voxels, or all of them. */
export interface ReducedPlan extends VolumePlan {
  /** Undefined where slices have all columns and rows of their frames. */
  readonly reduction: SliceReduction | undefined;
  /** The frames without a voxel in the volume. */
  readonly skippedFrames: readonly FrameMetadata[];
}

/** What the cache or the graphics card could not take. */
export type TooLargeFor = 'cache' | 'texture';

/**
 * The voxels that the options `bounds` and `ijkDecimation` keep of a volume.
 *
 * @throws StreamingVolumeError with code `out-of-bounds` where the box has no voxel of the volume, or an index that
 *   the volume does not have
 */
export function keptVoxels(
  volumeId: string,
  { geometry, frames }: VolumePlan,
  { bounds, ijkDecimation }: Pick<VolumeOptions, 'bounds' | 'ijkDecimation'>,
): KeptVoxels {
  const [i = 1, j = i, k = 1] = ijkDecimation ?? [];
  return {
    box: bounds ? boxOf(bounds, volumeId, geometry, frames) : wholeBox(geometry),
    decimation: [Math.floor(i), Math.floor(j), Math.floor(k)],
  };
}

function boxOf(
  bounds: VolumeBounds,
  volumeId: string,
  geometry: VolumeGeometry,
  frames: readonly FrameMetadata[],
): Box {
  const fail = (what: string): never => {
    const { imageId = '' } = frames[0] ?? {};
    const size = geometry.dimensions.join(' x ');
    throw new StreamingVolumeError(
      'out-of-bounds',
      `Volume ${volumeId} of ${size} voxels cannot be cut to the option bounds: ${what} (first imageId: ${imageId})`,
      { volumeId, imageIds: [imageId] },
    );
  };
  if ('world' in bounds) {
    const { world } = bounds;
    const box = boxOfWorld(geometry, world);
    return box ?? fail(`no voxel lies in the box ${JSON.stringify(world)} in mm`);
  }
  const box = 'index' in bounds ? bounds.index : bounds;
  const whole = wholeBox(geometry);
  const outside = box.findIndex(([, max], axis) => max > (whole[axis] as Box[0])[1]);
  if (outside >= 0) {
    const [min, max] = box[outside] as Box[0];
    const [, last] = whole[outside] as Box[0];
    fail(`indices ${min} to ${max} along axis ${outside} go beyond the last index ${last}`);
  }
  return box;
}

/**
 * Plans the part of a volume that is kept. Each voxel lies where it lies in the whole volume.
 *
 * Slices that lack columns or rows have imageIds of their own. Slices that were to be interpolated between their
 * neighbours in the volume are made of the frames beside them, which need not be in the volume any more.
 *
 * @param tooLargeFor - why more is left out than the options say
 * @returns the plan itself where nothing is left out
 */
export function reducePlan(
  plan: VolumePlan,
  kept: KeptVoxels,
  tooLargeFor: readonly TooLargeFor[] = [],
): ReducedPlan {
  const { dimensions } = plan.geometry;
  if (keptDimensions(kept).every((size, axis) => size === dimensions[axis])) {
    return { ...plan, reduction: undefined, skippedFrames: [] };
  }
  const whole = withSources(plan);
  const { box, decimation } = kept;
  const geometry = reduceGeometry(plan.geometry, kept);
  const indices = Array.from(
    { length: geometry.dimensions[2] },
    (_, slice) => box[2][0] + slice * decimation[2],
  );
  const placeOf = new Map(indices.map((index, slice) => [index, slice]));
  const wholeSlices = indices.map((index) => plan.frames[index] as FrameMetadata);
  const pick = pickOf(kept, wholeSlices[0] as FrameMetadata);
  const isWhole = pick.keptColumns === pick.columns && pick.keptRows === pick.rows;
  const frames = isWhole ? wholeSlices : wholeSlices.map((slice) => reduceFrame(slice, pick));
  const moved = (slices: readonly AbsentSlice[]): AbsentSlice[] =>
    slices.flatMap(({ imageIdIndex }) => {
      const place = placeOf.get(imageIdIndex);
      return place === undefined
        ? []
        : [{ imageIdIndex: place, positionInMm: positionOf(geometry, [0, 0, place]) }];
    });
  const { resampling } = whole;
  const recipes = resampling && indices.map((index) => resampling.slices[index] ?? []);
  const requested = new Set(
    recipes
      ? recipes.flat().map(({ sourceIndex }) => resampling.sources[sourceIndex]?.imageId)
      : wholeSlices.map(({ imageId }) => imageId),
  );
  const skippedFrames = requestedFrames(plan).filter(({ imageId }) => !requested.has(imageId));
  const { geometryReport } = plan;
  return {
    frames,
    skippedFrames,
    geometry,
    absentFrames: whole.absentFrames.flatMap((index) => placeOf.get(index) ?? []),
    resampling: resampling && recipes && { ...resampling, slices: recipes },
    reduction: isWhole ? undefined : { wholeSlices, pick },
    geometryReport: {
      ...geometryReport,
      absentSlices: moved(geometryReport.absentSlices),
      resampledSlices: moved(geometryReport.resampledSlices),
      reduction: {
        wholeDimensions: dimensions,
        bounds: box,
        ijkDecimation: decimation,
        tooLargeFor,
        skippedImageIds: skippedFrames.map(({ imageId }) => imageId),
      },
    },
  };
}

/** The frames that are requested for a volume. */
export function requestedFrames({
  frames,
  absentFrames,
  resampling,
}: Pick<VolumePlan, 'frames' | 'absentFrames' | 'resampling'>): readonly FrameMetadata[] {
  const absent = new Set(absentFrames);
  return resampling?.sources ?? frames.filter((_, index) => !absent.has(index));
}

/** A plan whose interpolated slices, where it has some, name the frames that they are made of. */
function withSources(plan: VolumePlan): VolumePlan {
  const isInterpolated = plan.geometryReport.resampledSlices.length > 0 && !plan.resampling;
  if (!isInterpolated) {
    return plan;
  }
  const sources = requestedFrames(plan);
  const absent = new Set(plan.absentFrames);
  let before = -1;
  const slices = plan.frames.map((_, index): SliceSource[] => {
    if (!absent.has(index)) {
      before += 1;
      return [{ sourceIndex: before, weight: 1, shift: [0, 0] }];
    }
    const [from, to] = framesAround(absent, index);
    const weight = (index - from) / (to - from);
    return [
      { sourceIndex: before, weight: 1 - weight, shift: [0, 0] },
      { sourceIndex: before + 1, weight, shift: [0, 0] },
    ];
  });
  const resampling: VolumeResampling = { sources, slices, padding: 0 };
  return { ...plan, absentFrames: [], resampling };
}

/** The end slices of a grid are never absent. */
function framesAround(absent: ReadonlySet<number>, index: number): [number, number] {
  let [from, to] = [index, index];
  while (absent.has(from)) {
    from -= 1;
  }
  while (absent.has(to)) {
    to += 1;
  }
  return [from, to];
}

function pickOf({ box, decimation }: KeptVoxels, slice: FrameMetadata): PixelPick {
  const [keptColumns, keptRows] = keptDimensions({ box, decimation });
  return {
    columns: slice.columns,
    rows: slice.rows,
    components: numberOfComponents(slice),
    firstColumn: box[0][0],
    firstRow: box[1][0],
    columnStep: decimation[0],
    rowStep: decimation[1],
    keptColumns,
    keptRows,
  };
}

function reduceFrame(slice: FrameMetadata, pick: PixelPick): FrameMetadata {
  const { firstColumn, firstRow, columnStep, rowStep, keptColumns, keptRows } = pick;
  const { imagePositionPatient, imageOrientationPatient, pixelSpacing } = slice;
  const [betweenRows, betweenColumns] = pixelSpacing;
  const plane: VolumeGeometry = {
    dimensions: [slice.columns, slice.rows, 1],
    spacing: [betweenColumns, betweenRows, 0],
    origin: imagePositionPatient,
    direction: [...imageOrientationPatient, 0, 0, 0],
  };
  const part = { firstColumn, firstRow, columnStep, rowStep, columns: keptColumns, rows: keptRows };
  return {
    ...slice,
    imageId: reducedSliceImageId({ ...part, wholeImageId: slice.imageId }),
    columns: keptColumns,
    rows: keptRows,
    imagePositionPatient: positionOf(plane, [firstColumn, firstRow, 0]),
    pixelSpacing: [betweenRows * rowStep, betweenColumns * columnStep],
  };
}

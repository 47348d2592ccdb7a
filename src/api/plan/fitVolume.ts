import { cache, canRenderFloatTextures, eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { GeometryReport, VolumeReduction } from '../../base/eligibilityReason.js';
import { IDENTITY_RESCALE, isIntegerRescale } from '../../base/voxels/rescale.js';
import type { FrameMetadata } from '../../base/types.js';
import { VOLUME_DECIMATED } from '../../base/volumeEvents.js';
import { VOXEL_ARRAY_TYPES } from '../../base/voxels/voxelTypes.js';
import { decimationThatFits, keptDimensions } from '../../geometry/reduceGrid.js';
import { numberOfComponents, planVoxelTypes } from '../../geometry/voxelType.js';
import type { VoxelTypes } from '../../geometry/voxelType.js';
import { max3DTextureSize } from '../../volume/createVolumeTexture.js';
import type { CreateVolumeOptions } from '../options.js';
import { keptVoxels, reducePlan, requestedFrames } from './planReduction.js';
import type { ReducedPlan, TooLargeFor } from './planReduction.js';
import { planVolume } from './planVolume.js';
import type { VolumePlan } from './planVolume.js';
import { offeredVolumes } from '../creation/prefetchedOffers.js';

/** The detail of {@link VOLUME_DECIMATED}. */
export interface VolumeDecimated extends Pick<
  VolumeReduction,
  'wholeDimensions' | 'bounds' | 'ijkDecimation' | 'tooLargeFor'
> {
  readonly volumeId: string;
  /** `[columns, rows, slices]` of the volume. */
  readonly dimensions: readonly [number, number, number];
}

/** Triggers the event of a volume that `onTooLarge` has reduced; does nothing for others. */
export function tellDecimated(volumeId: string, { reduction }: GeometryReport): void {
  if (reduction && reduction.tooLargeFor.length > 0) {
    const { wholeDimensions, bounds, ijkDecimation, tooLargeFor } = reduction;
    const dimensions = keptDimensions({ box: bounds, decimation: ijkDecimation });
    const detail: VolumeDecimated = {
      volumeId,
      dimensions,
      wholeDimensions,
      bounds,
      ijkDecimation,
      tooLargeFor,
    };
    triggerEvent(eventTarget, VOLUME_DECIMATED, detail);
  }
}

/** How the voxels of a volume are stored. */
export interface VoxelFormat {
  /** Whether they are modality values. */
  readonly isPreScaled: boolean;
  readonly voxelTypes: VoxelTypes;
  /** Values of a voxel. */
  readonly components: number;
}

/**
 * Chooses how the voxels of planned volumes of one creation, such as time points, are stored.
 *
 * @throws StreamingVolumeError with code `value-out-of-range`, as `planVoxelTypes` does
 */
export function chooseVoxelFormat(
  plans: readonly [ReducedPlan, ...ReducedPlan[]],
  { voxelType = 'likely' }: CreateVolumeOptions,
): VoxelFormat {
  const requested = plans.flatMap(({ resampling, frames }) => resampling?.sources ?? frames);
  const isPreScaled =
    canRenderFloatTextures() || requested.every(({ rescale }) => isIntegerRescale(rescale));
  const isOfOtherScale = !isPreScaled && plans.some(({ resampling }) => resampling);
  return {
    isPreScaled,
    voxelTypes: planVoxelTypes(
      isPreScaled ? requested : requested.map(withoutRescale),
      // An interpolation between stored values of two scales may be out of the range of both.
      isOfOtherScale && voxelType === 'likely' ? 'headers' : voxelType,
    ),
    components: numberOfComponents(plans[0].frames[0] as FrameMetadata),
  };
}

/** For GPUs that do not interpolate floats: the rescale is applied when a value is read. */
function withoutRescale(frame: FrameMetadata): FrameMetadata {
  return { ...frame, rescale: IDENTITY_RESCALE, modalityLut: undefined };
}

/**
 * Plans the part of a volume that the options keep and, where they ask for it, the part of that which the cache and
 * the 3D textures of the browser can take. A volume for which not even one voxel fits is planned as the options say.
 *
 * @throws StreamingVolumeError as `planVolume`, `keptVoxels` and `chooseVoxelFormat` do
 */
export function planFittingVolume(volumeId: string, options: CreateVolumeOptions): ReducedPlan {
  return fitPlan(volumeId, planVolume(volumeId, options), options);
}

/**
 * Plans the same part of each time point, as {@link planFittingVolume} does for a volume. The cache and the 3D textures
 * hold single time points.
 *
 * @param wholes - with the same geometry
 * @throws as {@link planFittingVolume} does
 */
export function fitTimePoints(
  volumeId: string,
  [first, ...others]: readonly [VolumePlan, ...VolumePlan[]],
  options: CreateVolumeOptions,
): [ReducedPlan, ...ReducedPlan[]] {
  const fitted = fitPlan(volumeId, first, options, others);
  const { reduction } = fitted.geometryReport;
  const kept = reduction
    ? { box: reduction.bounds, decimation: reduction.ijkDecimation }
    : keptVoxels(volumeId, first, {});
  const tooLargeFor = reduction?.tooLargeFor ?? [];
  return [fitted, ...others.map((whole) => reducePlan(whole, kept, tooLargeFor))];
}

/** @param others - of the same creation, such as time points: all have the voxel type that each of them needs */
function fitPlan(
  volumeId: string,
  whole: VolumePlan,
  options: CreateVolumeOptions,
  others: readonly VolumePlan[] = [],
): ReducedPlan {
  const kept = keptVoxels(volumeId, whole, options);
  const plan = reducePlan(whole, kept);
  if (options.onTooLarge !== 'decimate') {
    return plan;
  }
  const plans = [plan, ...others.map((other) => reducePlan(other, kept))] as const;
  const { voxelTypes, components } = chooseVoxelFormat(plans, options);
  const bytesPerVoxel = components * VOXEL_ARRAY_TYPES[voxelTypes.initial].BYTES_PER_ELEMENT;
  const longestSide = max3DTextureSize();
  const exceeded = (dimensions: readonly number[]): TooLargeFor[] => {
    const sizeInBytes = dimensions.reduce((product, size) => product * size, bytesPerVoxel);
    const isTooLong = dimensions.some((size) => size > longestSide);
    return [
      ...(cache.isCacheable(sizeInBytes) ? [] : ['cache' as const]),
      ...(isTooLong ? ['texture' as const] : []),
    ];
  };
  const tooLargeFor = exceeded(plan.geometry.dimensions);
  if (tooLargeFor.length === 0) {
    return plan;
  }
  // The memory of a prefetched volume is taken over: it counts in the cache already.
  const offered = offeredVolumes().flatMap(({ imageIds, geometryReport: { reduction } }) => {
    const isOfSameBox =
      reduction !== undefined &&
      reduction.tooLargeFor.length > 0 &&
      JSON.stringify(reduction.bounds) === JSON.stringify(kept.box);
    const planned = isOfSameBox
      ? reducePlan(whole, { ...kept, decimation: reduction.ijkDecimation }, reduction.tooLargeFor)
      : plan;
    return hasFrames(planned, imageIds) ? [planned] : [];
  });
  const decimation = decimationThatFits(
    kept,
    whole.geometry.spacing,
    (dimensions) => exceeded(dimensions).length === 0,
  );
  const fitting = decimation && reducePlan(whole, { ...kept, decimation }, tooLargeFor);
  return offered[0] ?? fitting ?? plan;
}

function hasFrames({ frames }: ReducedPlan, imageIds: readonly string[]): boolean {
  return (
    frames.length === imageIds.length &&
    frames.every(({ imageId }, index) => imageId === imageIds[index])
  );
}

/** The imageId by which the first request of a volume is made. */
export function firstRequested({ reduction, ...plan }: ReducedPlan): string {
  const [first] = requestedFrames({ ...plan, frames: reduction?.wholeSlices ?? plan.frames });
  return first?.imageId ?? '';
}

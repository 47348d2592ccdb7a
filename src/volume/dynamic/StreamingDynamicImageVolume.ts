import { Enums, eventTarget, triggerEvent } from '@cornerstonejs/core';
import { callApplication } from '../../base/callApplication.js';
import { StreamingImageVolume } from '../StreamingImageVolume.js';
import type { DynamicVoxelMembers } from './createDynamicVoxelManager.js';
import type { DynamicVolumeProps } from './DynamicVolumeProps.js';
import { TimePoints } from './TimePoints.js';
import { wrap } from './timePointOrder.js';
import type { PlayDirection } from './timePointOrder.js';
import { readMaskTimeSeries, readVoxelTimeSeries } from './timeSeries.js';
import type { MaskTimeSeries, TimeSeriesValue } from './timeSeries.js';

/**
 * A volume of several time points (4D), each in one contiguous array of its own, which is allocated when the time
 * point is first wanted. Dimension group numbers count from 1, as in core's `StreamingDynamicImageVolume`; the
 * deprecated time points from 0.
 *
 * The voxels, the voxel manager and the picture are those of the current time point. The imageIds are those of all time
 * points, one after the other, and so are the counts and lists of frames.
 */
export class StreamingDynamicImageVolume extends StreamingImageVolume {
  /** How many time points there are. */
  override readonly numDimensionGroups: number;
  declare voxelManager: StreamingImageVolume['voxelManager'] & DynamicVoxelMembers;
  readonly #timePoints: TimePoints;
  readonly #splittingTag: string | null;

  /**
   * @param props - from the volume loader, which has checked the frames
   * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed`
   * @internal
   */
  constructor(props: DynamicVolumeProps) {
    const timePoints = new TimePoints(props);
    super(timePoints.firstProps, timePoints);
    this.#timePoints = timePoints;
    this.#splittingTag = props.splittingTag;
    this.numDimensionGroups = props.timePoints.length;
    this.numFrames = this.dimensions[2];
  }

  /** The current time point, from 1. */
  get dimensionGroupNumber(): number {
    return this.#timePoints.current + 1;
  }

  /**
   * Shows another time point in the next render. Its frames are loaded before all others, if `load` was called and
   * not cancelled since. Triggers DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED.
   *
   * @throws TypeError when there is no such time point
   * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed` when there is no memory for it
   */
  set dimensionGroupNumber(dimensionGroupNumber: number) {
    this.#show(dimensionGroupNumber - 1);
  }

  /**
   * The current time point, from 0.
   *
   * @deprecated use {@link dimensionGroupNumber}, which counts from 1
   */
  get timePointIndex(): number {
    return this.#timePoints.current;
  }

  /** @deprecated use {@link dimensionGroupNumber}, which counts from 1 */
  set timePointIndex(timePointIndex: number) {
    this.#show(timePointIndex);
  }

  /** What tells the time points apart, by core's name for it; null where there is one time point. */
  get splittingTag(): string {
    // Core's type leaves null out, which core gives too.
    return this.#splittingTag as string;
  }

  /**
   * Goes to another time point: beyond the last one to the first one, and beyond the first one to the last one.
   *
   * @param delta - a number of time points; its sign is the direction that the next ones are loaded in
   */
  scroll(delta: number): void {
    const target = this.#timePoints.current + delta;
    const last = this.numDimensionGroups - 1;
    const index = target < 0 ? last : target > last ? 0 : target;
    this.#show(index, delta < 0 ? -1 : 1);
  }

  /** The imageIds of the current time point, in volume order. */
  getCurrentDimensionGroupImageIds(): string[] {
    return this.#timePoints.imageIdsOf(this.#timePoints.current);
  }

  /** The time point, from 1, of an index into the imageIds of the volume. */
  flatImageIdIndexToDimensionGroupNumber(flatImageIdIndex: number): number {
    return Math.floor(flatImageIdIndex / this.dimensions[2]) + 1;
  }

  /** The slice, from 0, of an index into the imageIds of the volume. */
  flatImageIdIndexToImageIdIndex(flatImageIdIndex: number): number {
    return wrap(flatImageIdIndex, this.dimensions[2]);
  }

  /** Whether every frame of a time point is loaded, and its memory was not released since. */
  isDimensionGroupLoaded(dimensionGroupNumber: number): boolean {
    return this.#timePoints.isLoaded(dimensionGroupNumber - 1);
  }

  /**
   * The values of one voxel over time: one for each time point, undefined where the voxel's frame is not loaded.
   * Makes no request, and copies nothing else.
   *
   * @param ijk - column, row and slice, from 0
   * @throws TypeError when there is no such voxel
   */
  getVoxelTimeSeries(ijk: readonly number[]): (TimeSeriesValue | undefined)[] {
    return readVoxelTimeSeries(this.#timePoints, this.dimensions, ijk);
  }

  /**
   * The values of the voxels of a mask over time, and their means: for each time point, undefined where a frame that the
   * mask touches is not loaded. Makes no request, and copies the voxels of the mask only.
   *
   * @param mask - one number for each voxel, such as the scalar data of a labelmap with the same dimensions
   * @param segment - the number of the voxels that count; default: all numbers but 0
   * @throws TypeError when the mask has another size, and for a colour volume
   */
  getMaskTimeSeries(mask: ArrayLike<number>, segment?: number): MaskTimeSeries {
    return readMaskTimeSeries(this.#timePoints, mask, segment);
  }

  /** The slice of an index into the imageIds. */
  override imageIdIndexToFrameIndex(imageIdIndex: number): number {
    return this.flatImageIdIndexToImageIdIndex(imageIdIndex);
  }

  #show(timePointIndex: number, direction?: PlayDirection): void {
    if (!this.#timePoints.show(timePointIndex, direction)) {
      return;
    }
    const { volumeId, dimensionGroupNumber, numDimensionGroups, splittingTag } = this;
    callApplication(() =>
      triggerEvent(eventTarget, Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED, {
        volumeId,
        dimensionGroupNumber,
        numDimensionGroups,
        imageIdGroupIndex: timePointIndex,
        numImageIdGroups: numDimensionGroups,
        splittingTag,
      }),
    );
  }
}

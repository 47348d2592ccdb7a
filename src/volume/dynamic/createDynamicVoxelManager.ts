import type { Types } from '@cornerstonejs/core';
import type { FrameStore } from '../../base/voxels/FrameStore.js';
import type { VolumeArray } from '../../base/types.js';
import { createVoxelManager } from '../createVoxelManager.js';
import type { VolumeVoxelManager } from '../createVoxelManager.js';

/** The time points behind a voxel manager. Their indices count from 0. */
export interface VoxelTimePoints {
  readonly current: number;
  /** The voxels of the current time point. */
  readonly store: FrameStore;
  /** The voxels of a time point; undefined while it has no memory. */
  storeAt(timePointIndex: number): FrameStore | undefined;
  /**
   * The voxels of a time point.
   *
   * @throws StreamingVolumeError with code `frame-not-loaded` while it has no memory
   */
  requireStore(timePointIndex: number): FrameStore;
  /** The imageId of a slice of the current time point, from 0. */
  imageIdAt(sliceIndex: number): string;
  /** Makes a time point the current one. */
  show(timePointIndex: number): void;
}

/** What a dynamic voxel manager is made of. */
interface DynamicVoxelManagerOptions {
  readonly volumeId: string;
  readonly dimensions: readonly [number, number, number];
  readonly numberOfComponents: number;
  readonly timePoints: VoxelTimePoints;
}

/** The value of one voxel: three numbers of a colour volume; null where its time point has no memory. */
export type VoxelValue = number | Types.RGB | null;

/**
 * The members that core's `createScalarDynamicVolumeVoxelManager` (utilities/VoxelManager.js) adds. Dimension group
 * numbers count from 1; the deprecated time points from 0.
 */
export interface DynamicVoxelMembers {
  /** Makes a time point the current one, of the volume too. */
  setDimensionGroupNumber(dimensionGroupNumber: number): void;
  getCurrentDimensionGroupNumber(): number;
  /** The live voxels of the current time point, never a copy. */
  getCurrentDimensionGroupScalarData(): VolumeArray;
  /**
   * The live voxels of a time point, never a copy; 0 where its frames are not loaded.
   *
   * @throws StreamingVolumeError with code `frame-not-loaded` while the time point has no memory
   */
  getDimensionGroupScalarData(dimensionGroupNumber: number): VolumeArray;
  /** A voxel of a time point; null, as in core, while the time point has no memory. */
  getAtIndexAndDimensionGroup(index: number, dimensionGroupNumber: number): VoxelValue;
  /** @deprecated use {@link setDimensionGroupNumber} */
  setTimePoint(timePoint: number): void;
  /** @deprecated use {@link getCurrentDimensionGroupNumber} */
  getCurrentTimePoint(): number;
  /** @deprecated use {@link getCurrentDimensionGroupScalarData} */
  getCurrentTimePointScalarData(): VolumeArray;
  /** @deprecated use {@link getDimensionGroupScalarData} */
  getTimePointScalarData(timePoint: number): VolumeArray;
  /** @deprecated use {@link getAtIndexAndDimensionGroup} */
  getAtIndexAndTimePoint(index: number, timePoint: number): VoxelValue;
}

/**
 * Makes the voxel manager of a volume of time points: that of a volume, which reads and writes the current time
 * point, with {@link DynamicVoxelMembers}.
 */
export function createDynamicVoxelManager({
  volumeId,
  dimensions,
  numberOfComponents,
  timePoints,
}: DynamicVoxelManagerOptions): VolumeVoxelManager & DynamicVoxelMembers {
  const manager = createVoxelManager({
    volumeId,
    store: {
      get data() {
        return timePoints.store.data;
      },
      get mayWiden() {
        return timePoints.store.mayWiden;
      },
      frame: (sliceIndex) => timePoints.store.frame(sliceIndex),
      isWritten: (sliceIndex) => timePoints.store.isWritten(sliceIndex),
      makeRoom: (needs, imageId) => timePoints.store.makeRoom(needs, imageId),
      getRange: () => timePoints.store.getRange(),
      invalidateRange: (sliceIndex) => {
        timePoints.store.invalidateRange(sliceIndex);
      },
    },
    imageIdAt: (sliceIndex) => timePoints.imageIdAt(sliceIndex),
    dimensions,
    numberOfComponents,
    isFixed: false,
  });
  const valueAt = (index: number, timePointIndex: number): VoxelValue => {
    const data = timePoints.storeAt(timePointIndex)?.data;
    if (!data) {
      return null;
    }
    const start = index * numberOfComponents;
    return numberOfComponents === 1
      ? (data[start] as number)
      : ([data[start], data[start + 1], data[start + 2]] as Types.RGB);
  };
  const scalarData = (timePointIndex: number) => timePoints.requireStore(timePointIndex).data;
  const members: DynamicVoxelMembers = {
    setDimensionGroupNumber: (dimensionGroupNumber) => {
      timePoints.show(dimensionGroupNumber - 1);
    },
    getCurrentDimensionGroupNumber: () => timePoints.current + 1,
    getCurrentDimensionGroupScalarData: () => timePoints.store.data,
    getDimensionGroupScalarData: (dimensionGroupNumber) => scalarData(dimensionGroupNumber - 1),
    getAtIndexAndDimensionGroup: (index, dimensionGroupNumber) =>
      valueAt(index, dimensionGroupNumber - 1),
    setTimePoint: (timePoint) => {
      timePoints.show(timePoint);
    },
    getCurrentTimePoint: () => timePoints.current,
    getCurrentTimePointScalarData: () => timePoints.store.data,
    getTimePointScalarData: scalarData,
    getAtIndexAndTimePoint: valueAt,
  };
  return Object.assign(manager, members);
}

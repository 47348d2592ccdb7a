import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { FrameStore } from '../frames/FrameStore.js';
import type { VolumeArray } from '../types.js';

/** A voxel manager of Cornerstone, for one or for three components. */
export type VolumeVoxelManager = Types.IVoxelManager<number> | Types.IVoxelManager<Types.RGB>;

/**
 * Makes the voxel manager of a volume: Cornerstone's own for one scalar array, with the members that
 * Cornerstone and its tools call without a guard.
 *
 * Every read comes from the one array, so that it is always the newest write.
 */
export function createVoxelManager(
  store: FrameStore,
  dimensions: readonly [number, number, number],
  numberOfComponents: number,
  volumeId: string,
): VolumeVoxelManager {
  const manager = utilities.VoxelManager.createScalarVolumeVoxelManager({
    dimensions: [...dimensions],
    scalarData: store.data,
    numberOfComponents,
    id: volumeId,
  });
  const [columns, rows, slices] = dimensions;
  const voxelsPerFrame = columns * rows;
  const middle = Math.floor(slices / 2);
  const Constructor = store.data.constructor as new (length: number) => VolumeArray;

  const { data } = store;
  const setVoxel = manager._set;
  const getSliceOfPlane = manager.getSliceData;
  // Cornerstone asks its own through three calls for each voxel.
  const scalarReads = {
    _get: (index: number) => data[index],
    getAtIndex: (index: number) => data[index],
    getAtIJK: (i: number, j: number, k: number) => data[i + columns * j + voxelsPerFrame * k],
  };
  return Object.assign(manager, numberOfComponents === 1 ? scalarReads : {}, {
    _getConstructor: () => Constructor,
    _set: (index: number, value: never) => {
      store.invalidateRange(Math.floor(index / voxelsPerFrame));
      return setVoxel(index, value);
    },
    // [0, 0] is Cornerstone's way to say that the range is not known yet.
    getRange: (): [number, number] => {
      const range = store.getRange();
      return range ? [range.min, range.max] : [0, 0];
    },
    getMinMax: () => store.getRange() ?? { min: 0, max: 0 },
    getCompleteScalarDataArray: () => data,
    setCompleteScalarDataArray: (values: ArrayLike<number>) => {
      data.set(values);
      store.invalidateRange();
    },
    clear: () => {
      data.fill(0);
      store.invalidateRange();
    },
    // No voxel is held twice, and CPU rendering calls this whenever a frame has come.
    invalidateCache: () => undefined,
    getSliceData: (slice: { sliceIndex: number; slicePlane: number }) =>
      slice.slicePlane === 2 ? store.frame(slice.sliceIndex).slice() : getSliceOfPlane(slice),
    // Window/level tools derive a speed from this slice; from zeros they derive 0 and freeze.
    getMiddleSliceData: () =>
      store.isWritten(middle) ? store.frame(middle).slice() : new Constructor(0),
  });
}

import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { FrameStore } from '../base/voxels/FrameStore.js';
import { IDENTITY_RESCALE } from '../base/voxels/rescale.js';
import type { VolumeArray } from '../base/types.js';
import { voxelNeeds } from '../base/voxels/voxelTypes.js';

/** A voxel manager of Cornerstone, for one or for three components. */
export type VolumeVoxelManager = Types.IVoxelManager<number> | Types.IVoxelManager<Types.RGB>;

/** What a voxel manager is made of. */
interface VoxelManagerSource {
  readonly volumeId: string;
  readonly store: VoxelStore;
  /** The imageId of a slice, for errors. */
  readonly imageIdAt: (sliceIndex: number) => string;
  /** `[columns, rows, slices]`. */
  readonly dimensions: readonly [number, number, number];
  readonly numberOfComponents: number;
  /** Whether the array of the store stays the same, so that it can be read without the store. */
  readonly isFixed: boolean;
}

/** The members that a voxel manager uses of a store; of the current one, where a volume has several. */
export type VoxelStore = Pick<
  FrameStore,
  'data' | 'frame' | 'getRange' | 'invalidateRange' | 'isWritten' | 'makeRoom' | 'mayWiden'
>;

/**
 * Makes the voxel manager of a volume: Cornerstone's own for one scalar array, with the members that
 * Cornerstone and its tools call without a guard.
 *
 * Every read is of the store's present array, so that it is the newest write, also after the store has widened. A
 * value that is set and that the store's type does not hold widens the store where a frame with that value would.
 */
export function createVoxelManager({
  volumeId,
  store,
  imageIdAt,
  dimensions,
  numberOfComponents,
  isFixed,
}: VoxelManagerSource): VolumeVoxelManager {
  const manager = utilities.VoxelManager.createScalarVolumeVoxelManager({
    dimensions: [...dimensions],
    scalarData: store.data,
    numberOfComponents,
    id: volumeId,
  });
  const [columns, rows, slices] = dimensions;
  const voxelsPerFrame = columns * rows;
  const middle = Math.floor(slices / 2);
  const getConstructor = () => store.data.constructor as new (length: number) => VolumeArray;
  const getSliceOfPlane =
    numberOfComponents === 1 ? manager.getSliceData : colorSlices(store, dimensions);
  // Workaround: core's members (utilities/VoxelManager.js) make three calls for each voxel, and keep the array that
  // they were made with. Remove when they read `scalarData` at each call, in one call for each voxel.
  const scalarMembers = {
    ...(isFixed
      ? fixedReads(store.data, columns, voxelsPerFrame)
      : liveReads(store, columns, voxelsPerFrame)),
    _set: (index: number, value: number): boolean => {
      const sliceIndex = Math.floor(index / voxelsPerFrame);
      if (store.mayWiden && index >= 0 && sliceIndex < slices) {
        store.makeRoom(voxelNeeds([value], IDENTITY_RESCALE), imageIdAt(sliceIndex));
      }
      const { data } = store;
      const isChanged = data[index] !== value;
      store.invalidateRange(sliceIndex);
      data[index] = value;
      return isChanged;
    },
  };
  const colorMembers = {
    _get: (index: number): Types.RGB => {
      const { data } = store;
      const start = index * numberOfComponents;
      return [data[start], data[start + 1], data[start + 2]] as Types.RGB;
    },
    _set: (index: number, [red, green, blue]: Types.RGB): boolean => {
      const { data } = store;
      const start = index * numberOfComponents;
      const isChanged =
        data[start] !== red || data[start + 1] !== green || data[start + 2] !== blue;
      store.invalidateRange(Math.floor(index / voxelsPerFrame));
      data[start] = red;
      data[start + 1] = green;
      data[start + 2] = blue;
      return isChanged;
    },
  };
  const setAll = (values: ArrayLike<number>): void => {
    if (store.mayWiden) {
      store.makeRoom(voxelNeeds(values, IDENTITY_RESCALE), imageIdAt(middle));
    }
    store.data.set(values);
    store.invalidateRange();
  };
  Object.defineProperty(manager, 'scalarData', {
    get: () => store.data,
    set: setAll,
    enumerable: true,
  });
  return Object.assign(manager, numberOfComponents === 1 ? scalarMembers : colorMembers, {
    _getConstructor: getConstructor,
    // In Cornerstone, [0, 0] is a range that is not known yet.
    getRange: (): [number, number] => {
      const range = store.getRange();
      return range ? [range.min, range.max] : [0, 0];
    },
    getMinMax: () => store.getRange() ?? { min: 0, max: 0 },
    getCompleteScalarDataArray: () => store.data,
    setCompleteScalarDataArray: setAll,
    clear: () => {
      store.data.fill(0);
      store.invalidateRange();
    },
    // No voxel is held twice, and CPU rendering calls this for each frame that arrives.
    invalidateCache: () => undefined,
    getSliceData: (slice: SliceRequest) =>
      slice.slicePlane === 2 ? store.frame(slice.sliceIndex).slice() : getSliceOfPlane(slice),
    // Workaround: WindowLevelTool (tools/WindowLevelTool.js) derives its speed from the dynamic range of this slice;
    // from zeros it derives 0 and stands still. Remove when it takes a least speed, or the range of the volume.
    getMiddleSliceData: () =>
      store.isWritten(middle) ? store.frame(middle).slice() : new (getConstructor())(0),
  });
}

/**
 * Slices of colours across the stack.
 *
 * Workaround: core's `getSliceData` (utilities/VoxelManager.js; 5.6.8 to 5.14) allocates one value for each voxel of
 * such a slice, so that two thirds of three components are cut off. Remove when it allocates all components.
 */
function colorSlices(
  store: VoxelStore,
  [columns, rows, slices]: readonly [number, number, number],
) {
  return ({ sliceIndex, slicePlane }: SliceRequest): VolumeArray => {
    if (slicePlane !== 0 && slicePlane !== 1) {
      throw new TypeError(`Expected slicePlane to be 0, 1 or 2, got ${slicePlane}`);
    }
    const { data } = store;
    const count = slicePlane === 0 ? rows : columns;
    const slice = new (data.constructor as new (length: number) => VolumeArray)(3 * count * slices);
    for (let k = 0; k < slices; k++) {
      for (let i = 0; i < count; i++) {
        const [column, row] = slicePlane === 0 ? [sliceIndex, i] : [i, sliceIndex];
        const from = 3 * (column + columns * (row + rows * k));
        slice.set(data.subarray(from, from + 3), 3 * (i + count * k));
      }
    }
    return slice;
  };
}

/** Which slice `getSliceData` gives: `slicePlane` is the axis that it stands upright on. */
interface SliceRequest {
  readonly sliceIndex: number;
  readonly slicePlane: number;
}

/** How single voxels are read. */
interface VoxelReads {
  readonly _get: (index: number) => number | undefined;
  readonly getAtIndex: (index: number) => number | undefined;
  readonly getAtIJK: (i: number, j: number, k: number) => number | undefined;
}

/** For a volume that cannot widen: reads that do not go through the store, as loops over voxels are hot. */
function fixedReads(data: VolumeArray, columns: number, voxelsPerFrame: number): VoxelReads {
  return {
    _get: (index) => data[index],
    getAtIndex: (index) => data[index],
    getAtIJK: (i, j, k) => data[i + columns * j + voxelsPerFrame * k],
  };
}

function liveReads(store: VoxelStore, columns: number, voxelsPerFrame: number): VoxelReads {
  return {
    _get: (index) => store.data[index],
    getAtIndex: (index) => store.data[index],
    getAtIJK: (i, j, k) => store.data[i + columns * j + voxelsPerFrame * k],
  };
}

import { checkVoxels } from '../checkVoxels.js';
import { readVoxels } from '../readVoxels.js';
import type { Voxels } from '../readVoxels.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** Reading voxels of a volume that is loaded. */
export const voxels: Scenario = {
  begin: (series) => {
    let volume: MeasuredVolume;
    return {
      prepare: async () => {
        volume = await createVolume(series);
        await loadVolume(volume);
        await checkVoxels(volume, series);
      },
      measure: async () => readVoxels(voxelsOf(volume)),
    };
  },
};

function voxelsOf({ voxelManager, dimensions }: MeasuredVolume): Voxels {
  if (!voxelManager) {
    throw new Error('The volume has no voxel manager');
  }
  return {
    dimensions,
    getAtIJK: (column, row, slice) => voxelManager.getAtIJK(column, row, slice) as number,
    setAtIJK: (column, row, slice, value) => voxelManager.setAtIJK(column, row, slice, value),
    getAll: () => voxelManager.getCompleteScalarDataArray?.() as Int16Array,
    getMiddleSlice: () => voxelManager.getMiddleSliceData(),
  };
}

import type { GeometryReport } from '../base/eligibilityReason.js';
import type { FrameStore } from '../base/FrameStore.js';
import type { VoxelTypes } from '../geometry/voxelType.js';
import type { LoadSettings } from '../loading/LoadContext.js';
import type { CacheReservation } from '../loading/memory/reserveCache.js';

/** Where the voxels of a volume are; owned by the volume. */
export interface VolumeMemory {
  readonly store: FrameStore;
  /** Slices whose frames are in the store already. */
  readonly loadedFrames?: readonly number[];
  /** The volume's bytes in Cornerstone's cache. */
  readonly reservation: CacheReservation;
}

/** All that a volume is made of; known from the headers alone. */
export interface StreamingVolumeProps extends LoadSettings, VolumeMemory {
  /** Indices of the slices that the series has no frame of. */
  readonly absentFrames: readonly number[];
  readonly geometryReport: GeometryReport;
  /** The voxel type at first, and the widest one that the volume may move to. */
  readonly voxelTypes: VoxelTypes;
  readonly publishFrameViews: boolean;
  readonly renderIntervalMs: number;
  readonly uploadBudgetMs: number;
}

import type { FrameOrder } from '../loading/schedule/frameOrder.js';
import type { FrameStore } from '../base/FrameStore.js';
import type { GeometryReport } from '../base/eligibilityReason.js';
import type { VolumeResampling } from '../geometry/resampleStack.js';
import type { VoxelTypes } from '../geometry/voxelType.js';
import type { FrameMetadata, VolumeGeometry } from '../base/types.js';
import type { AttemptPolicy } from '../loading/frame/retryFrame.js';
import type { CacheReservation } from '../loading/memory/reserveCache.js';
import type { FrameTrace } from '../loading/FrameTrace.js';
import type { TransportRecord } from '../loading/TransportRecord.js';

/** Where the voxels of a volume are; owned by the volume. */
export interface VolumeMemory {
  readonly store: FrameStore;
  /** Frames that are in the store already. */
  readonly loadedFrames?: readonly number[];
  /** The volume's bytes in Cornerstone's cache. */
  readonly reservation: CacheReservation;
}

/** All that a volume is made of; known from the headers alone. */
export interface StreamingVolumeProps extends VolumeMemory {
  readonly volumeId: string;
  /** In volume order; of absent slices what their neighbours have. */
  readonly frames: readonly FrameMetadata[];
  /** Indices of the slices that the series has no frame of. */
  readonly absentFrames: readonly number[];
  /** Of which frames the slices are made; undefined where each is a frame or absent. */
  readonly resampling: VolumeResampling | undefined;
  readonly geometry: VolumeGeometry;
  readonly geometryReport: GeometryReport;
  /** What the voxel type was at first, and may become. */
  readonly voxelTypes: VoxelTypes;
  /** 1, or 3 for colour. */
  readonly numberOfComponents: number;
  /** Whether the voxels are modality values. */
  readonly isPreScaled: boolean;
  /** Most frames requested at once. */
  readonly maxInFlight: number;
  /** Whether fewer are requested at once where more are not faster. */
  readonly adaptsInFlight: boolean;
  /** In Cornerstone's request pool; smaller comes first. */
  readonly priority: number;
  /** The same, while no viewport shows the volume. */
  readonly backgroundPriority: number;
  /** The application's own, if it has one. */
  readonly frameOrder: FrameOrder | undefined;
  readonly attempts: AttemptPolicy;
  /** How the frames were fetched so far. */
  readonly transports: TransportRecord;
  /** Undefined unless the option `trace` is on. */
  readonly trace: FrameTrace | undefined;
  readonly publishFrameViews: boolean;
  readonly renderIntervalMs: number;
  readonly uploadBudgetMs: number;
  /** Cancels every load of the volume. */
  readonly signal: AbortSignal | undefined;
}

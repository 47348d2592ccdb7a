import type { ImageVolume, Types } from '@cornerstonejs/core';
import type { GeometryReport } from '../base/eligibilityReason.js';
import type { FrameStore } from '../base/voxels/FrameStore.js';
import type { FrameStates } from '../loading/FrameStates.js';
import type { LoadControl } from '../loading/LoadControl.js';
import type { LoadMeter } from '../loading/LoadProgress.js';
import type { MemoryFrames } from '../loading/memory/MemoryFrames.js';
import type { StrategyRequests } from '../loading/StrategyRequests.js';
import type { VolumeImages } from './images/VolumeImages.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';
import type { TextureSource } from './texture/FrameUploader.js';
import type { VolumeNotifier } from './VolumeNotifier.js';

/** Notifies of the frames of a volume, or of one of its time points. */
export type FrameNotifier = Pick<
  VolumeNotifier,
  | 'frameChanged'
  | 'frameFailed'
  | 'flush'
  | 'loadCompleted'
  | 'requestRender'
  | 'uploadPending'
  | 'dispose'
>;

/** The loaded frames of a volume, as others read and fill them. */
export type HeldFrames = Pick<MemoryFrames, 'read' | 'publish' | 'takeImages'>;

/**
 * What loads the frames of a volume, keeps them and gives them back: a `VolumeController`, or one for each time
 * point. Slices are counted as the volume's imageIds are, from 0.
 */
export interface VolumeFilling {
  /** The voxels that the volume shows; those of the current time point. */
  readonly store: FrameStore;
  readonly geometryReport: GeometryReport;
  readonly states: Pick<FrameStates, 'count' | 'ended' | 'shown' | 'snapshot' | 'quality'>;
  readonly load: Pick<LoadControl, 'load' | 'retryFailed' | 'cancel' | 'result' | 'status'> & {
    readonly strategy: Pick<StrategyRequests, 'create'>;
  };
  readonly progress: Pick<LoadMeter, 'read' | 'transport'>;
  readonly images: Pick<VolumeImages, 'viewAll' | 'lend'>;
  readonly held: HeldFrames;
  readonly notifier: Pick<FrameNotifier, 'requestRender' | 'uploadPending'>;
  /**
   * An Image of a frame with pixels of its own; a promise of it where the volume has a part of the frame, or leaves it
   * out.
   *
   * @param imageId - of a slice, or of a frame of the series
   * @param sliceIndex - of the slice; undefined for a frame whose imageId is not that of a slice
   * @throws TypeError when the slice has another imageId
   * @throws StreamingVolumeError with code `frame-not-loaded`
   */
  imageOf(imageId: string, sliceIndex: number | undefined): Types.IImage | Promise<Types.IImage>;
  /** Whether there is memory for a frame; not for those of time points that are not held. */
  hasMemoryFor(sliceIndex: number): boolean;
  decache(completelyRemove: boolean): void;
  dispose(): void;
}

/** A volume without anything that fills it. */
export interface VolumeHull {
  readonly volume: ImageVolume;
  readonly texture: StreamingTexture;
  /** Whether Cornerstone's cache has the volume. */
  readonly isCached: () => boolean;
}

/** What a volume of time points has in the place of one frame for each slice. */
export interface VolumeContents {
  /** Of all time points, one after the other. */
  readonly imageIds: readonly string[];
  readonly voxelManager: Types.IVoxelManager<number> | Types.IVoxelManager<Types.RGB>;
  /** Of the time point that is shown first. */
  readonly textureSource: TextureSource;
  /** Called once, at the end of the volume's constructor. */
  open(hull: VolumeHull): VolumeFilling;
}

import type { FrameStore } from '../base/voxels/FrameStore.js';
import type { PixelPick } from '../base/voxels/pickPixels.js';
import type { FrameMetadata, VolumeGeometry } from '../base/types.js';
import type { SliceReduction } from '../geometry/reduceGrid.js';
import type { VolumeResampling } from '../geometry/resampleStack.js';
import type { AttemptPolicy, FrameFailure } from './frame/retryFrame.js';
import type { FrameStates } from './FrameStates.js';
import type { FrameTrace } from './FrameTrace.js';
import type { LoadMeter } from './LoadProgress.js';
import type { FlightQueue } from './schedule/FlightQueue.js';
import type { FrameOrder } from './schedule/frameOrder.js';
import type { ViewportFollower } from './schedule/ViewportFollower.js';

/** What a volume is made of and how it is to be loaded; known before the volume exists. */
export interface LoadSettings extends AttemptPolicy {
  readonly volumeId: string;
  /** In volume order; an absent slice has the headers of its neighbour. */
  readonly frames: readonly FrameMetadata[];
  /** The source frames of each slice; undefined where each slice is a frame of the series or absent. */
  readonly resampling: VolumeResampling | undefined;
  /** What is kept of each slice; undefined where slices have all columns and rows of their frames. */
  readonly reduction?: SliceReduction | undefined;
  readonly geometry: VolumeGeometry;
  /** Holds the voxels; owned by the volume. */
  readonly store: FrameStore;
  /** 1, or 3 for colour. */
  readonly numberOfComponents: number;
  /** Whether the voxels are modality values. */
  readonly isPreScaled: boolean;
  /** Most frames in flight at once, of loads and load strategies together. */
  readonly maxInFlight: number;
  /** Whether fewer are in flight where more do not come faster. */
  readonly adaptsInFlight: boolean;
  /** In Cornerstone's request pool, while a viewport shows the volume; smaller comes first. */
  readonly priority: number;
  /** The same, while no viewport shows the volume. */
  readonly backgroundPriority: number;
  /** The application's own order, if it has one. */
  readonly frameOrder: FrameOrder | undefined;
  /** The application's signal: its abort cancels every load of the volume. */
  readonly signal: AbortSignal | undefined;
  /** Records the steps of each frame; undefined unless the option `trace` is on. */
  readonly trace: FrameTrace | undefined;
}

/** What every part of one volume's loading shares. Made once for each volume. */
export interface LoadContext extends LoadSettings {
  /** In volume order. */
  readonly imageIds: readonly string[];
  readonly states: FrameStates;
  readonly progress: LoadMeter;
  readonly follower: ViewportFollower;
  /** The places in flight; shared by all time points of a volume. */
  readonly queue: FlightQueue;
  /** Aborts at the end of the volume's life, with the error that later loads reject with. */
  readonly removal: AbortSignal;
  /** Called once for each frame that is loaded or has failed, after its state has changed. */
  readonly onFrameEnded: (sliceIndex: number, failure?: FrameFailure) => void;
  /** Called when a slice has got pixels that better ones will replace, or has lost such pixels. */
  readonly onFrameShown: (sliceIndex: number) => void;
}

/** The place that the pixels of one frame go to. */
export interface FrameSlot {
  /** The headers of the frame that is requested. */
  readonly frame: FrameMetadata;
  /** The store of the volume, or of a source of a resampled slice. */
  readonly store: FrameStore;
  /** Slot in the store, from 0. */
  readonly slotIndex: number;
  /** Slice of the volume that the frame is for, from 0. */
  readonly sliceIndex: number;
  /** The pixels of the frame that the slot is for; undefined for the whole frame. */
  readonly pick?: PixelPick | undefined;
}

import type { StreamingVolumeError } from '../base/errors.js';

/** A frame that could not be loaded. */
export interface FailedFrame {
  readonly imageId: string;
  readonly imageIdIndex: number;
  /** That of the last try. */
  readonly error: StreamingVolumeError;
  /** Number of tries. */
  readonly attempts: number;
}

/** Options of `load`. */
export interface LoadOptions {
  /** Cancels the load, also for those who joined it. */
  readonly signal?: AbortSignal;
}

/** How a load ended. */
export interface LoadResult {
  readonly framesLoaded: number;
  /** In volume order; empty when every frame is loaded that there is. */
  readonly failed: readonly FailedFrame[];
}

/** What the callback of `load` is called with, once; the fields are those of Cornerstone's own. */
export interface LoadEvent {
  /** Whether every frame is loaded. */
  readonly success: boolean;
  readonly framesLoaded: number;
  readonly framesProcessed: number;
  readonly numFrames: number;
  readonly totalNumFrames: number;
}

/** Where a load stands; live. */
export interface LoadStatus {
  /** Whether every frame is loaded. */
  readonly loaded: boolean;
  /** Whether frames are being loaded. */
  readonly loading: boolean;
  /** Whether the last load was cancelled and none was begun since. */
  readonly cancelled: boolean;
}

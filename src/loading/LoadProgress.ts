import { eventTarget } from '@cornerstonejs/core';
import type { StreamingVolumeError } from '../base/errors.js';
import type { FrameStates } from './FrameStates.js';

/** How far the load of a volume is. */
export interface VolumeProgress {
  readonly framesLoaded: number;
  readonly framesFailed: number;
  /** Slices that the series has no frame of; they count as ended from the beginning. */
  readonly framesAbsent: number;
  readonly framesTotal: number;
  /** Bytes of responses for this volume's frames, as they came over the network; 0 where unknown. */
  readonly bytesReceived: number;
  /** Mean since the load began; 0 while nothing has come. */
  readonly bytesPerSecond: number;
  /** From the pace of the frames so far; undefined before the first frame, 0 at the end. */
  readonly secondsLeft: number | undefined;
}

/** What is measured. */
export interface LoadProgressSource {
  readonly states: FrameStates;
  readonly framesTotal: number;
  /** Whether an imageId is requested for the volume. */
  readonly hasImage: (imageId: string) => boolean;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** What dicom-image-loader's transport triggers for each piece of a response. */
const TRANSPORT_PROGRESS = 'cornerstoneimageloadprogress';

/** Measures a load from its start to its end. */
export class LoadProgress {
  readonly #source: LoadProgressSource;
  readonly #bytes = new Map<string, number>();
  #bytesReceived = 0;
  #startedAt: number | undefined;
  /** Duration of the load that is over, in ms. */
  #duration = 0;
  #endedBefore = 0;

  constructor(source: LoadProgressSource) {
    this.#source = source;
  }

  /** The load begins, or goes on after a cancel. */
  start(): void {
    const { states, now } = this.#source;
    this.#startedAt = now();
    this.#endedBefore = states.ended;
    this.#bytes.clear();
    this.#bytesReceived = 0;
    eventTarget.addEventListener(TRANSPORT_PROGRESS, this.#onProgress);
  }

  /** The load is over or cancelled; what was measured stays. */
  stop(): void {
    this.#duration = this.#elapsed();
    this.#startedAt = undefined;
    eventTarget.removeEventListener(TRANSPORT_PROGRESS, this.#onProgress);
  }

  /** How far the load is now. */
  read(): VolumeProgress {
    const { states, framesTotal } = this.#source;
    const seconds = this.#elapsed() / 1000;
    const ended = states.ended - this.#endedBefore;
    const left = framesTotal - states.ended;
    return {
      framesLoaded: states.count('loaded'),
      framesFailed: states.count('failed'),
      framesAbsent: states.count('absent'),
      framesTotal,
      bytesReceived: this.#bytesReceived,
      bytesPerSecond: seconds > 0 ? this.#bytesReceived / seconds : 0,
      secondsLeft: left === 0 ? 0 : ended > 0 ? (seconds / ended) * left : undefined,
    };
  }

  #elapsed(): number {
    return this.#startedAt === undefined ? this.#duration : this.#source.now() - this.#startedAt;
  }

  readonly #onProgress = ((event: CustomEvent<{ imageId: string; loaded: number }>): void => {
    const { imageId, loaded } = event.detail;
    if (this.#source.hasImage(imageId)) {
      // A response that is tried again begins from 0, and its first bytes were received all the same.
      const before = this.#bytes.get(imageId) ?? 0;
      this.#bytesReceived += loaded >= before ? loaded - before : loaded;
      this.#bytes.set(imageId, loaded);
    }
  }) as EventListener;
}

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

import { eventTarget, utilities } from '@cornerstonejs/core';
import type { StreamingVolumeError } from '../base/errors.js';
import type { FrameDecoder, VolumeTransport } from '../base/types.js';
import type { FrameStates } from './FrameStates.js';

/** How far the load of a volume has come. */
export interface VolumeProgress {
  readonly framesLoaded: number;
  readonly framesFailed: number;
  /** Slices without a frame in the series; they count as ended from the beginning. */
  readonly framesAbsent: number;
  readonly framesTotal: number;
  /** Bytes of the responses with this volume's frames, as received from the network; 0 where unknown. */
  readonly bytesReceived: number;
  /** Mean since the load began; 0 while nothing has been received. */
  readonly bytesPerSecond: number;
  /** Estimated from the pace of the frames so far; undefined before the first frame, 0 at the end. */
  readonly secondsLeft: number | undefined;
}

/** What a {@link LoadProgress} is about. */
interface MeasuredLoad {
  readonly volumeId: string;
  readonly states: CountedStates;
  /** The imageIds that are requested for the volume. */
  readonly imageIds: Iterable<string>;
}

/** Thread of frames whose image loader does not state it. */
const BY_OTHERS: VolumeTransport = {
  thread: 'main thread',
  reason: 'an image loader that was not made by this package fetches the frames',
};

/** Event that dicom-image-loader's transport triggers for each piece of a response. */
const TRANSPORT_START = 'cornerstoneimageloadstart';
const TRANSPORT_PROGRESS = 'cornerstoneimageloadprogress';

/** The members that a load uses of a {@link LoadProgress}. */
export type LoadMeter = Pick<LoadProgress, 'transport' | 'fetchedBy' | 'start' | 'stop' | 'read'>;

/** The states that a {@link LoadProgress} counts. */
type CountedStates = Pick<FrameStates, 'count' | 'ended' | 'total'>;

/** Measures the loads of one volume: frames, bytes, time, and which thread fetches. */
export class LoadProgress {
  readonly #volumeId: string;
  readonly #states: CountedStates;
  readonly #imageIds: ReadonlySet<string>;
  /** Bytes of the response that is arriving, by imageId. */
  readonly #bytes = new Map<string, number>();
  #bytesReceived = 0;
  /** On the clock of `performance.now`. */
  #startedAt: number | undefined;
  /** Duration of the load that is over, in ms. */
  #duration = 0;
  #endedBefore = 0;
  #transport: VolumeTransport | undefined;

  constructor({ volumeId, states, imageIds }: MeasuredLoad) {
    this.#volumeId = volumeId;
    this.#states = states;
    this.#imageIds = new Set(imageIds);
  }

  /** Which thread fetches the frames and why; undefined before a frame was fetched. */
  get transport(): VolumeTransport | undefined {
    return this.#transport;
  }

  /** Records how a frame was fetched, and decoded. The first use of a slower thread is logged. */
  fetchedBy(transport = BY_OTHERS, decoder?: FrameDecoder): void {
    if (
      !this.#transport ||
      (this.#transport.thread === 'worker' && transport.thread !== 'worker')
    ) {
      const known = this.#transport?.decoder;
      this.#transport = known ? { ...transport, decoder: known } : transport;
      const { thread, reason } = transport;
      logger().info(`Volume ${this.#volumeId} is fetched by the ${thread}: ${reason}`);
    }
    if (decoder) {
      this.#decodedBy(decoder);
    }
  }

  #decodedBy(decoder: FrameDecoder): void {
    const known = this.#transport?.decoder;
    if (known && (known.thread === decoder.thread || known.thread === 'dicom-image-loader')) {
      return;
    }
    this.#transport = { ...(this.#transport ?? BY_OTHERS), decoder };
    if (decoder.thread === 'dicom-image-loader') {
      logger().info(
        `Volume ${this.#volumeId} is decoded by dicom-image-loader: ${decoder.reason ?? ''}`,
      );
    }
  }

  /** The load begins, or goes on after a cancel. */
  start(): void {
    this.#startedAt = performance.now();
    this.#endedBefore = this.#states.ended;
    this.#bytes.clear();
    this.#bytesReceived = 0;
    eventTarget.addEventListener(TRANSPORT_START, this.#onRequested);
    eventTarget.addEventListener(TRANSPORT_PROGRESS, this.#onProgress);
  }

  /** The load is over or cancelled; what was measured stays. */
  stop(): void {
    this.#duration = this.#elapsed();
    this.#startedAt = undefined;
    eventTarget.removeEventListener(TRANSPORT_START, this.#onRequested);
    eventTarget.removeEventListener(TRANSPORT_PROGRESS, this.#onProgress);
  }

  /** How far the load has come. */
  read(): VolumeProgress {
    const states = this.#states;
    const framesTotal = states.total;
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
    return this.#startedAt === undefined ? this.#duration : performance.now() - this.#startedAt;
  }

  /** The second byte range of a frame is counted from 0, and may be longer than the first. */
  readonly #onRequested = ((event: CustomEvent<{ imageId: string }>): void => {
    this.#bytes.delete(event.detail.imageId);
  }) as EventListener;

  readonly #onProgress = ((event: CustomEvent<{ imageId: string; loaded: number }>): void => {
    const { imageId, loaded } = event.detail;
    if (this.#imageIds.has(imageId)) {
      // A response that is requested again begins from 0; the bytes of the first one were received too.
      const before = this.#bytes.get(imageId) ?? 0;
      this.#bytesReceived += loaded >= before ? loaded - before : loaded;
      this.#bytes.set(imageId, loaded);
    }
  }) as EventListener;
}

/**
 * This package's logger among the loggers of Cornerstone, whose levels an application sets. Obtained at each use: a
 * logger reads its level from the browser's storage, which an import must not do.
 */
export function logger(): ReturnType<typeof utilities.logger.cs3dLog.getLogger> {
  return utilities.logger.cs3dLog.getLogger('streamingImageVolumeLoader');
}

/** A frame that could not be loaded. */
export interface FailedFrame {
  readonly imageId: string;
  readonly imageIdIndex: number;
  /** The error of the last try. */
  readonly error: StreamingVolumeError;
  /** Number of tries. */
  readonly attempts: number;
}

/** Options of `load`. */
export interface LoadOptions {
  /** Cancels the load, also for every call that has joined it. */
  readonly signal?: AbortSignal | undefined;
}

/** How a load ended. */
export interface LoadResult {
  readonly framesLoaded: number;
  /** In volume order; empty when every frame of the series is loaded. */
  readonly failed: readonly FailedFrame[];
}

/** Argument of the callback of `load`, which is called once; with the fields of Cornerstone's own event. */
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

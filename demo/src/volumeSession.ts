import { cache, volumeLoader } from '@cornerstonejs/core';
import { DYNAMIC_VOLUME_SCHEME, isStreamingVolumeError, VOLUME_SCHEME } from '../../src/index.js';
import type { LoadResult, StreamingImageVolume, VolumeProgress } from '../../src/index.js';
import { LoadClock } from './loadClock.js';

/** The state of the load of a volume. */
export type LoadState = 'idle' | 'loading' | 'complete' | 'cancelled' | 'failed';

/** One volume from its creation to its removal, with the durations of its load. */
export class VolumeSession {
  readonly volume: StreamingImageVolume;
  state: LoadState = 'idle';
  /** Whether the last load was a retry of failed frames. */
  isRetry = false;
  readonly #clock = new LoadClock();
  readonly #onChange: () => void;

  private constructor(volume: StreamingImageVolume, onChange: () => void) {
    this.volume = volume;
    this.#onChange = onChange;
  }

  /**
   * Creates the volume; no pixel is requested.
   *
   * @param name - part of the volumeId; must be unique
   * @param timePointCount - several make a volume with time points
   * @param onChange - called when the state changes
   * @throws StreamingVolumeError
   */
  static async create(
    name: string,
    imageIds: string[],
    timePointCount: number,
    onChange: () => void,
  ): Promise<VolumeSession> {
    const scheme = timePointCount > 1 ? DYNAMIC_VOLUME_SCHEME : VOLUME_SCHEME;
    const volume = await volumeLoader.createAndCacheVolume(`${scheme}:${name}`, { imageIds });
    return new VolumeSession(volume as unknown as StreamingImageVolume, onChange);
  }

  /** Time spent on loading, without the pauses after a cancel. */
  get loadMs(): number {
    return this.#clock.loadMs;
  }

  /** From the first load to the first picture with pixels in it. */
  get firstSliceMs(): number | undefined {
    return this.#clock.firstSliceMs;
  }

  get progress(): VolumeProgress {
    return this.volume.progress;
  }

  /** Loads the missing frames; also resolves when the load is cancelled or the volume is removed. */
  load(): Promise<void> {
    this.isRetry = false;
    return this.#run(() => this.volume.load());
  }

  /** Loads the failed frames again; resolves as {@link VolumeSession.load} does. */
  retryFailed(): Promise<void> {
    this.isRetry = true;
    return this.#run(() => this.volume.retryFailedFrames());
  }

  /** Cancels the load; {@link VolumeSession.load} continues it. */
  cancel(): void {
    this.volume.cancelLoading();
    this.#clock.stop();
    this.#enter('cancelled');
  }

  /** To be called when a picture was drawn. */
  noteDrawn(): void {
    if (this.volume.framesLoaded > 0 && this.#clock.noteDrawn()) {
      this.#onChange();
    }
  }

  /** Removes the volume from the cache; its memory is released. */
  remove(): void {
    this.#clock.stop();
    cache.removeVolumeLoadObject(this.volume.volumeId);
  }

  async #run(start: () => Promise<LoadResult>): Promise<void> {
    this.#clock.start();
    try {
      const loading = start();
      this.#enter('loading');
      const { failed } = await loading;
      this.#clock.stop();
      this.#enter(failed.length > 0 ? 'failed' : 'complete');
    } catch (error) {
      const isCancelled = error instanceof DOMException && error.name === 'AbortError';
      if (!isCancelled && !isStreamingVolumeError(error, 'volume-removed')) {
        this.#clock.stop();
        this.#enter('failed');
        throw error;
      }
      // Frames in flight become idle only now, after the cancel.
      this.#onChange();
    }
  }

  #enter(state: LoadState): void {
    this.state = state;
    this.#onChange();
  }
}

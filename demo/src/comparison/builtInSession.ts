import {
  cache,
  cornerstoneStreamingImageVolumeLoader,
  Enums,
  eventTarget,
  volumeLoader,
} from '@cornerstonejs/core';
import type { VolumeProgress } from '../../../src/index.js';
import type { FrameState } from '../frameCells.js';
import type { DrawnVolume } from '../drawnVolume.js';
import { LoadClock } from '../loadClock.js';
import type { LoadState } from '../volumeSession.js';

/** Cornerstone's own loader, under a scheme that this package leaves to it. */
const SCHEME = 'builtInStreamingImageVolume';

const { IMAGE_VOLUME_MODIFIED, IMAGE_LOAD_ERROR } = Enums.Events;

type BuiltInVolume = DrawnVolume & {
  readonly load: (callback: () => void) => void;
  readonly cancelLoading: () => void;
};

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

/** One volume of Cornerstone's own loader, from its creation to its removal, with the durations of its load. */
export class BuiltInSession {
  readonly volume: BuiltInVolume;
  readonly isRetry = false;
  state: LoadState = 'idle';
  readonly #clock = new LoadClock();
  readonly #onChange: () => void;
  #end: () => void = () => {};

  private constructor(volume: BuiltInVolume, onChange: () => void) {
    this.volume = volume;
    this.#onChange = onChange;
    eventTarget.addEventListener(IMAGE_VOLUME_MODIFIED, onChange);
    eventTarget.addEventListener(IMAGE_LOAD_ERROR, onChange);
  }

  /**
   * Creates the volume; no pixel is requested.
   *
   * @param name - part of the volumeId; must be unique
   * @param onChange - called when the state changes, and when frames were loaded
   */
  static async create(
    name: string,
    imageIds: string[],
    onChange: () => void,
  ): Promise<BuiltInSession> {
    const loader = cornerstoneStreamingImageVolumeLoader as unknown as VolumeLoader;
    volumeLoader.registerVolumeLoader(SCHEME, loader);
    const volume = await volumeLoader.createAndCacheVolume(`${SCHEME}:${name}`, { imageIds });
    return new BuiltInSession(volume as unknown as BuiltInVolume, onChange);
  }

  get loadMs(): number {
    return this.#clock.loadMs;
  }

  get firstSliceMs(): number | undefined {
    return this.#clock.firstSliceMs;
  }

  /** Cornerstone's loader tells of frames only. */
  get progress(): VolumeProgress {
    const { framesLoaded, framesProcessed, imageIds } = this.volume;
    return {
      framesLoaded,
      framesFailed: framesProcessed - framesLoaded,
      framesAbsent: 0,
      framesTotal: imageIds.length,
      bytesReceived: 0,
      bytesPerSecond: 0,
      secondsLeft: undefined,
    };
  }

  /** In volume order; what is not in the image cache is still to come. */
  get frameStates(): FrameState[] {
    const rest = this.state === 'loading' ? 'queued' : 'idle';
    return this.volume.imageIds.map((imageId) => (cache.isLoaded(imageId) ? 'loaded' : rest));
  }

  /** Resolves when every frame has ended, or the load is cancelled. */
  async load(): Promise<void> {
    this.#clock.start();
    this.#enter('loading');
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      this.volume.load(resolve);
    });
    if (this.state === 'loading') {
      this.#clock.stop();
      this.#enter(this.progress.framesFailed > 0 ? 'failed' : 'complete');
    }
  }

  /** Ends the load for good. */
  cancel(): void {
    this.volume.cancelLoading();
    this.#clock.stop();
    this.#enter('cancelled');
    this.#end();
  }

  /** To be called when a picture was drawn. */
  noteDrawn(): void {
    if (this.volume.framesLoaded > 0 && this.#clock.noteDrawn()) {
      this.#onChange();
    }
  }

  /** Removes the volume from the cache. */
  remove(): void {
    eventTarget.removeEventListener(IMAGE_VOLUME_MODIFIED, this.#onChange);
    eventTarget.removeEventListener(IMAGE_LOAD_ERROR, this.#onChange);
    if (this.state === 'loading') {
      this.cancel();
    }
    cache.removeVolumeLoadObject(this.volume.volumeId);
  }

  #enter(state: LoadState): void {
    this.state = state;
    this.#onChange();
  }
}

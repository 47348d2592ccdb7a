import { cache } from '@cornerstonejs/core';
import { removedError } from '../base/errors.js';
import { FileHold } from '../headers/part10/FileHold.js';
import { interpolateAbsent } from '../loading/fillAbsent.js';
import type { FrameFailure } from '../loading/frame/retryFrame.js';
import { FrameLoader } from '../loading/frame/FrameLoader.js';
import { FrameStates } from '../loading/FrameStates.js';
import { LoadProgress } from '../loading/LoadProgress.js';
import { MemoryFrames } from '../loading/memory/MemoryFrames.js';
import { ViewportFollower } from '../loading/schedule/ViewportFollower.js';
import type { FrameMetadata } from '../base/types.js';
import { LoadControl } from '../loading/LoadControl.js';
import { createResampling } from './createResampling.js';
import { cacheImages } from './images/ImageCacheViews.js';
import { VolumeImages } from './images/VolumeImages.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';
import { VolumeNotifier } from './VolumeNotifier.js';

/** What a stream needs of the volume that it fills. */
export interface VolumeControllerOwner {
  readonly frameOfReferenceUID: string;
  /** Whether Cornerstone's cache has the volume. */
  readonly isCached: () => boolean;
  /** Called when the voxels of a slice are there; `isAwaited` where a viewport shows that very slice. */
  readonly onFrameWritten: (imageIdIndex: number, isAwaited: boolean) => void;
  /** Called once, when the memory has been given back. */
  readonly onDisposed: () => void;
}

/** Fills one volume: loads its frames, tells Cornerstone of them, and gives them back as Images. */
export class VolumeController {
  readonly states: FrameStates;
  readonly loader: FrameLoader;
  readonly held: MemoryFrames;
  readonly load: LoadControl;
  readonly images: VolumeImages;
  readonly progress: LoadProgress;
  readonly notifier: VolumeNotifier;
  readonly #props: StreamingVolumeProps;
  readonly #owner: VolumeControllerOwner;
  readonly #imageIds: readonly string[];
  readonly #follower: ViewportFollower;
  readonly #files: FileHold;
  #wasCached = false;
  #isDisposed = false;
  #isCompletionTold = false;

  constructor(props: StreamingVolumeProps, owner: VolumeControllerOwner) {
    const { volumeId, frames } = props;
    const imageIds = frames.map(({ imageId }) => imageId);
    const ownIds = new Set(imageIds);
    const states = new FrameStates(frames.length, props.loadedFrames, props.absentFrames);
    this.#props = props;
    this.#owner = owner;
    this.#imageIds = imageIds;
    this.states = states;
    this.#files = holdFiles(props, states);
    const ownsCacheEntry = (index: number): boolean => this.images.ownsCacheEntry(index);
    const onFrameShown = (imageIdIndex: number): void => {
      this.#frameShown(imageIdIndex);
    };
    const { resampler, sourceFrames } = createResampling(props, states, ownsCacheEntry);
    this.loader = new FrameLoader({
      ...props,
      states,
      sourceFrames,
      onFrameEnded: (imageIdIndex, failure) => {
        this.#frameEnded(imageIdIndex, failure);
      },
      onFrameShown,
      ownsCacheEntry,
    });
    this.held = new MemoryFrames({
      ...props,
      states,
      resampler,
      isDisposed: () => this.#isDisposed,
      publish: (imageIdIndex) => {
        this.images.publish(imageIdIndex);
      },
      onFrameEnded: (imageIdIndex) => {
        this.#frameEnded(imageIdIndex);
      },
    });
    this.progress = new LoadProgress({
      states,
      framesTotal: frames.length,
      hasImage: (imageId) => ownIds.has(imageId) || resampler?.has(imageId) === true,
      now: () => performance.now(),
    });
    this.#follower = new ViewportFollower(volumeId, props.geometry);
    this.load = new LoadControl({
      ...props,
      imageIds,
      states,
      loader: this.loader,
      held: this.held,
      progress: this.progress,
      follower: this.#follower,
      onComplete: () => {
        this.#tellCompletion();
      },
      onFrameShown,
    });
    this.images = new VolumeImages({
      props,
      states,
      loader: this.loader,
      onViewRemoved: () => {
        queueMicrotask(() => {
          this.#disposeIfOrphaned();
        });
      },
    });
    this.notifier = new VolumeNotifier(
      {
        volumeId,
        frameOfReferenceUID: owner.frameOfReferenceUID,
        frameCount: frames.length,
        progress: () => this.progress.read(),
        isAwaiting: () =>
          this.#follower.lookedAt().some((index) => states.get(index) === 'loading'),
      },
      props.renderIntervalMs,
    );
    props.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Ends the stream and gives back what it holds; further calls do nothing. */
  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    // Before the end, which may leave Images to others.
    this.#props.reservation.release();
    this.#end(true);
  }

  /**
   * Takes the volume out of Cornerstone's cache.
   *
   * @param completelyRemove - whether nothing is left; otherwise the loaded frames stay as Images
   */
  decache(completelyRemove: boolean): void {
    const { volumeId, store } = this.#props;
    const isKept = !completelyRemove && this.#owner.isCached();
    const room = cache.getBytesAvailable() + store.sizeInBytes;
    const images = isKept ? this.images.copyLoaded(room) : [];
    if (this.#owner.isCached()) {
      cache.removeVolumeLoadObject(volumeId);
    }
    this.dispose();
    cacheImages(images);
  }

  /** Ends the stream, but leaves the memory to another volume. */
  endWithoutRelease(): void {
    if (!this.#isDisposed) {
      this.#end(false);
    }
  }

  /** The frames that are loaded. */
  loadedFrames(): number[] {
    return this.states.framesIn('loaded');
  }

  /** Puts the frames into the image cache that were loaded before the volume was made. */
  publishLoaded(): void {
    this.#props.loadedFrames?.forEach((imageIdIndex) => {
      this.images.publish(imageIdIndex);
    });
  }

  #end(leavesCopies: boolean): void {
    this.#isDisposed = true;
    this.states.onMoved = undefined;
    this.#files.releaseAll();
    this.#props.signal?.removeEventListener('abort', this.#onAbort);
    this.loader.close();
    this.load.close(removedError(this.#props.volumeId, this.#imageIds));
    this.notifier.dispose();
    this.images.removeAll(leavesCopies);
    this.#owner.onDisposed();
  }

  readonly #onAbort = (): void => {
    this.load.cancel(this.#props.signal?.reason);
  };

  #frameEnded(imageIdIndex: number, failure?: FrameFailure): void {
    if (this.#disposeIfOrphaned() || this.#isDisposed) {
      return;
    }
    const isAwaited = this.#follower.isLookedAt(imageIdIndex);
    if (failure) {
      const imageId = this.#imageIds[imageIdIndex] as string;
      this.notifier.frameFailed(failure.error, imageId, imageIdIndex);
    } else {
      this.#owner.onFrameWritten(imageIdIndex, isAwaited);
      this.images.publish(imageIdIndex);
      this.#fillAbsent(imageIdIndex);
    }
    this.notifier.frameChanged(isAwaited);
    if (this.states.isComplete) {
      this.#isCompletionTold = false;
      this.#tellCompletion();
    }
  }

  /** Interpolates what lies between this frame and the next ones, where the volume is resampled. */
  #fillAbsent(imageIdIndex: number): void {
    const { store, geometryReport } = this.#props;
    if (geometryReport.resampledSlices.length > 0) {
      interpolateAbsent({ states: this.states, store }, imageIdIndex).forEach((filled) => {
        this.#owner.onFrameWritten(filled, false);
      });
    }
  }

  /** Once, also where the frames of a volume were there from the beginning. */
  #tellCompletion(): void {
    if (!this.#isCompletionTold) {
      this.#isCompletionTold = true;
      this.#props.absentFrames.forEach((imageIdIndex) => {
        this.images.publish(imageIdIndex);
      });
      this.notifier.flush();
      this.load.complete();
      this.notifier.loadCompleted();
    }
  }

  #frameShown(imageIdIndex: number): void {
    if (!this.#disposeIfOrphaned() && !this.#isDisposed) {
      const isAwaited = this.#follower.isLookedAt(imageIdIndex);
      this.#owner.onFrameWritten(imageIdIndex, isAwaited);
      this.notifier.frameChanged(isAwaited);
    }
  }

  /** Applications also drop a volume by deleting its cache entry, without a word to it. */
  #disposeIfOrphaned(): boolean {
    const isCached = this.#owner.isCached();
    this.#wasCached ||= isCached;
    if (isCached || !this.#wasCached) {
      return false;
    }
    this.dispose();
    return true;
  }
}

/** Keeps the files of the slices that are still to be loaded, until they are loaded, have failed or are cancelled. */
function holdFiles({ frames, resampling }: StreamingVolumeProps, states: FrameStates): FileHold {
  const files = new FileHold((sliceIndex) =>
    resampling
      ? (resampling.slices[sliceIndex] ?? []).map(
          ({ frameIndex }) => (resampling.sources[frameIndex] as FrameMetadata).imageId,
        )
      : [(frames[sliceIndex] as FrameMetadata).imageId],
  );
  frames.forEach((_, sliceIndex) => {
    if (!states.hasEnded(sliceIndex)) {
      files.hold(sliceIndex);
    }
  });
  states.onMoved = (sliceIndex, state) => {
    if (state === 'idle' || states.hasEnded(sliceIndex)) {
      files.release(sliceIndex);
    } else {
      files.hold(sliceIndex);
    }
  };
  return files;
}

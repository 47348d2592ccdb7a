import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { GeometryReport } from '../base/eligibilityReason.js';
import { removedError } from '../base/errors.js';
import type { FrameStore } from '../base/voxels/FrameStore.js';
import { IMAGE_QUALITY } from '../base/types.js';
import type { FrameMetadata } from '../base/types.js';
import { FileHold } from '../headers/part10/FileHold.js';
import { interpolateAbsent } from '../loading/fillAbsent.js';
import { FrameLoader } from '../loading/frame/FrameLoader.js';
import type { FrameFailure } from '../loading/frame/retryFrame.js';
import { FrameStates } from '../loading/FrameStates.js';
import type { LoadContext } from '../loading/LoadContext.js';
import { LoadControl } from '../loading/LoadControl.js';
import { LoadProgress } from '../loading/LoadProgress.js';
import type { LoadMeter } from '../loading/LoadProgress.js';
import { cacheImages } from '../loading/memory/cacheEntries.js';
import { MemoryFrames } from '../loading/memory/MemoryFrames.js';
import { ResamplingSources } from '../loading/resampling/ResamplingSources.js';
import { SliceResampler } from '../loading/resampling/SliceResampler.js';
import { FlightQueue } from '../loading/schedule/FlightQueue.js';
import { ViewportFollower } from '../loading/schedule/ViewportFollower.js';
import { VolumeImages } from './images/VolumeImages.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';
import { isSparse } from './drawing/isSparse.js';
import type { SliceFacts } from './texture/StandIns.js';
import type { FrameNotifier, VolumeFilling } from './VolumeFilling.js';
import { VolumeNotifier } from './VolumeNotifier.js';

/** What a controller needs of the volume that it fills. */
interface VolumeControllerOwner {
  readonly frameOfReferenceUID: string;
  /** Whether Cornerstone's cache has the volume. */
  readonly isCached: () => boolean;
  /** Called when the voxels of a slice are written; `isOnScreen` where a viewport shows this slice. */
  readonly onFrameWritten: (sliceIndex: number, isOnScreen: boolean) => void;
  /**
   * Called when other slices than before may be drawn in place of those without pixels, although none is written.
   *
   * @returns whether a render is to follow
   */
  readonly onStandInsChanged: () => boolean;
  /** Called once, when the memory has been given back. */
  readonly onDisposed: () => void;
  /** Whether viewports that show the volume show these frames, and not those of another time point. Default: yes. */
  readonly isShown?: () => boolean;
  /** Default: one of its own. */
  readonly notifier?: FrameNotifier;
  /** Default: one of its own. */
  readonly progress?: LoadMeter;
  /** The places in flight. Default: as many as the props say, of its own. */
  readonly queue?: FlightQueue;
}

/** Fills one volume: loads its frames, notifies Cornerstone, and gives the frames back as Images. */
export class VolumeController implements VolumeFilling {
  readonly states: FrameStates;
  readonly held: MemoryFrames;
  readonly load: LoadControl;
  readonly images: VolumeImages;
  readonly progress: LoadMeter;
  readonly notifier: FrameNotifier;
  /** What is to come, and what is there, for stand-ins in the texture. */
  readonly sliceFacts: SliceFacts;
  readonly #props: StreamingVolumeProps;
  readonly #owner: VolumeControllerOwner;
  readonly #context: LoadContext;
  readonly #removal = new AbortController();
  readonly #files: FileHold;
  #wasCached = false;
  #isCompletionTold = false;
  #areStandInsChecked = true;

  constructor(props: StreamingVolumeProps, owner: VolumeControllerOwner) {
    const { volumeId, frames, resampling, geometry } = props;
    const imageIds = frames.map(({ imageId }) => imageId);
    const others = resampling?.sources ?? props.reduction?.wholeSlices ?? [];
    const sourceIds = others.map(({ imageId }) => imageId);
    const states = new FrameStates(frames.length, props.loadedFrames, props.absentFrames);
    this.#props = props;
    this.#owner = owner;
    this.states = states;
    this.progress =
      owner.progress ??
      new LoadProgress({ volumeId, states, imageIds: [...imageIds, ...sourceIds] });
    const context: LoadContext = {
      ...props,
      imageIds,
      states,
      progress: this.progress,
      follower: new ViewportFollower(volumeId, geometry, owner.isShown),
      queue: owner.queue ?? new FlightQueue(volumeId, props.maxInFlight),
      removal: this.#removal.signal,
      onFrameEnded: (sliceIndex, failure) => {
        this.#frameEnded(sliceIndex, failure);
      },
      onFrameShown: (sliceIndex) => {
        this.#frameShown(sliceIndex);
      },
    };
    this.#context = context;
    this.#files = new FileHold((sliceIndex) => sourceImageIds(props, sliceIndex));
    frames.forEach((_, sliceIndex) => {
      if (!states.hasEnded(sliceIndex)) {
        this.#files.hold(sliceIndex);
      }
    });
    states.onMoved = (sliceIndex, state) => {
      props.trace?.moved(sliceIndex, state);
      if (state === 'idle' || states.hasEnded(sliceIndex)) {
        this.#files.release(sliceIndex);
      } else {
        this.#files.hold(sliceIndex);
      }
      if (state === 'idle') {
        this.#checkStandIns();
      }
    };
    const resampler = resampling && new SliceResampler(props, resampling);
    const sources = resampler && new ResamplingSources(context, resampler);
    const loader = new FrameLoader(context, sources);
    this.held = new MemoryFrames(context, resampler, (sliceIndex) => {
      this.#publish(sliceIndex);
    });
    this.load = new LoadControl(
      context,
      loader,
      () => {
        this.#tellCompletion();
      },
      () => {
        this.#checkStandIns();
      },
    );
    this.sliceFacts = sliceFactsOf(states, this.load);
    this.images = new VolumeImages(context, loader, sources, () => {
      queueMicrotask(() => {
        this.#disposeIfOrphaned();
      });
    });
    this.notifier =
      owner.notifier ??
      new VolumeNotifier(
        {
          volumeId,
          frameOfReferenceUID: owner.frameOfReferenceUID,
          frameCount: frames.length,
          progress: () => this.progress.read(),
          isLoadingOnScreen: () => this.isLoadingOnScreen,
          isComplete: () => states.isComplete,
          isSparse: () => this.isSparse,
        },
        props,
      );
    props.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get store(): FrameStore {
    return this.#props.store;
  }

  get geometryReport(): GeometryReport {
    return this.#props.geometryReport;
  }

  hasMemoryFor(): boolean {
    return true;
  }

  /** Whether a slice that a viewport shows is being loaded. */
  get isLoadingOnScreen(): boolean {
    return this.#context.follower
      .slicesOnScreen()
      .some((sliceIndex) => this.states.get(sliceIndex) === 'loading');
  }

  /** Whether slices are still to come in gaps too large for a picture across the slices to be recognisable. */
  get isSparse(): boolean {
    return isSparse(this.#props.frames.length, this.sliceFacts);
  }

  /**
   * Ends the volume's life and gives back its memory; further calls do nothing.
   *
   * @param reason - that later requests of frames are refused with. Default: code `volume-removed`
   */
  dispose(reason?: Error): void {
    if (this.#isDisposed) {
      return;
    }
    // Before the end, which may leave Images to others.
    this.#props.reservation.release();
    this.#end(true, reason);
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

  /** Ends the volume's life, but leaves its memory to another volume. */
  endWithoutRelease(): void {
    if (!this.#isDisposed) {
      this.#end(false);
    }
  }

  imageOf(imageId: string, sliceIndex: number | undefined): Types.IImage | Promise<Types.IImage> {
    const { volumeId, frames, reduction, skippedFrames = [] } = this.#props;
    const skipped = skippedFrames.find((frame) => frame.imageId === imageId);
    if (skipped) {
      return this.images.fetchSkipped(skipped);
    }
    const whole = reduction?.wholeSlices ?? frames;
    const index = sliceIndex ?? whole.findIndex((frame) => frame.imageId === imageId);
    const isOfSlice = [frames, whole].some((slices) => slices[index]?.imageId === imageId);
    if (!isOfSlice) {
      throw new TypeError(
        `Expected the imageId of slice ${sliceIndex} of volume ${volumeId}, got ${imageId}`,
      );
    }
    return reduction ? this.images.fetchWhole(index) : this.images.copy(index);
  }

  /** The slices that are loaded. */
  loadedFrames(): number[] {
    return this.states.framesIn('loaded');
  }

  /** Puts the frames into the image cache that were loaded before the volume was made. */
  publishLoaded(): void {
    this.#props.loadedFrames?.forEach((sliceIndex) => {
      this.#publish(sliceIndex);
    });
  }

  get #isDisposed(): boolean {
    return this.#removal.signal.aborted;
  }

  #end(leavesCopies: boolean, cause?: Error): void {
    const { signal, volumeId } = this.#props;
    const reason = cause ?? removedError(volumeId, this.#context.imageIds);
    signal?.removeEventListener('abort', this.#onAbort);
    this.#removal.abort(reason);
    this.states.onMoved = undefined;
    this.#files.releaseAll();
    this.load.cancel(reason);
    this.notifier.dispose();
    this.images.removeAll(leavesCopies);
    this.#owner.onDisposed();
  }

  readonly #onAbort = (): void => {
    this.load.cancel(this.#props.signal?.reason);
  };

  #publish(sliceIndex: number): void {
    if (this.#props.publishFrameViews) {
      this.images.publish(sliceIndex);
    }
  }

  #frameEnded(sliceIndex: number, failure?: FrameFailure): void {
    if (this.#disposeIfOrphaned() || this.#isDisposed) {
      return;
    }
    const { follower, imageIds } = this.#context;
    const onScreen = follower.viewportsOn(sliceIndex);
    if (failure) {
      this.notifier.frameFailed(failure.error, imageIds[sliceIndex] as string, sliceIndex);
      this.#owner.onStandInsChanged();
    } else {
      this.#owner.onFrameWritten(sliceIndex, onScreen.length > 0);
      this.#publish(sliceIndex);
      this.#fillAbsent(sliceIndex);
    }
    this.notifier.frameChanged(onScreen);
    if (this.states.isComplete) {
      this.#isCompletionTold = false;
      this.#tellCompletion();
    }
  }

  /** Frames are not to come any more, perhaps many at once: the next picture shows no stand-ins for them. */
  #checkStandIns(): void {
    if (this.#areStandInsChecked) {
      this.#areStandInsChecked = false;
      queueMicrotask(() => {
        this.#areStandInsChecked = true;
        if (!this.#isDisposed && this.#owner.onStandInsChanged()) {
          this.notifier.requestRender();
        }
      });
    }
  }

  /** Interpolates the absent slices between this frame and the next ones, where the volume is resampled. */
  #fillAbsent(sliceIndex: number): void {
    if (this.#props.geometryReport.resampledSlices.length > 0) {
      interpolateAbsent(this.#context, sliceIndex).forEach((filled) => {
        this.#owner.onFrameWritten(filled, false);
      });
    }
  }

  /** Once, also where all frames were loaded before the volume was made. */
  #tellCompletion(): void {
    if (!this.#isCompletionTold) {
      this.#isCompletionTold = true;
      this.#props.absentFrames.forEach((sliceIndex) => {
        this.#publish(sliceIndex);
      });
      this.notifier.flush();
      this.load.complete();
      this.notifier.loadCompleted();
    }
  }

  #frameShown(sliceIndex: number): void {
    if (!this.#disposeIfOrphaned() && !this.#isDisposed) {
      const onScreen = this.#context.follower.viewportsOn(sliceIndex);
      this.#owner.onFrameWritten(sliceIndex, onScreen.length > 0);
      this.notifier.frameChanged(onScreen);
    }
  }

  /** Applications also drop a volume by deleting its cache entry, which calls nothing of the volume. */
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

function sliceFactsOf(states: FrameStates, { strategy }: LoadControl): SliceFacts {
  return {
    get version() {
      return 2 * states.version + Number(strategy.isUnderWay);
    },
    isToCome: (sliceIndex) => {
      const state = states.get(sliceIndex);
      // A load queues all of its frames; a load strategy each one when its turn comes.
      return state === 'idle' ? strategy.isUnderWay : !states.hasEnded(sliceIndex);
    },
    canLend: (sliceIndex) => (states.quality(sliceIndex) ?? 0) >= IMAGE_QUALITY.subresolution,
  };
}

/** The frames that a slice is made of. */
function sourceImageIds(
  { frames, resampling, reduction }: StreamingVolumeProps,
  sliceIndex: number,
): string[] {
  return resampling
    ? (resampling.slices[sliceIndex] ?? []).map(
        ({ sourceIndex }) => (resampling.sources[sourceIndex] as FrameMetadata).imageId,
      )
    : [((reduction?.wholeSlices ?? frames)[sliceIndex] as FrameMetadata).imageId];
}

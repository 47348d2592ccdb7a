import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/FrameStore.js';
import type { FrameMetadata, ValueRange, VolumeArray } from '../../base/types.js';
import { framesAround } from '../../loading/fillAbsent.js';
import type { FrameFailure } from '../../loading/frame/retryFrame.js';
import type { FrameLoader } from '../../loading/frame/FrameLoader.js';
import type { FrameState, FrameStates } from '../../loading/FrameStates.js';
import { createVolumeImage } from '../../pixels/image/volumeImage.js';
import type { StreamingVolumeProps } from '../StreamingVolumeProps.js';
import { ImageCacheViews } from './ImageCacheViews.js';

/** What images are made of. */
export interface VolumeImagesSource {
  readonly props: StreamingVolumeProps;
  readonly states: FrameStates;
  readonly loader: FrameLoader;
  /** Called when somebody else takes a view out of the image cache. */
  readonly onViewRemoved: () => void;
}

/** States of slices that an Image can be made of; absent ones are blank or interpolated. */
const HAS_IMAGE: ReadonlySet<FrameState> = new Set<FrameState>(['loaded', 'absent']);

/** Gives the frames of a volume back as Images: copies, views, and entries of the image cache. */
export class VolumeImages {
  readonly #source: VolumeImagesSource;
  readonly #views: ImageCacheViews;

  constructor(source: VolumeImagesSource) {
    const { volumeId, frames, store } = source.props;
    this.#source = source;
    this.#views = new ImageCacheViews({
      volumeId,
      imageIds: frames.map(({ imageId }) => imageId),
      createView: (imageIdIndex) =>
        this.#create(imageIdIndex, liveFrame(store, imageIdIndex), () =>
          store.getFrameRange(imageIdIndex),
        ),
      createCopy: (imageIdIndex) =>
        source.states.get(imageIdIndex) === 'loaded' ? this.copy(imageIdIndex) : undefined,
      onViewRemoved: source.onViewRemoved,
    });
  }

  /** Puts a loaded frame into the image cache, when the volume publishes its frames. */
  publish(imageIdIndex: number): void {
    if (this.#source.props.publishFrameViews) {
      this.#views.publish(imageIdIndex);
    }
  }

  /** An Image with pixels of its own, which holds nothing of the volume. */
  copy(imageIdIndex: number): Types.IImage {
    this.#checkLoaded([imageIdIndex]);
    const { store } = this.#source.props;
    const range = store.getFrameRange(imageIdIndex);
    const pixels = store.frame(imageIdIndex).slice();
    return this.#create(
      imageIdIndex,
      () => pixels,
      () => range,
    );
  }

  /**
   * Copies of the loaded frames, in volume order, as many as there is memory for.
   *
   * @param maxBytes - most bytes of pixels of all of them together
   */
  copyLoaded(maxBytes: number): Types.IImage[] {
    const { states, props } = this.#source;
    const copies: Types.IImage[] = [];
    for (const imageIdIndex of props.frames.keys()) {
      const hasRoom = (copies.length + 1) * props.store.bytesPerFrame <= maxBytes;
      if (!hasRoom) {
        break;
      }
      if (states.get(imageIdIndex) === 'loaded') {
        try {
          copies.push(this.copy(imageIdIndex));
        } catch (error) {
          // The browser has no more memory; any other error is one.
          if (error instanceof RangeError) {
            break;
          }
          throw error;
        }
      }
    }
    return copies;
  }

  /** Images of all frames over the volume's memory. */
  viewAll(): Types.IImage[] {
    const indices = this.#source.props.frames.map((_, imageIdIndex) => imageIdIndex);
    this.#checkLoaded(indices);
    return indices.map((imageIdIndex) => this.#views.create(imageIdIndex));
  }

  /**
   * An entry for the image cache; the frame is loaded first if need be.
   *
   * @param askedFor - the imageId that it was asked for by, which may have another scheme
   */
  lend(imageIdIndex: number, askedFor?: string): Types.IImageLoadObject {
    const promise = this.#load(imageIdIndex, askedFor);
    return this.#views.lend(imageIdIndex, promise, askedFor);
  }

  /** Whether the image cache's entry of a frame was made here. */
  ownsCacheEntry(imageIdIndex: number): boolean {
    return this.#views.owns(imageIdIndex);
  }

  /**
   * Takes all views out of the image cache.
   *
   * @param leavesCopies - whether other packages' volumes keep what they read
   */
  removeAll(leavesCopies: boolean): void {
    this.#views.removeAll(leavesCopies);
  }

  async #load(imageIdIndex: number, askedFor?: string): Promise<Types.IImage> {
    const { states } = this.#source;
    if (states.get(imageIdIndex) === 'absent') {
      await Promise.all(framesAround(states, imageIdIndex).map((each) => this.#loadFrame(each)));
    } else {
      await this.#loadFrame(imageIdIndex);
    }
    const failure = states.failures.get(imageIdIndex) as FrameFailure | undefined;
    if (failure) {
      throw failure.error;
    }
    this.#checkLoaded([imageIdIndex]);
    return this.#views.create(imageIdIndex, askedFor);
  }

  async #loadFrame(imageIdIndex: number): Promise<void> {
    const { loader } = this.#source;
    const options = loader.requestOptions(imageIdIndex, { isAwaited: true });
    // The frame may be under way for the volume's own load, which may be cancelled; this one is not.
    let isOver = false;
    while (!isOver) {
      isOver = await loader.load(imageIdIndex, options);
    }
  }

  #create(
    imageIdIndex: number,
    getPixels: () => VolumeArray,
    getFrameRange: () => ValueRange | undefined,
  ): Types.IImage {
    const { frames, numberOfComponents, isPreScaled, store } = this.#source.props;
    const isBlank =
      this.#source.states.get(imageIdIndex) === 'absent' && !store.isWritten(imageIdIndex);
    // Cornerstone makes the first window of a volume out of the range of its middle slice.
    const volumeRange = isBlank ? store.getRange() : undefined;
    const getRange = () => volumeRange ?? getFrameRange() ?? { min: 0, max: 0 };
    return createVolumeImage({
      frame: frames[imageIdIndex] as FrameMetadata,
      getPixels,
      numberOfComponents,
      isPreScaled,
      getRange,
      isBlank,
    });
  }

  #checkLoaded(imageIdIndices: readonly number[]): void {
    const { states, props } = this.#source;
    const { volumeId, frames } = props;
    const missing = imageIdIndices
      .filter((imageIdIndex) => !HAS_IMAGE.has(states.get(imageIdIndex)))
      .map((imageIdIndex) => (frames[imageIdIndex] as FrameMetadata).imageId);
    if (missing.length > 0) {
      throw new StreamingVolumeError(
        'frame-not-loaded',
        `${missing.length} of ${frames.length} frames of volume ${volumeId} are not loaded`,
        { volumeId, imageIds: missing },
      );
    }
  }
}

/** A view of a frame that is asked for often, and made anew when the store has moved. */
function liveFrame(store: FrameStore, imageIdIndex: number): () => VolumeArray {
  let data: VolumeArray | undefined;
  let frame: VolumeArray | undefined;
  return () => {
    if (!frame || data !== store.data) {
      ({ data } = store);
      frame = store.frame(imageIdIndex);
    }
    return frame;
  };
}

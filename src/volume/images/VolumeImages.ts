import { cache, Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { StreamingVolumeError } from '../../base/errors.js';
import type { FrameStore } from '../../base/voxels/FrameStore.js';
import type { FrameMetadata, ValueRange, VolumeArray } from '../../base/types.js';
import { readModule } from '../../headers/readModule.js';
import { framesAround } from '../../loading/fillAbsent.js';
import type { FrameLoader } from '../../loading/frame/FrameLoader.js';
import type { FrameFailure } from '../../loading/frame/retryFrame.js';
import type { FrameState } from '../../loading/FrameStates.js';
import type { LoadContext } from '../../loading/LoadContext.js';
import {
  cacheImages,
  createCacheEntry,
  isCachedStreamingVolume,
  ownsCacheEntry,
  publishFromOthers,
  replaceCacheEntry,
} from '../../loading/memory/cacheEntries.js';
import type { ImageCacheEntry } from '../../loading/memory/cacheEntries.js';
import type { ResamplingSources } from '../../loading/resampling/ResamplingSources.js';
import { createVolumeImage } from '../../pixels/image/volumeImage.js';
import { blankSlice, loadWholeSlice } from './loadWholeSlice.js';

/** States of slices that an Image can be made of; absent ones are blank or interpolated. */
const HAS_IMAGE: ReadonlySet<FrameState> = new Set<FrameState>(['loaded', 'absent']);

/**
 * Gives the frames of a volume back as Images: copies, views, and entries of Cornerstone's image cache.
 *
 * A view is an Image whose pixels are the volume's memory, so that stack viewports and tools find the frame
 * without a request and without a copy. Views have the size 0 in the cache: the volume has reserved their bytes.
 */
export class VolumeImages {
  readonly #context: LoadContext;
  readonly #loader: FrameLoader;
  readonly #sources: ResamplingSources | undefined;
  readonly #onViewRemoved: () => void;
  /**
   * Slice index by each imageId that a view may be in the image cache under; a frame may be requested by another
   * scheme too.
   */
  readonly #indices: Map<string, number>;
  #isClosed = false;

  /**
   * @param sources - of the slices; undefined where all of them are frames of the series
   * @param onViewRemoved - called when other code takes a view out of the image cache
   */
  constructor(
    context: LoadContext,
    loader: FrameLoader,
    sources: ResamplingSources | undefined,
    onViewRemoved: () => void,
  ) {
    this.#context = context;
    this.#loader = loader;
    this.#sources = sources;
    this.#onViewRemoved = onViewRemoved;
    this.#indices = new Map(context.imageIds.map((imageId, index) => [imageId, index]));
  }

  /**
   * Puts one frame into the image cache as a view. An Image that is there for it is replaced, so that its
   * memory is held once; an Image that is on its way, another volume's view and an Image that another volume
   * reads stay.
   */
  publish(sliceIndex: number): void {
    const imageId = this.#context.imageIds[sliceIndex] as string;
    if (!cache.getImageLoadObject(imageId) || this.#mayReplace(imageId)) {
      replaceCacheEntry(imageId, this.#entry(Promise.resolve(this.#view(sliceIndex))));
    }
  }

  /** An Image with pixels of its own, which holds nothing of the volume. */
  copy(sliceIndex: number): Types.IImage {
    this.#checkLoaded([sliceIndex]);
    const { store } = this.#context;
    const range = store.getFrameRange(sliceIndex);
    const pixels = store.frame(sliceIndex).slice();
    return this.#create(
      sliceIndex,
      () => pixels,
      () => range,
    );
  }

  /**
   * An Image of a slice with all its columns and rows, which the volume has a part of; loaded for each call.
   *
   * @returns rejects as {@link loadWholeSlice} does
   */
  async fetchWhole(sliceIndex: number): Promise<Types.IImage> {
    const { frames, reduction, states } = this.#context;
    const slice = (reduction?.wholeSlices ?? frames)[sliceIndex] as FrameMetadata;
    return states.get(sliceIndex) === 'absent'
      ? blankSlice(this.#context, slice)
      : loadWholeSlice(this.#context, { slice, sliceIndex }, this.#sources);
  }

  /**
   * An Image of a frame of the series that the volume leaves out; loaded for each call.
   *
   * @returns rejects as {@link loadWholeSlice} does
   */
  fetchSkipped(frame: FrameMetadata): Promise<Types.IImage> {
    return loadWholeSlice(this.#context, { slice: frame, sliceIndex: 0 }, undefined);
  }

  /**
   * Copies of the loaded frames, in volume order, as many as there is memory for.
   *
   * @param maxBytes - most bytes of pixels of all of them together
   */
  copyLoaded(maxBytes: number): Types.IImage[] {
    const { states, store } = this.#context;
    const copies: Types.IImage[] = [];
    for (const sliceIndex of states.framesIn('loaded')) {
      if ((copies.length + 1) * store.bytesPerFrame > maxBytes) {
        break;
      }
      try {
        copies.push(this.copy(sliceIndex));
      } catch (error) {
        // A RangeError says that the browser has no more memory.
        if (error instanceof RangeError) {
          break;
        }
        throw error;
      }
    }
    return copies;
  }

  /** Views of all frames. */
  viewAll(): Types.IImage[] {
    const indices = [...this.#context.imageIds.keys()];
    this.#checkLoaded(indices);
    return indices.map((sliceIndex) => this.#view(sliceIndex));
  }

  /**
   * An entry for the image cache with a view of a frame, which is loaded first if need be. It need not be taken
   * out of the cache: it leaves the cache with the volume.
   *
   * @param askedFor - the imageId that the frame was requested by, which may have another scheme
   */
  lend(
    sliceIndex: number,
    askedFor = this.#context.imageIds[sliceIndex] as string,
  ): ImageCacheEntry {
    this.#indices.set(askedFor, sliceIndex);
    return this.#entry(this.#load(sliceIndex, askedFor));
  }

  /**
   * Takes all views out of the image cache. Other volumes of this package put their own in their place.
   *
   * @param leavesCopies - whether a volume that is made of Images in the cache, as Cornerstone's own are,
   *   keeps the Images that it reads, with pixels of their own; to be called when the volume's bytes are given
   *   back
   */
  removeAll(leavesCopies: boolean): void {
    this.#isClosed = true;
    for (const [imageId, sliceIndex] of this.#indices) {
      if (ownsCacheEntry(this.#context, imageId)) {
        cache.removeImageLoadObject(imageId, { force: true });
        publishFromOthers(imageId, this.#context.volumeId);
        if (leavesCopies) {
          this.#leaveCopy(imageId, sliceIndex);
        }
      }
    }
  }

  #entry(promise: Promise<Types.IImage>): ImageCacheEntry {
    return createCacheEntry(this.#context, promise, () => {
      if (!this.#isClosed) {
        this.#onViewRemoved();
      }
    });
  }

  /** @param askedFor - an imageId of the frame in another scheme */
  #view(sliceIndex: number, askedFor?: string): Types.IImage {
    const { volumeId, store } = this.#context;
    const view = this.#create(sliceIndex, liveFrame(store, sliceIndex), () =>
      store.getFrameRange(sliceIndex),
    );
    // Viewports read headers by the imageId of the Image, so there must be headers for it.
    const hasHeaders = askedFor && readModule(Enums.MetadataModules.IMAGE_PIXEL, askedFor);
    const imageId = hasHeaders ? askedFor : view.imageId;
    return Object.assign(view, { imageId, sizeInBytes: 0, sharedCacheKey: volumeId });
  }

  #leaveCopy(imageId: string, sliceIndex: number): void {
    const reader = readerOf(imageId);
    if (reader && this.#context.states.get(sliceIndex) === 'loaded') {
      const copy = this.copy(sliceIndex);
      cacheImages([Object.assign(copy, { imageId, sharedCacheKey: reader.volumeId })]);
    }
  }

  #mayReplace(imageId: string): boolean {
    const { sharedCacheKey } = cache.getImage(imageId) ?? {};
    const isView = sharedCacheKey !== undefined && cache.getVolume(sharedCacheKey) !== undefined;
    const isOwn = ownsCacheEntry(this.#context, imageId);
    return cache.isLoaded(imageId) && !isOwn && !isView && !readerOf(imageId);
  }

  async #load(sliceIndex: number, askedFor: string): Promise<Types.IImage> {
    const { states } = this.#context;
    const isAbsent = states.get(sliceIndex) === 'absent';
    const needed = isAbsent ? framesAround(states, sliceIndex) : [sliceIndex];
    await Promise.all(needed.map((each) => this.#loadFrame(each)));
    const failure = states.failure(sliceIndex) as FrameFailure | undefined;
    if (failure) {
      throw failure.error;
    }
    this.#checkLoaded([sliceIndex]);
    return this.#view(sliceIndex, askedFor);
  }

  async #loadFrame(sliceIndex: number): Promise<void> {
    // The frame may be under way for the volume's own load, which may be cancelled; this one is not.
    const { removal } = this.#context;
    let isOver = false;
    while (!isOver) {
      isOver = await this.#loader.load(sliceIndex, { isOnScreen: true, signal: removal });
    }
    removal.throwIfAborted();
  }

  #create(
    sliceIndex: number,
    getPixels: () => VolumeArray,
    getFrameRange: () => ValueRange | undefined,
  ): Types.IImage {
    const { frames, numberOfComponents, isPreScaled, store, states } = this.#context;
    const isBlank = states.get(sliceIndex) === 'absent' && !store.isWritten(sliceIndex);
    // Cornerstone makes the first window of a volume out of the range of its middle slice.
    const volumeRange = isBlank ? store.getRange() : undefined;
    const getRange = () => volumeRange ?? getFrameRange() ?? { min: 0, max: 0 };
    return createVolumeImage({
      frame: frames[sliceIndex] as FrameMetadata,
      getPixels,
      numberOfComponents,
      isPreScaled,
      quality: states.quality(sliceIndex),
      getRange,
      isBlank,
    });
  }

  #checkLoaded(sliceIndices: readonly number[]): void {
    const { states, volumeId, imageIds } = this.#context;
    const missing = sliceIndices
      .filter((sliceIndex) => !HAS_IMAGE.has(states.get(sliceIndex)))
      .map((sliceIndex) => imageIds[sliceIndex] as string);
    if (missing.length > 0) {
      throw new StreamingVolumeError(
        'frame-not-loaded',
        `${missing.length} of ${imageIds.length} frames of volume ${volumeId} are not loaded, the first is ` +
          `${missing[0]}. Call load() and wait for its end`,
        { volumeId, imageIds: missing },
      );
    }
  }
}

/** A volume in the cache that is made of the Image that is there for the imageId. */
function readerOf(imageId: string): Types.IImageVolume | undefined {
  return cache
    .getVolumes()
    .find(
      (volume) =>
        !isCachedStreamingVolume(volume) && volume?.getImageIdIndex(imageId) !== undefined,
    );
}

/** A view of a frame; kept, as it is read often, and made anew when the store has moved. */
function liveFrame(store: FrameStore, sliceIndex: number): () => VolumeArray {
  let data: VolumeArray | undefined;
  let frame: VolumeArray | undefined;
  return () => {
    if (!frame || data !== store.data) {
      ({ data } = store);
      frame = store.frame(sliceIndex);
    }
    return frame;
  };
}

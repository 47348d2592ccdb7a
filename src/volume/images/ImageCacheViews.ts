import { cache, Enums } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { readModule } from '../../headers/readModule.js';
import {
  isCachedStreamingVolume,
  publishFromOthers,
} from '../../loading/memory/cachedStreamingVolumes.js';

/** What the views are made for. */
export interface FrameViewOwner {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  /** An Image over the volume's own memory. */
  readonly createView: (imageIdIndex: number) => Types.IImage;
  /** An Image with pixels of its own; undefined for a frame that is not loaded. */
  readonly createCopy: (imageIdIndex: number) => Types.IImage | undefined;
  /** Called when somebody else takes a view out of the image cache. */
  readonly onViewRemoved: () => void;
}

/**
 * The volume's frames in Cornerstone's image cache: Images whose pixels are the volume's memory, so
 * that stack viewports and tools find them without a request and without a copy.
 *
 * The views count for nothing in the cache: the volume has reserved their bytes.
 */
export class ImageCacheViews {
  readonly #owner: FrameViewOwner;
  readonly #lent = new WeakSet<object>();
  /** All that views may be in the image cache under; a frame may be asked for by another scheme too. */
  readonly #indices: Map<string, number>;
  #isClosed = false;

  constructor(owner: FrameViewOwner) {
    this.#owner = owner;
    this.#indices = new Map(owner.imageIds.map((imageId, index) => [imageId, index]));
  }

  /**
   * Makes the Image of a frame over the volume's memory.
   *
   * @param askedFor - an imageId of the frame in another scheme
   */
  create(imageIdIndex: number, askedFor?: string): Types.IImage {
    const { volumeId, createView } = this.#owner;
    const view = createView(imageIdIndex);
    // Viewports read headers by the imageId of the Image, and need them there.
    const hasHeaders = askedFor && readModule(Enums.MetadataModules.IMAGE_PIXEL, askedFor);
    const imageId = hasHeaders ? askedFor : view.imageId;
    return Object.assign(view, { imageId, sizeInBytes: 0, sharedCacheKey: volumeId });
  }

  /**
   * Puts one frame into the image cache. An Image of its own that is there for it gives way, so that its
   * memory is held once; one that is on its way, another volume's view or what another volume reads stays.
   */
  publish(imageIdIndex: number): void {
    const imageId = this.#owner.imageIds[imageIdIndex] as string;
    if (cache.getImageLoadObject(imageId) && !this.#mayReplace(imageId)) {
      return;
    }
    const view = this.lend(imageIdIndex, Promise.resolve(this.create(imageIdIndex)));
    replaceCacheEntry(imageId, view);
  }

  /**
   * Makes the cache entry of a frame. Whoever puts it into the image cache need not take it out: it
   * goes with the volume.
   *
   * @param promise - resolves with an Image from {@link ImageCacheViews.create}
   * @param askedFor - an imageId of the frame in another scheme
   */
  lend(
    imageIdIndex: number,
    promise: Promise<Types.IImage>,
    askedFor = this.#owner.imageIds[imageIdIndex] as string,
  ): ImageCacheEntry {
    // A view needs no work of its own: there is nothing to stop.
    const stop = (): void => undefined;
    const entry = {
      promise,
      cancelFn: stop,
      cancel: stop,
      decache: () => {
        if (!this.#isClosed) {
          this.#owner.onViewRemoved();
        }
      },
    };
    this.#indices.set(askedFor, imageIdIndex);
    this.#lent.add(entry);
    return entry;
  }

  /** Whether the image cache's entry of a frame was made here. */
  owns(imageIdIndex: number): boolean {
    return this.#isOwn(this.#owner.imageIds[imageIdIndex] as string);
  }

  /**
   * Takes all views out of the image cache. Other volumes of this package put their own in their place.
   *
   * @param leavesCopies - whether a volume that is made of Images in the cache, as Cornerstone's own are,
   *   keeps those that it reads, as Images of their own; to be called when the volume's bytes are given back
   */
  removeAll(leavesCopies: boolean): void {
    this.#isClosed = true;
    for (const [imageId, imageIdIndex] of this.#indices) {
      if (this.#isOwn(imageId)) {
        cache.removeImageLoadObject(imageId, { force: true });
        publishFromOthers(imageId, this.#owner.volumeId);
        if (leavesCopies) {
          this.#leaveCopy(imageId, imageIdIndex);
        }
      }
    }
  }

  #leaveCopy(imageId: string, imageIdIndex: number): void {
    const reader = this.#readerOf(imageId);
    const copy = reader && this.#owner.createCopy(imageIdIndex);
    if (copy) {
      cacheImages([Object.assign(copy, { imageId, sharedCacheKey: reader.volumeId })]);
    }
  }

  #isOwn(imageId: string): boolean {
    const entry = cache.getImageLoadObject(imageId);
    return entry !== undefined && this.#lent.has(entry);
  }

  #mayReplace(imageId: string): boolean {
    const { sharedCacheKey } = cache.getImage(imageId) ?? {};
    const isView = sharedCacheKey !== undefined && cache.getVolume(sharedCacheKey) !== undefined;
    return cache.isLoaded(imageId) && !this.#isOwn(imageId) && !isView && !this.#readerOf(imageId);
  }

  /** A volume in the cache that is made of the Image that is there for the imageId. */
  #readerOf(imageId: string): Types.IImageVolume | undefined {
    return cache
      .getVolumes()
      .find(
        (volume) =>
          !isCachedStreamingVolume(volume) && volume?.getImageIdIndex(imageId) !== undefined,
      );
  }
}

/** An entry of Cornerstone's image cache; it calls all three functions without a check. */
export interface ImageCacheEntry {
  readonly promise: Promise<Types.IImage>;
  readonly cancelFn: () => void;
  readonly cancel: () => void;
  readonly decache: () => void;
}

/**
 * Puts an entry into Cornerstone's image cache in the place of the one that is there, if one is.
 *
 * What that one keeps open stays open as long as the new one: dicom-image-loader's entries of Part 10
 * files hold the headers of the file.
 */
export function replaceCacheEntry(imageId: string, entry: ImageCacheEntry): void {
  const replaced = cache.getImageLoadObject(imageId) as { decache?: () => void } | undefined;
  const close = replaced?.decache?.bind(replaced);
  if (replaced) {
    delete replaced.decache;
    cache.removeImageLoadObject(imageId, { force: true });
  }
  const { decache } = entry;
  const decacheBoth = (): void => {
    close?.();
    decache();
  };
  cache.putImageLoadObject(imageId, Object.assign(entry, { decache: decacheBoth })).catch(() => {
    // Cornerstone has logged why; from now on the image loader serves the frame.
    close?.();
  });
}

/**
 * Puts Images into Cornerstone's image cache, at once, as far as there is room: none is evicted for them,
 * and one that is there for the same imageId stays.
 */
export function cacheImages(images: readonly Types.IImage[]): void {
  for (const image of images) {
    const isThere = cache.getImageLoadObject(image.imageId) !== undefined;
    if (!isThere && image.sizeInBytes <= cache.getBytesAvailable()) {
      cache.putImageSync(image.imageId, image);
    }
  }
}

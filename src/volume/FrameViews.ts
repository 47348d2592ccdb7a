import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';

/** What the views are made for. */
export interface FrameViewOwner {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  /** An Image over the volume's own memory. */
  readonly createView: (imageIdIndex: number) => Types.IImage;
  /** Called when somebody else takes a view out of the image cache. */
  readonly onViewRemoved: () => void;
}

/** An entry of Cornerstone's image cache; it calls all three functions without a check. */
export interface FrameViewLoadObject {
  readonly promise: Promise<Types.IImage>;
  readonly cancelFn: () => void;
  readonly cancel: () => void;
  readonly decache: () => void;
}

/**
 * The volume's frames in Cornerstone's image cache: Images whose pixels are the volume's memory, so
 * that stack viewports and tools find them without a request and without a copy.
 *
 * The views count for nothing in the cache: the volume has reserved their bytes.
 */
export class FrameViews {
  readonly #owner: FrameViewOwner;
  readonly #loadObjects = new Map<string, FrameViewLoadObject>();

  constructor(owner: FrameViewOwner) {
    this.#owner = owner;
  }

  /** Makes the Image of a frame over the volume's memory. */
  create(imageIdIndex: number): Types.IImage {
    const { volumeId, createView } = this.#owner;
    return Object.assign(createView(imageIdIndex), { sizeInBytes: 0, sharedCacheKey: volumeId });
  }

  /** Puts one frame into the image cache, unless an Image of it is there or on its way. */
  publish(imageIdIndex: number): void {
    const imageId = this.#owner.imageIds[imageIdIndex] as string;
    if (cache.getImageLoadObject(imageId)) {
      return;
    }
    const loadObject = this.lend(imageIdIndex, Promise.resolve(this.create(imageIdIndex)));
    cache.putImageLoadObject(imageId, loadObject).catch(() => {
      // Cornerstone has logged why; from now on the image loader serves the frame.
      this.#loadObjects.delete(imageId);
    });
  }

  /**
   * Makes the cache entry of a frame. Whoever puts it into the image cache need not take it out: it
   * goes with the volume.
   *
   * @param promise - resolves with an Image from {@link FrameViews.create}
   */
  lend(imageIdIndex: number, promise: Promise<Types.IImage>): FrameViewLoadObject {
    const imageId = this.#owner.imageIds[imageIdIndex] as string;
    // A view needs no work of its own: there is nothing to stop.
    const stop = (): void => undefined;
    const loadObject = {
      promise,
      cancelFn: stop,
      cancel: stop,
      decache: () => {
        if (this.#loadObjects.get(imageId) === loadObject) {
          this.#loadObjects.delete(imageId);
          this.#owner.onViewRemoved();
        }
      },
    };
    this.#loadObjects.set(imageId, loadObject);
    return loadObject;
  }

  /** Whether the image cache's entry of a frame was made here. */
  owns(imageIdIndex: number): boolean {
    const imageId = this.#owner.imageIds[imageIdIndex] as string;
    const loadObject = this.#loadObjects.get(imageId);
    return loadObject !== undefined && cache.getImageLoadObject(imageId) === loadObject;
  }

  /** Takes all views out of the image cache, except those that another volume in the cache reads. */
  removeAll(): void {
    const others = cache.getVolumes().filter((volume) => volume?.volumeId !== this.#owner.volumeId);
    const loadObjects = [...this.#loadObjects];
    this.#loadObjects.clear();
    for (const [imageId, loadObject] of loadObjects) {
      const isInCache = cache.getImageLoadObject(imageId) === loadObject;
      const isRead = others.some((volume) => volume?.getImageIdIndex(imageId) !== undefined);
      if (isInCache && !isRead) {
        cache.removeImageLoadObject(imageId, { force: true });
      }
    }
  }
}

import { cache, ImageVolume } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { GeometryReport } from '../base/eligibilityReason.js';
import type { ScalingReport } from '../base/scalingReport.js';
import type { FrameMetadata, VolumeArray, VolumeTransport } from '../base/types.js';
import type { VoxelTypes } from '../geometry/voxelType.js';
import type { FrameState } from '../loading/FrameStates.js';
import type {
  FailedFrame,
  LoadEvent,
  LoadOptions,
  LoadResult,
  LoadStatus,
  VolumeProgress,
} from '../loading/LoadProgress.js';
import type { ImageLoadRequest } from '../loading/StrategyRequests.js';
import { createVolumeTexture, textureSourceOf } from './createVolumeTexture.js';
import { fillWithFrames } from './fillWithFrames.js';
import { imageVolumeProps } from './StreamingVolumeProps.js';
import type { StreamingVolumeProps, VolumeMemory } from './StreamingVolumeProps.js';
import { findStandInOnScreen } from './standInOnScreen.js';
import type { StandInOnScreen } from './standInOnScreen.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';
import { VolumeController } from './VolumeController.js';
import type { HeldFrames, VolumeContents, VolumeFilling } from './VolumeFilling.js';

/**
 * A volume in one contiguous array that frames are streamed into.
 *
 * It is complete except for its pixels as soon as it exists. Voxels of frames that are not loaded are 0.
 */
export class StreamingImageVolume extends ImageVolume {
  /** Survives two copies of the bundle, which `instanceof` does not. */
  readonly brand = 'streaming-image-volume-loader/volume';
  declare loadStatus: LoadStatus & Record<string, unknown>;
  readonly #props: StreamingVolumeProps;
  readonly #filling: VolumeFilling;
  readonly #texture: StreamingTexture;

  /**
   * @param props - from the volume loader, which has checked the frames and reserved the memory
   * @param contents - of a volume of time points, of which `props` describes the first one that is shown. Default:
   *   one frame for each slice
   * @internal
   */
  constructor(props: StreamingVolumeProps, contents?: VolumeContents) {
    super(imageVolumeProps(props, contents));
    this.#props = props;
    this.isPreScaled = props.isPreScaled;
    this.totalNumFrames = this.imageIds.length;
    // Workaround: core's constructor (cache/classes/ImageVolume.js) makes a texture that reads one Image for each
    // slice, and takes no other. Remove when a texture can be passed to it.
    this.vtkOpenGLTexture.delete();
    let controller: VolumeController | undefined;
    const source = contents?.textureSource ?? textureSourceOf(props, () => controller?.sliceFacts);
    const texture = createVolumeTexture(props, source, () =>
      this.#filling.notifier.uploadPending(),
    );
    this.vtkOpenGLTexture = texture;
    this.#texture = texture;
    const hull = { volume: this, texture, isCached: () => isInCache(this) };
    if (contents) {
      this.#filling = contents.open(hull);
    } else {
      controller = fillWithFrames(props, hull);
      this.#filling = controller;
    }
    this.loadStatus = this.#filling.load.status;
  }

  /** The voxel type that the volume began with, and the widest one that its frames may require. */
  get voxelTypes(): VoxelTypes {
    return this.#props.voxelTypes;
  }

  /** What makes the volume approximate, and how frames that are not equidistant were treated. */
  get geometryReport(): GeometryReport {
    return this.#filling.geometryReport;
  }

  /**
   * Whether the voxels of PET are SUV, and why they are not; undefined for other modalities. Where core's
   * `isPreScaled` is false, the voxels are stored values all the same.
   */
  get scalingReport(): ScalingReport | undefined {
    return this.#props.frames[0]?.scalingReport;
  }

  /** Number of frames whose pixels are in the volume. */
  get framesLoaded(): number {
    return this.#filling.states.count('loaded');
  }

  /** Number of frames that are loaded, have failed or are absent. */
  get framesProcessed(): number {
    return this.#filling.states.ended;
  }

  /** Number of frames that have pixels, of any quality. */
  get framesUpdated(): number {
    return this.#filling.states.shown;
  }

  /**
   * Loads every frame that is not loaded yet. Calls while a load is under way join it. Frames that are in memory
   * already, in another volume or in the image cache, are copied first; the page is not kept busy for more than
   * 8 ms at a time.
   *
   * @param callback - called once when the last frame has ended; at once if it has already. An error that it
   *   throws is reported as an uncaught one, and is no error of the load
   * @param options - `signal` cancels the load
   * @returns resolves when every frame has ended, also when some failed; rejects with the reason when
   *   the load is cancelled: that of the signal, or else, for {@link cancelLoading} and the removal of the volume from
   *   the cache, a DOMException named `AbortError`. After the removal it rejects with code `volume-removed`. The promise
   *   may be ignored.
   */
  override load(
    callback?: (event: LoadEvent) => void,
    { signal }: LoadOptions = {},
  ): Promise<LoadResult> {
    return this.#filling.load.load(callback, signal);
  }

  /** Loads the frames that have failed once more; resolves as {@link load} does. */
  retryFailedFrames(): Promise<LoadResult> {
    return this.#filling.load.retryFailed();
  }

  /** The state of each frame in volume order, as it is now. */
  get frameStates(): readonly FrameState[] {
    return this.#filling.states.snapshot();
  }

  /**
   * Quality of the pixels of each frame now, in volume order, as Cornerstone's `ImageQualityStatus` counts
   * it: 8 for the full quality, below 6 for a copy of another frame (a replica). Undefined for a frame without
   * pixels.
   */
  get frameQualities(): readonly (number | undefined)[] {
    return this.imageIds.map((_, index) => this.#filling.states.quality(index));
  }

  /**
   * The slice whose pixels pictures show in place of a slice that is still to come (option `standIns`), as of their last
   * render; undefined where they show the slice itself, or its gap. Only pictures have stand-ins: the voxels of such a
   * slice are 0 in {@link getScalarData}, in the voxel manager and in Images until its own arrive.
   *
   * @param sliceIndex - from 0, in volume order; of the current time point
   */
  standInFor(sliceIndex: number): number | undefined {
    return this.#texture.shownInPlaceOf(sliceIndex);
  }

  /**
   * Tells whether a viewport in the acquisition plane shows another slice than the one that it is at, so that an
   * application can mark that. To be asked after each render of the viewport (Cornerstone's IMAGE_RENDERED).
   *
   * @param viewport - shows this volume
   * @returns undefined where it shows its own slices, gaps, or a plane across the slices
   */
  standInOnScreen(
    viewport: Pick<Types.IViewport, 'type' | 'getCamera'>,
  ): StandInOnScreen | undefined {
    return findStandInOnScreen(this.#props.geometry, viewport, (sliceIndex) =>
      this.standInFor(sliceIndex),
    );
  }

  /** The frames that could not be loaded, in volume order. */
  get failedFrames(): readonly FailedFrame[] {
    return this.#filling.load.result().failed;
  }

  /** How far the load has come. */
  get progress(): VolumeProgress {
    return this.#filling.progress.read();
  }

  /** Which thread fetches the frames and why; undefined before one was fetched over the network. */
  get transport(): VolumeTransport | undefined {
    return this.#filling.progress.transport;
  }

  /** Cancels the load: pixels that are there stay, and the next `load` loads the missing frames. */
  override cancelLoading = (): void => {
    this.#filling.load.cancel(
      new DOMException(`The load of volume ${this.volumeId} was cancelled`, 'AbortError'),
    );
  };

  /**
   * The voxels of all slices, first columns, then rows, then slices; three values for each voxel of a
   * colour volume. This is the volume's own array, never a copy: it fills while frames arrive.
   *
   * A volume that may widen (option `voxelType`) moves into another array when a frame arrives that its type does
   * not hold, and triggers the event `VOLUME_WIDENED`. The former array stays as it was at that moment: no
   * later frame is written there, except one that a worker was writing just then. Call this method again after
   * the event, and after `load` has resolved.
   */
  getScalarData(): VolumeArray {
    return this.#filling.store.data;
  }

  /** The same array as {@link getScalarData}, under the name of Cornerstone's voxel managers. */
  getCompleteScalarDataArray(): VolumeArray {
    return this.#filling.store.data;
  }

  /**
   * An Image of one frame with pixels of its own. Makes no request.
   *
   * Where the options `ijkDecimation`, `bounds` or `onTooLarge` leave out columns and rows of the frame, or all of it,
   * the result is a promise of an Image of the whole frame, which is requested for it, unless another volume or the
   * image cache has it. The frame is named by its own imageId, or by that of the slice in this volume. For volumes with
   * and without such frames alike, `getCornerstoneImageLoadObject(imageId).promise` is the same.
   *
   * @typeParam T - `Promise<Types.IImage>` for a frame of which the volume has a part or nothing
   * @param imageIdIndex - slice from 0, in volume order; default: that of `imageId`
   * @throws TypeError when the slice has another imageId
   * @throws StreamingVolumeError with code `frame-not-loaded`. A promise rejects as a frame of the volume fails, and
   *   with code `volume-removed`
   */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- only the caller knows whether the volume has the frame whole
  convertToCornerstoneImage<T extends Types.IImage | Promise<Types.IImage> = Types.IImage>(
    imageId: string,
    imageIdIndex = this.getImageIdIndex(imageId) as number | undefined,
  ): T {
    return this.#filling.imageOf(imageId, imageIdIndex) as T;
  }

  /**
   * The entry of one frame for the image cache: an Image with pixels of its own.
   *
   * @throws as {@link convertToCornerstoneImage} does
   */
  getCornerstoneImageLoadObject(
    imageId: string,
    imageIdIndex = this.getImageIdIndex(imageId) as number | undefined,
  ): { promise: Promise<Types.IImage> } {
    return { promise: Promise.resolve(this.#filling.imageOf(imageId, imageIdIndex)) };
  }

  /**
   * Images of all frames, in volume order, over the volume's own memory.
   *
   * @throws StreamingVolumeError with code `frame-not-loaded` and the imageIds that are missing
   */
  override getCornerstoneImages(): Types.IImage[] {
    return this.#filling.images.viewAll();
  }

  /**
   * The requests that `load` makes, for load strategies to order. All together have at most `maxInFlight` frames
   * in flight.
   *
   * @param priority - in Cornerstone's request pool
   */
  getImageLoadRequests(priority = this.#props.priority): ImageLoadRequest[] {
    this.#props.authorization.reset();
    return this.#filling.load.strategy.create(priority);
  }

  /**
   * The cache entry of one frame for image loaders: the frame is loaded into the volume if
   * need be, and the pixels of the Image are the volume's memory.
   *
   * @param askedFor - the imageId that the frame was requested by, which may have another scheme
   */
  getImageLoadObject(imageIdIndex: number, askedFor?: string): Types.IImageLoadObject {
    return this.#filling.images.lend(imageIdIndex, askedFor);
  }

  /**
   * Whether the volume has memory for a frame, so that {@link getImageLoadObject} loads it; not for those of time
   * points that are not held.
   */
  hasMemoryFor(imageIdIndex: number): boolean {
    return this.#filling.hasMemoryFor(imageIdIndex);
  }

  /** The loaded frames, for other volumes; and a way to fill the volume from Images. */
  get heldFrames(): HeldFrames {
    return this.#filling.held;
  }

  /** To be called after voxels were changed in place: they are drawn again, and ranges are measured again. */
  override modified(): void {
    this.#filling.store.invalidateRange();
    this.invalidate();
  }

  /** Lets the texture upload all slices again; those of the current time point. */
  override invalidate(): void {
    for (let sliceIndex = 0; sliceIndex < this.#filling.store.frameCount; sliceIndex++) {
      this.vtkOpenGLTexture.setUpdatedFrame(sliceIndex);
    }
    this.imageData?.modified();
  }

  /**
   * Takes the volume out of Cornerstone's cache.
   *
   * @param completelyRemove - whether nothing is left. Otherwise the loaded frames become Images with pixels of
   *   their own in the image cache, as many as there is room for
   */
  decache(completelyRemove = false): void {
    this.#filling.decache(completelyRemove);
  }

  /** Gives back all memory. Images from {@link convertToCornerstoneImage} stay as they are. */
  override destroy(): void {
    this.dispose();
    [this.imageData, this.vtkOpenGLTexture]
      .filter((object) => object?.isDeleted() === false)
      .forEach((object) => object?.delete());
  }

  /**
   * Whether the volume has these frames, in this order, and scales them alike.
   *
   * @internal
   */
  holds(frames: readonly FrameMetadata[]): boolean {
    const own = this.#props.frames;
    return (
      own.length === frames.length &&
      own.every(({ imageId, rescale }, index) => {
        const other = frames[index];
        return (
          imageId === other?.imageId &&
          rescale.slope === other.rescale.slope &&
          rescale.intercept === other.rescale.intercept
        );
      })
    );
  }

  /**
   * Ends the volume's life and passes its memory to another volume of the same frames, which continues
   * the load that is under way.
   *
   * @throws TypeError for a volume of time points
   * @internal
   */
  handOver(createSuccessor: (memory: VolumeMemory) => StreamingImageVolume): StreamingImageVolume {
    const { store, reservation } = this.#props;
    const controller = this.#filling;
    if (!(controller instanceof VolumeController)) {
      throw new TypeError(`Expected a volume without time points, got ${this.volumeId}`);
    }
    const loadedFrames = controller.loadedFrames();
    const successor = createSuccessor({ store, reservation, loadedFrames });
    const wasLoading = this.loadStatus.loading;
    controller.endWithoutRelease();
    if (successor.#filling instanceof VolumeController) {
      // Only now have the views of this volume left the image cache.
      successor.#filling.publishLoaded();
    }
    if (wasLoading) {
      void successor.load();
    }
    return successor;
  }

  /** Ends the volume's life after it was taken out of the cache; further calls do nothing. */
  dispose(): void {
    this.#filling.dispose();
  }
}

function isInCache(volume: ImageVolume): boolean {
  return cache.getVolume(volume.volumeId) === (volume as unknown);
}

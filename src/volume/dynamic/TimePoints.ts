import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { GeometryReport } from '../../base/eligibilityReason.js';
import { removedError } from '../../base/errors.js';
import type { FrameStore } from '../../base/voxels/FrameStore.js';
import type { VolumeDataType } from '../../base/types.js';
import { LoadProgress } from '../../loading/LoadProgress.js';
import type { LoadMeter } from '../../loading/LoadProgress.js';
import { cacheImages } from '../../loading/memory/cacheEntries.js';
import { FlightQueue } from '../../loading/schedule/FlightQueue.js';
import type { ImageLoadRequest } from '../../loading/StrategyRequests.js';
import { textureSourceOf } from '../createVolumeTexture.js';
import type { StreamingVolumeProps, VolumeMemory } from '../StreamingVolumeProps.js';
import type { TextureSource } from '../texture/FrameUploader.js';
import type { VolumeController } from '../VolumeController.js';
import type { VolumeContents, VolumeFilling, VolumeHull } from '../VolumeFilling.js';
import { VolumeNotifier } from '../VolumeNotifier.js';
import { adoptArray } from '../widenVoxels.js';
import { createDynamicVoxelManager } from './createDynamicVoxelManager.js';
import type { VoxelTimePoints } from './createDynamicVoxelManager.js';
import type { DynamicVolumeProps } from './DynamicVolumeProps.js';
import {
  flatHeld,
  flatImages,
  flatRequests,
  flatResult,
  flatStates,
  placeOf,
  timePointOf,
} from './flatFrames.js';
import type { ControlledTimePoints } from './flatFrames.js';
import { notHeldError, releasedError } from './heldErrors.js';
import { openTimePoint } from './openTimePoint.js';
import type { HeldTimePoint } from './openTimePoint.js';
import { TextureAhead } from './TextureAhead.js';
import { createTimePointLoads } from './createTimePointLoads.js';
import type { TimePointLoads } from './TimePointLoads.js';
import { TimePointMemory } from './TimePointMemory.js';
import { directionTo, playDistance, playOrder } from './timePointOrder.js';
import type { PlayDirection, PlayPosition } from './timePointOrder.js';

/**
 * The time points of a volume, each with its own memory, states and load. Voxels, texture and Images of the volume
 * are those of the current one; the counts and lists of frames are of all time points, one after the other, as the
 * imageIds of the volume are. Indices count from 0.
 */
export class TimePoints
  implements VolumeFilling, VolumeContents, VoxelTimePoints, ControlledTimePoints
{
  readonly imageIds: readonly string[];
  readonly slices: number;
  readonly voxelManager: ReturnType<typeof createDynamicVoxelManager>;
  readonly textureSource: TextureSource;
  /** Of the time point that is shown first; with its memory. */
  readonly firstProps: StreamingVolumeProps;
  readonly states: VolumeFilling['states'];
  readonly load: VolumeFilling['load'];
  readonly images: VolumeFilling['images'];
  readonly held: VolumeFilling['held'];
  readonly progress: LoadMeter;
  readonly #props: DynamicVolumeProps;
  readonly #memory: TimePointMemory<HeldTimePoint>;
  readonly #loads: TimePointLoads;
  readonly #removal = new AbortController();
  readonly #queue: FlightQueue;
  #hull!: VolumeHull;
  #notifier!: VolumeNotifier;
  #ahead!: TextureAhead;
  #store: FrameStore;
  #current = 0;
  #direction: PlayDirection = 1;
  /** The type that a time point has widened to: the next ones have it from the beginning. */
  #dataType: VolumeDataType;
  /** The memory of the first time point, until it is opened. */
  #firstMemory: VolumeMemory | undefined;
  #isReleasing = false;

  /** Allocates the memory of the first time point. @throws as `allocate` of the props does */
  constructor(props: DynamicVolumeProps) {
    const { timePoints, allocate, timePointBudgetInBytes: budgetInBytes = Infinity } = props;
    const [first] = timePoints;
    const { volumeId, frames, geometry, numberOfComponents, voxelTypes } = first;
    this.#props = props;
    this.slices = frames.length;
    this.#dataType = voxelTypes.initial;
    const memory = allocate(first, this.#dataType, true);
    this.#firstMemory = memory;
    this.#store = memory.store;
    this.firstProps = { ...first, ...memory };
    this.textureSource = textureSourceOf(this.firstProps, () => this.controllerAt(0)?.sliceFacts);
    this.imageIds = timePoints.flatMap((timePoint) =>
      timePoint.frames.map(({ imageId }) => imageId),
    );
    this.voxelManager = createDynamicVoxelManager({
      volumeId,
      dimensions: geometry.dimensions,
      numberOfComponents,
      timePoints: this,
    });
    this.#memory = new TimePointMemory({
      volumeId,
      removal: this.#removal.signal,
      count: timePoints.length,
      sizeInBytes: memory.store.sizeInBytes,
      budgetInBytes,
      distance: (index) => playDistance(this.#position, index),
      open: (index, takesSpare) => this.#open(index, takesSpare),
      close: (held) => {
        this.#close(held);
      },
      sizeOf: ({ store }) => store.sizeInBytes,
    });
    const states = flatStates(this);
    this.states = states;
    const sources = timePoints.flatMap(({ resampling }) => resampling?.sources ?? []);
    this.progress = new LoadProgress({
      volumeId,
      states,
      imageIds: [...this.imageIds, ...sources.map(({ imageId }) => imageId)],
    });
    this.#queue = new FlightQueue(volumeId, first.maxInFlight);
    this.#loads = createTimePointLoads({
      timePoints: this,
      memory: this.#memory,
      props: first,
      progress: this.progress,
      removal: this.#removal.signal,
      order: () => playOrder(this.#position),
      getNotifier: () => this.#notifier,
    });
    const loads = this.#loads;
    this.load = {
      status: loads.status,
      load: (callback, signal) => loads.load(callback, signal),
      retryFailed: () => loads.retryFailed(),
      cancel: (reason) => {
        loads.cancel(reason);
      },
      result: () => flatResult(this),
      strategy: { create: (priority) => this.#requests(priority) },
    };
    this.images = flatImages(this, (index) => this.#requireTimePoint(index).controller);
    this.held = {
      ...flatHeld(this),
      takeImages: (images) => this.#takeImages(images),
    };
  }

  open(hull: VolumeHull): this {
    const { volumeId } = this.firstProps;
    this.#hull = hull;
    const current = (): VolumeController | undefined => this.controllerAt(this.#current);
    this.#notifier = new VolumeNotifier(
      {
        volumeId,
        frameOfReferenceUID: hull.volume.metadata.FrameOfReferenceUID,
        frameCount: this.imageIds.length,
        progress: () => this.progress.read(),
        isLoadingOnScreen: () => current()?.isLoadingOnScreen === true,
        isComplete: () => current()?.states.isComplete === true,
        isSparse: () => current()?.isSparse === true,
      },
      this.firstProps,
    );
    this.#ahead = new TextureAhead(hull.texture, () => {
      const [, next] = playOrder(this.#position);
      const held = next === undefined ? undefined : this.#memory.get(next);
      return this.isLoaded(this.#current) ? held?.source : undefined;
    });
    this.#memory.hold(this.#current);
    return this;
  }

  get store(): FrameStore {
    return this.#store;
  }

  get current(): number {
    return this.#current;
  }

  get count(): number {
    return this.#props.timePoints.length;
  }

  get notifier(): VolumeFilling['notifier'] {
    return this.#notifier;
  }

  get geometryReport(): GeometryReport {
    return this.#timePoint(this.#current).geometryReport;
  }

  /**
   * Makes a time point the current one: the volume shows its voxels, and it is loaded if loads are wanted.
   *
   * @param direction - of play; default: the one that led there
   * @returns whether it was another one
   * @throws TypeError when there is no such time point
   * @throws StreamingVolumeError with code `cache-size-exceeded` or `allocation-failed` when there is no memory for
   *   it; the current one stays
   */
  show(timePointIndex: number, direction?: PlayDirection): boolean {
    const count = this.#props.timePoints.length;
    if (!Number.isInteger(timePointIndex) || timePointIndex < 0 || timePointIndex >= count) {
      throw new TypeError(
        `Expected a dimension group number from 1 to ${count} of volume ${this.firstProps.volumeId}, ` +
          `got ${timePointIndex + 1}`,
      );
    }
    if (timePointIndex === this.#current || this.#removal.signal.aborted) {
      return false;
    }
    const former = this.#position;
    this.#direction = direction ?? directionTo(former, timePointIndex);
    this.#current = timePointIndex;
    let shown: HeldTimePoint;
    try {
      shown = this.#memory.hold(timePointIndex);
    } catch (error) {
      ({ current: this.#current, direction: this.#direction } = former);
      this.#memory.hold(this.#current);
      throw error;
    }
    const { volume, texture } = this.#hull;
    const formerArray = this.#store.data;
    this.#store = shown.store;
    texture.showSource(shown.source);
    adoptArray(volume, formerArray, shown.store);
    this.#notifier.requestRender();
    this.#loads.turn();
    this.#ahead.begin();
    return true;
  }

  imageIdAt(sliceIndex: number): string {
    const { frames, volumeId } = this.#timePoint(this.#current);
    return frames[sliceIndex]?.imageId ?? volumeId;
  }

  /** The imageIds of a time point, in volume order. */
  imageIdsOf(timePointIndex: number): string[] {
    return this.#timePoint(timePointIndex).frames.map(({ imageId }) => imageId);
  }

  controllerAt(timePointIndex: number): VolumeController | undefined {
    return this.#memory.get(timePointIndex)?.controller;
  }

  storeAt(timePointIndex: number): FrameStore | undefined {
    return this.#memory.get(timePointIndex)?.store;
  }

  requireStore(timePointIndex: number): FrameStore {
    return this.#requireTimePoint(timePointIndex).store;
  }

  /** Whether every frame of a time point is loaded or absent. */
  isLoaded(timePointIndex: number): boolean {
    return this.#memory.get(timePointIndex)?.controller.states.isLoaded === true;
  }

  /** Whether a frame is loaded, and not only shown by the pixels of another one. */
  isFrameLoaded(timePointIndex: number, sliceIndex: number): boolean {
    return this.#memory.get(timePointIndex)?.controller.states.get(sliceIndex) === 'loaded';
  }

  imageOf(imageId: string, index: number | undefined): Types.IImage | Promise<Types.IImage> {
    const place = index === undefined ? undefined : placeOf(this, index);
    const timePointIndex = place?.timePointIndex ?? timePointOf(this.#props.timePoints, imageId);
    return this.#requireTimePoint(timePointIndex).controller.imageOf(imageId, place?.sliceIndex);
  }

  hasMemoryFor(index: number): boolean {
    return this.#memory.get(placeOf(this, index).timePointIndex) !== undefined;
  }

  decache(completelyRemove: boolean): void {
    const isKept = !completelyRemove && this.#hull.isCached();
    const images: Types.IImage[] = [];
    let room = cache.getBytesAvailable();
    for (const { controller, store } of isKept ? this.#memory.all.values() : []) {
      room += store.sizeInBytes;
      const copies = controller.images.copyLoaded(room);
      room -= copies.length * store.bytesPerFrame;
      images.push(...copies);
    }
    if (this.#hull.isCached()) {
      cache.removeVolumeLoadObject(this.firstProps.volumeId);
    }
    this.dispose();
    cacheImages(images);
  }

  dispose(): void {
    if (this.#removal.signal.aborted) {
      return;
    }
    const reason = removedError(this.firstProps.volumeId, this.imageIds);
    this.#removal.abort(reason);
    this.#loads.cancel(reason);
    this.#notifier.dispose();
    this.#ahead.end();
    [...this.#memory.all.keys()].forEach((index) => {
      this.#memory.release(index);
    });
    // Not deleted: a viewport may still show the volume. It draws nothing of it from now on.
    this.#hull.texture.releaseGraphicsResources();
  }

  get #position(): PlayPosition {
    return {
      count: this.#props.timePoints.length,
      current: this.#current,
      direction: this.#direction,
    };
  }

  #timePoint(index: number): DynamicVolumeProps['timePoints'][number] {
    return this.#props.timePoints[index] as DynamicVolumeProps['timePoints'][number];
  }

  #requireTimePoint(timePointIndex: number): HeldTimePoint {
    const held = this.#memory.get(timePointIndex);
    if (held) {
      return held;
    }
    const { count } = this;
    const { volumeId } = this.firstProps;
    if (this.#props.timePoints[timePointIndex] === undefined) {
      throw new TypeError(
        `Expected a dimension group number from 1 to ${count} of volume ${volumeId}, got ${timePointIndex + 1}`,
      );
    }
    throw notHeldError({
      volumeId,
      count,
      timePointIndex,
      imageIds: this.imageIdsOf(timePointIndex),
    });
  }

  #open(index: number, takesSpare: boolean): HeldTimePoint {
    const timePoint = this.#timePoint(index);
    const isFirst = this.#firstMemory !== undefined;
    const memory = this.#firstMemory ?? this.#props.allocate(timePoint, this.#dataType, takesSpare);
    this.#firstMemory = undefined;
    const props = { ...timePoint, ...memory };
    return openTimePoint({
      index,
      props,
      source: isFirst ? this.textureSource : undefined,
      hull: this.#hull,
      notifier: this.#notifier,
      progress: this.progress,
      queue: this.#queue,
      isShown: () => index === this.#current,
      onFrameEnded: () => {
        this.#loads.frameEnded();
      },
      onDisposed: () => {
        // Otherwise the volume was dropped from the cache without a call, which the controller has noticed.
        if (!this.#isReleasing) {
          this.dispose();
        }
      },
      releaseAnother: () => this.#memory.releaseBeyond(index),
      onWidened: (dataType) => {
        this.#dataType = dataType;
      },
    });
  }

  #close({ controller, source }: HeldTimePoint): void {
    const { volumeId } = this.firstProps;
    const { signal } = this.#removal;
    this.#isReleasing = true;
    controller.dispose(signal.aborted ? (signal.reason as Error) : releasedError(volumeId));
    this.#isReleasing = false;
    this.#hull.texture.releaseSource(source);
  }

  /** Requests of the time points that there is memory for, in the order of play. */
  #requests(priority: number): ImageLoadRequest[] {
    const wanted = this.#memory.wanted();
    return playOrder(this.#position)
      .filter((index) => wanted.has(index) && this.#memory.tryHold(index) !== undefined)
      .flatMap((index) => flatRequests(this, index, priority));
  }

  async #takeImages(images: ReadonlyMap<string, Types.IImage>): Promise<string[]> {
    const refused: string[] = [];
    for (const index of playOrder(this.#position)) {
      const held = this.#memory.tryHold(index);
      refused.push(...((await held?.controller.held.takeImages(images)) ?? []));
    }
    return refused;
  }
}

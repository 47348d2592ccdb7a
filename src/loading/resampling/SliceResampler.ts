import type { Types } from '@cornerstonejs/core';
import { FrameStore } from '../../base/voxels/FrameStore.js';
import { pickPixels } from '../../base/voxels/pickPixels.js';
import { IDENTITY_RESCALE } from '../../base/voxels/rescale.js';
import type {
  FrameMetadata,
  LinearRescale,
  VolumeArray,
  VolumeDataType,
} from '../../base/types.js';
import { finiteRange, holdsAllOf, voxelNeeds } from '../../base/voxels/voxelTypes.js';
import type { SliceSource, VolumeResampling } from '../../geometry/resampleStack.js';
import type { LoadSettings } from '../LoadContext.js';
import { takeImage } from '../memory/copyFromMemory.js';
import { resampleFrame } from './resampleFrame.js';

/** What a {@link SliceResampler} reads of the volume. */
type ResampledVolume = Pick<
  LoadSettings,
  'frames' | 'reduction' | 'store' | 'numberOfComponents' | 'isPreScaled'
>;

/** Makes the slices of a volume out of the frames beside them (sources). */
export class SliceResampler {
  readonly #volume: ResampledVolume;
  readonly #resampling: VolumeResampling;

  constructor(volume: ResampledVolume, resampling: VolumeResampling) {
    this.#volume = volume;
    this.#resampling = resampling;
  }

  /** The sources of a slice and their parts in it. */
  sources(sliceIndex: number): readonly SliceSource[] {
    return this.#resampling.slices[sliceIndex] ?? [];
  }

  /** The headers of a source. */
  frame(sourceIndex: number): FrameMetadata {
    return this.#resampling.sources[sourceIndex] as FrameMetadata;
  }

  /** The headers of a slice with all its columns and rows. */
  #slice(sliceIndex: number): FrameMetadata {
    const { frames, reduction } = this.#volume;
    return (reduction?.wholeSlices ?? frames)[sliceIndex] as FrameMetadata;
  }

  /** A store for one source, with voxels like those of the volume. */
  createStore(): FrameStore {
    const { store, numberOfComponents } = this.#volume;
    const { rows, columns } = this.frame(0);
    return new FrameStore({
      dataType: store.dataType,
      widestType: store.widestType,
      frameCount: 1,
      valuesPerFrame: rows * columns * numberOfComponents,
      shared: store.isShared,
    });
  }

  /**
   * Writes a slice.
   *
   * @param voxels - of its sources, in the order of {@link sources}
   * @throws StreamingVolumeError as `FrameStore.makeRoom` does
   */
  write(sliceIndex: number, voxels: readonly VolumeArray[]): void {
    const { store, reduction } = this.#volume;
    this.#makeRoom(sliceIndex, voxels);
    const kept = store.frame(sliceIndex);
    if (reduction) {
      const { imageId } = this.#slice(sliceIndex);
      kept.set(pickPixels(this.#make(sliceIndex, voxels), reduction.pick, imageId, true));
    } else {
      this.#make(sliceIndex, voxels, kept);
    }
    const range = finiteRange(kept);
    if (range) {
      store.setRange(sliceIndex, range);
    } else {
      store.invalidateRange(sliceIndex);
    }
  }

  /**
   * Makes a slice with all its columns and rows, in memory of its own.
   *
   * @param voxels - of its sources, in the order of {@link sources}
   * @throws StreamingVolumeError as `FrameStore.makeRoom` does
   */
  makeWhole(sliceIndex: number, voxels: readonly VolumeArray[]): VolumeArray {
    this.#makeRoom(sliceIndex, voxels);
    return this.#make(sliceIndex, voxels);
  }

  /** @param into - an array of the store's type for all columns and rows; default: a new one */
  #make(sliceIndex: number, voxels: readonly VolumeArray[], into?: VolumeArray): VolumeArray {
    const { store, numberOfComponents: components, isPreScaled } = this.#volume;
    const slice = this.#slice(sliceIndex);
    const { columns, rows } = this.frame(0);
    const SliceArray = store.data.constructor as new (length: number) => VolumeArray;
    const values = into ?? new SliceArray(slice.columns * slice.rows * components);
    resampleFrame(
      this.sources(sliceIndex).map(({ sourceIndex, weight, shift }, place) => ({
        values: voxels[place] as VolumeArray,
        weight,
        shift,
        rescale: isPreScaled ? IDENTITY_RESCALE : between(this.frame(sourceIndex), slice),
      })),
      { columns, rows, components },
      {
        dataType: store.dataType,
        isWhole: store.isWhole,
        values,
        size: { columns: slice.columns, rows: slice.rows, components },
        padding: this.#padding(slice),
      },
    );
    return values;
  }

  /** In the scale of a slice's voxels. */
  #padding({ rescale: { slope, intercept } }: FrameMetadata): number {
    const { padding } = this.#resampling;
    return this.#volume.isPreScaled ? padding : Math.round((padding - intercept) / slope);
  }

  /** Widens the volume where its type does not hold the sources' values, or the padding of a larger slice. */
  #makeRoom(sliceIndex: number, voxels: readonly VolumeArray[]): void {
    const { store } = this.#volume;
    const { columns, rows } = this.frame(0);
    const slice = this.#slice(sliceIndex);
    this.sources(sliceIndex).forEach(({ sourceIndex }, place) => {
      const values = voxels[place] as VolumeArray;
      if (!holdsAllOf(store.dataType, values.constructor.name as VolumeDataType)) {
        store.makeRoom(voxelNeeds(values, IDENTITY_RESCALE), this.frame(sourceIndex).imageId);
      }
    });
    if (slice.columns > columns || slice.rows > rows) {
      const padding = this.#padding(slice);
      const needs = { range: { min: padding, max: padding }, isWhole: Number.isInteger(padding) };
      store.makeRoom(needs, slice.imageId);
    }
  }

  /**
   * Makes a slice from Images of its sources, at once and without a request.
   *
   * @param images - by imageId
   * @returns the imageIds of sources that have no Image, or one whose pixels cannot be trusted; where there are
   *   none, the slice is written
   */
  takeImages(sliceIndex: number, images: ReadonlyMap<string, Types.IImage>): string[] {
    const { isPreScaled } = this.#volume;
    const refused: string[] = [];
    const voxels = this.sources(sliceIndex).map(({ sourceIndex }) => {
      const frame = this.frame(sourceIndex);
      const store = this.createStore();
      const image = images.get(frame.imageId);
      if (!image || !takeImage({ frame, store, slotIndex: 0, sliceIndex }, isPreScaled, image)) {
        refused.push(frame.imageId);
      }
      return store.data;
    });
    if (refused.length === 0) {
      this.write(sliceIndex, voxels);
    }
    return refused;
  }
}

/** The rescale from stored values in one frame's scale to those in another's. */
function between(from: FrameMetadata, to: FrameMetadata): LinearRescale {
  return {
    slope: from.rescale.slope / to.rescale.slope,
    intercept: (from.rescale.intercept - to.rescale.intercept) / to.rescale.slope,
  };
}

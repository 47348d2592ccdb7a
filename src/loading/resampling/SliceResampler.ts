import type { Types } from '@cornerstonejs/core';
import { FrameStore } from '../../base/FrameStore.js';
import { IDENTITY_RESCALE } from '../../base/rescale.js';
import type {
  FrameMetadata,
  LinearRescale,
  VolumeArray,
  VolumeDataType,
} from '../../base/types.js';
import { finiteRange, holdsAllOf, voxelNeeds } from '../../base/voxelTypes.js';
import type { SliceSource, VolumeResampling } from '../../geometry/resampleStack.js';
import { takeImage } from '../memory/copyFromMemory.js';
import { resampleFrame } from './resampleFrame.js';

/** What slices are written to. */
export interface SliceResamplerTarget {
  /** In volume order. */
  readonly frames: readonly FrameMetadata[];
  readonly store: FrameStore;
  readonly resampling: VolumeResampling;
  readonly numberOfComponents: number;
  /** Whether the voxels are modality values. */
  readonly isPreScaled: boolean;
}

/** Makes the slices of a volume out of the frames beside them. */
export class SliceResampler {
  readonly #target: SliceResamplerTarget;
  readonly #imageIds: ReadonlySet<string>;

  constructor(target: SliceResamplerTarget) {
    this.#target = target;
    this.#imageIds = new Set(target.resampling.sources.map(({ imageId }) => imageId));
  }

  /** Whether an imageId is that of a source. */
  has(imageId: string): boolean {
    return this.#imageIds.has(imageId);
  }

  /** The parts of a slice. */
  sources(imageIdIndex: number): readonly SliceSource[] {
    return this.#target.resampling.slices[imageIdIndex] ?? [];
  }

  /** The headers of a source. */
  frame(sourceIndex: number): FrameMetadata {
    return this.#target.resampling.sources[sourceIndex] as FrameMetadata;
  }

  /** A store for one source, with voxels like those of the volume. */
  createStore(): FrameStore {
    const { store, numberOfComponents } = this.#target;
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
   * Writes a slice; the voxels are those of its sources, in their order.
   *
   * @throws StreamingVolumeError as `FrameStore.makeRoom` does
   */
  write(imageIdIndex: number, voxels: readonly VolumeArray[]): void {
    const { frames, store, resampling, numberOfComponents: components } = this.#target;
    const slice = frames[imageIdIndex] as FrameMetadata;
    const { columns, rows } = this.frame(0);
    const { isPreScaled } = this.#target;
    const { slope, intercept } = slice.rescale;
    const padding = isPreScaled
      ? resampling.padding
      : Math.round((resampling.padding - intercept) / slope);
    this.#makeRoom(imageIdIndex, voxels, padding);
    const values = store.frame(imageIdIndex);
    resampleFrame(
      this.sources(imageIdIndex).map(({ sourceIndex, weight, shift }, place) => ({
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
        padding,
      },
    );
    const range = finiteRange(values);
    if (range) {
      store.setRange(imageIdIndex, range);
    } else {
      store.invalidateRange(imageIdIndex);
    }
  }

  /** Sees that the volume holds what the sources do, and the padding of a slice that is larger than they are. */
  #makeRoom(imageIdIndex: number, voxels: readonly VolumeArray[], padding: number): void {
    const { store, frames } = this.#target;
    const { columns, rows } = this.frame(0);
    const slice = frames[imageIdIndex] as FrameMetadata;
    this.sources(imageIdIndex).forEach(({ sourceIndex }, place) => {
      const values = voxels[place] as VolumeArray;
      if (!holdsAllOf(store.dataType, values.constructor.name as VolumeDataType)) {
        store.makeRoom(voxelNeeds(values, IDENTITY_RESCALE), this.frame(sourceIndex).imageId);
      }
    });
    if (slice.columns > columns || slice.rows > rows) {
      const needs = { range: { min: padding, max: padding }, isWhole: Number.isInteger(padding) };
      store.makeRoom(needs, slice.imageId);
    }
  }

  /**
   * Makes a slice of Images of its sources, at once and without a request.
   *
   * @param images - by imageId
   * @returns the imageIds of sources that have no Image, or one whose pixels cannot be trusted; the slice is
   *   written where there are none
   */
  takeImages(imageIdIndex: number, images: ReadonlyMap<string, Types.IImage>): string[] {
    const { isPreScaled } = this.#target;
    const refused: string[] = [];
    const voxels = this.sources(imageIdIndex).map(({ sourceIndex }) => {
      const frame = this.frame(sourceIndex);
      const store = this.createStore();
      const image = images.get(frame.imageId);
      if (!image || !takeImage({ store, isPreScaled }, 0, frame, image)) {
        refused.push(frame.imageId);
      }
      return store.data;
    });
    if (refused.length === 0) {
      this.write(imageIdIndex, voxels);
    }
    return refused;
  }
}

/** What makes stored values in one frame's scale of those in another's. */
function between(from: FrameMetadata, to: FrameMetadata): LinearRescale {
  return {
    slope: from.rescale.slope / to.rescale.slope,
    intercept: (from.rescale.intercept - to.rescale.intercept) / to.rescale.slope,
  };
}

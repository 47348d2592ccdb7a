import type { VolumeArray } from '../../base/types.js';

/** Where a texture takes its slices from: one array that the volume fills while it is drawn. */
export interface TextureSource {
  /** Number of slices, the depth of the texture. */
  readonly frameCount: number;
  /** `[columns, rows, slices]` of the texture, where they are fewer than the volume has. */
  readonly dimensions?: readonly [number, number, number];
  /** `columns * rows * numberOfComponents`. */
  readonly valuesPerFrame: number;
  /** Values per voxel, interleaved: 1, or 3 for colour. */
  readonly numberOfComponents: number;
  /** What slices show that are not written yet, in units of the values. Default 0. */
  readonly background?: number;
  /**
   * The live values of one slice, not a copy. The slices lie one after the other in one buffer,
   * which may be shared between threads.
   *
   * @param frameIndex - slice from 0, in volume order
   */
  frame(frameIndex: number): VolumeArray;
  /** The slice of the texture that shows a frame of the volume; default its own. */
  sliceOf?(frameIndex: number): number | undefined;
  /** Whether all values of a slice are there; a slice that is not written is not uploaded. */
  isWritten(frameIndex: number): boolean;
}

import type { VolumeArray } from '../../base/types.js';

/** `[columns, rows, slices]`. */
export type Dimensions = readonly [number, number, number];

/**
 * How far apart along each axis the voxels are that a texture can hold of a volume: 1 where it holds
 * all of them.
 *
 * @param limit - the longest that a side of a 3D texture may be
 */
export function reductionSteps(dimensions: Dimensions, limit: number): Dimensions {
  const [columns, rows, slices] = dimensions.map((size) => Math.max(1, Math.ceil(size / limit)));
  return [columns as number, rows as number, slices as number];
}

/**
 * A source with fewer voxels: every so many columns, rows and slices of another, beginning with the
 * first.
 *
 * @param dimensions - of the other
 */
export function reduceSource(
  source: TextureSource,
  dimensions: Dimensions,
  steps: Dimensions,
): TextureSource & { readonly dimensions: Dimensions } {
  const [columns, rows, slices] = dimensions.map((size, axis) =>
    Math.ceil(size / (steps[axis] as number)),
  ) as [number, number, number];
  const { numberOfComponents } = source;
  const valuesPerFrame = columns * rows * numberOfComponents;
  const [columnStep, rowStep, sliceStep] = steps;
  return {
    ...source,
    dimensions: [columns, rows, slices],
    frameCount: slices,
    valuesPerFrame,
    frame: (sliceIndex) => {
      const whole = source.frame(sliceIndex * sliceStep);
      const FrameArray = whole.constructor as new (length: number) => VolumeArray;
      const reduced = new FrameArray(valuesPerFrame);
      let place = 0;
      for (let row = 0; row < rows; row++) {
        const rowStart = row * rowStep * dimensions[0];
        for (let column = 0; column < columns; column++) {
          const voxel = (rowStart + column * columnStep) * numberOfComponents;
          for (let component = 0; component < numberOfComponents; component++) {
            reduced[place++] = whole[voxel + component] as number;
          }
        }
      }
      return reduced;
    },
    isWritten: (sliceIndex) => source.isWritten(sliceIndex * sliceStep),
    sliceOf: (sliceIndex) => (sliceIndex % sliceStep === 0 ? sliceIndex / sliceStep : undefined),
  };
}

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
   * @param sliceIndex - slice from 0, in volume order
   */
  frame(sliceIndex: number): VolumeArray;
  /** The slice of the texture that shows a frame of the volume; default its own. */
  sliceOf?(sliceIndex: number): number | undefined;
  /** Whether all values of a slice are there; a slice that is not written is not uploaded. */
  isWritten(sliceIndex: number): boolean;
}

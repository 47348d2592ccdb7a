import type { VolumeArray } from '../../base/types.js';
import type { TextureSource } from './TextureSource.js';

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
    frame: (frameIndex) => {
      const whole = source.frame(frameIndex * sliceStep);
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
    isWritten: (frameIndex) => source.isWritten(frameIndex * sliceStep),
    sliceOf: (frameIndex) => (frameIndex % sliceStep === 0 ? frameIndex / sliceStep : undefined),
  };
}

import { metaData } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { PixelArray } from '../../../src/base/types.js';
import { SyntheticSeries } from '../../support/SyntheticSeries.js';
import type { SyntheticSeriesOptions } from '../../support/SyntheticSeries.js';

/** `[columns, rows, slices]`; no two alike, so that no axis can stand for another. */
export const SIZE = [24, 16, 20] as const;

/** Distance between voxels along each axis in mm. */
export const SPACING = 2;

/** Where the first voxel lies. */
export const ORIGIN = [-30, 12, 50] as const;

/** Values of a solid lie from 0 up to, and without, this. */
export const LEVELS = 200;

const disposals: (() => void)[] = [];

/**
 * A number from 0 to 199 that differs along each axis, and differently so. It goes up and down without
 * jumps: renderers sample planes that are some hundredths of a millimetre off.
 */
export function level(column: number, row: number, slice: number): number {
  const phase = (column * 9 + row * 5 + slice * 13) % (2 * LEVELS);
  return phase < LEVELS ? phase : 2 * LEVELS - 1 - phase;
}

/** The centre of a voxel in mm. */
export function worldOf(voxel: readonly number[]): Types.Point3 {
  const [x, y, z] = ORIGIN.map((start, axis) => start + SPACING * (voxel[axis] as number));
  return [x as number, y as number, z as number];
}

/** Makes stored values of a slice of a solid, one after the other. */
export function slicePixels<T extends PixelArray>(
  Type: new (length: number) => T,
  slice: number,
  value: (column: number, row: number, slice: number, sample: number) => number = level,
  samples = 1,
): T {
  const [columns, rows] = SIZE;
  const pixels = new Type(columns * rows * samples);
  for (let i = 0; i < pixels.length; i++) {
    const voxel = Math.floor(i / samples);
    pixels[i] = value(voxel % columns, Math.floor(voxel / columns), slice, i % samples);
  }
  return pixels;
}

/**
 * A series of {@link SIZE} with the same distance between voxels along all axes; unsigned values of
 * 16 bit, {@link level}, unless told. It goes at the end of the spec.
 */
export function solidSeries(options: Partial<SyntheticSeriesOptions> = {}): SyntheticSeries {
  const [columns, rows, count] = SIZE;
  const series = new SyntheticSeries({
    count,
    columns,
    rows,
    position: (slice) => worldOf([0, 0, slice]),
    pixels: (slice) => slicePixels(Uint16Array, slice),
    ...options,
  });
  const spacing = {
    pixelSpacing: [SPACING, SPACING],
    rowPixelSpacing: SPACING,
    columnPixelSpacing: SPACING,
  };
  let isAsking = false;
  const provider = (type: string, imageId: unknown): unknown => {
    const isOurs = String(imageId).startsWith(`${series.scheme}:`);
    if (type !== 'imagePlaneModule' || !isOurs || isAsking) {
      return undefined;
    }
    isAsking = true;
    try {
      return { ...(metaData.get(type, imageId as string) as object), ...spacing };
    } finally {
      isAsking = false;
    }
  };
  metaData.addProvider(provider, 10000);
  disposals.push(() => {
    // Cornerstone's request pool waits for each request, also of volumes that are gone.
    series.answer();
    metaData.removeProvider(provider);
    series.dispose();
  });
  return series;
}

/** Takes away what {@link solidSeries} has made. */
export function removeSolidSeries(): void {
  disposals.splice(0).forEach((dispose) => {
    dispose();
  });
}

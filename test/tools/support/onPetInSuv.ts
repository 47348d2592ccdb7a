import { metaData } from '@cornerstonejs/core';
import { onBothLoaders } from './onBothLoaders.js';
import type { BothLoaders, MeasuredVolume } from './onBothLoaders.js';

/** What makes SUV of the rescaled values of the PET. */
export const PET_SUV_FACTOR = 0.01;

/** Measures as {@link onBothLoaders} does, on a PET whose slices have slopes of their own, in SUV. */
export async function onPetInSuv<T>(
  measure: (measured: MeasuredVolume) => T | Promise<T>,
): Promise<BothLoaders<T>> {
  const provider = (type: string): unknown =>
    type === 'scalingModule' ? { suvbw: PET_SUV_FACTOR } : undefined;
  metaData.addProvider(provider, 10000);
  try {
    return await onBothLoaders(measure, 'synthetic/pt-slope-per-slice');
  } finally {
    metaData.removeProvider(provider);
  }
}

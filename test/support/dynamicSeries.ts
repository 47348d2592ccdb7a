import type { StreamingDynamicImageVolume } from '../../src/index.js';
import { newVolumeId } from './cornerstone.js';
import { createVolume } from './createVolume.js';
import type { SyntheticSeries, SyntheticSeriesOptions } from './SyntheticSeries.js';

/** Size of a set of time points. */
export interface DynamicSize {
  readonly times: number;
  readonly slices: number;
}

/**
 * Options of a series of several time points, one after the other in the list: its slice `time * slices + z` is the
 * slice `z` of a time point. Only Temporal Position Identifier, from 1, tells them apart.
 */
export function timePointOptions(
  { times, slices }: DynamicSize,
  more: Partial<SyntheticSeriesOptions> = {},
): SyntheticSeriesOptions {
  return {
    count: times * slices,
    modality: 'MR',
    position: (slice) => [-10, -20, 2.5 * (slice % slices)],
    metadata: (type, slice) =>
      type === 'TemporalPositionIdentifier' ? Math.floor(slice / slices) + 1 : undefined,
    ...more,
  };
}

/** A volumeId of the dynamic scheme that is unique among all specs. */
export function newDynamicVolumeId(): string {
  return newVolumeId().replace(
    'cornerstoneStreamingImageVolume',
    'cornerstoneStreamingDynamicImageVolume',
  );
}

/** Creates a volume of time points through Cornerstone, as an application does. */
export async function createDynamicVolume(
  imageIds: readonly string[],
  options: Parameters<typeof createVolume>[1] = {},
): Promise<StreamingDynamicImageVolume> {
  const volume = await createVolume(imageIds, { volumeId: newDynamicVolumeId(), ...options });
  return volume as StreamingDynamicImageVolume;
}

/** The first voxel of a time point, from 0, that differs from the series; empty where none does. */
export function firstWrongOfTime(
  data: ArrayLike<number>,
  series: SyntheticSeries,
  { slices }: DynamicSize,
  time: number,
): string {
  const perSlice = data.length / slices;
  for (let index = 0; index < data.length; index++) {
    const z = Math.floor(index / perSlice);
    const expected = series.voxel(time * slices + z, index - z * perSlice);
    if (data[index] !== expected) {
      return `time ${time}, slice ${z}, voxel ${index - z * perSlice}: ${data[index]} instead of ${expected}`;
    }
  }
  return '';
}

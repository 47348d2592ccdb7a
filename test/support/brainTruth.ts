import { metaData } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { dicomWebRoot, fetchSeries, fetchStoredValues } from './dicomWebSeries.js';
import { karmaFixtures } from './karmaFixtures.js';

/** Transfer syntaxes that dicom-image-loader decodes since 5.7. */
const NOT_IN_5_6 = ['jxl'];

/** Whether dicom-image-loader decodes a copy of the brain: `jpegls`, `explicit` and so on. */
export function isDecodable(syntax: string): boolean {
  return !(karmaFixtures.coreVersion.startsWith('5.6.') && NOT_IN_5_6.includes(syntax));
}

/**
 * The stored values of the brain by position, read from the native files. It has no rescale, and each copy
 * has its own UIDs.
 */
export async function fetchBrainTruth(): Promise<Map<string, ArrayLike<number>>> {
  const { imageIds } = await fetchSeries(dicomWebRoot('mr-brain/explicit') as string);
  const values = await Promise.all(imageIds.map((id) => fetchStoredValues(id, true)));
  return new Map(imageIds.map((id, i) => [positionOf(id), values[i] as Int16Array]));
}

/** Where a frame lies, as a key. */
export function positionOf(imageId: string): string {
  const plane = metaData.get('imagePlaneModule', imageId) as { imagePositionPatient: number[] };
  return plane.imagePositionPatient.map(Number).join(' ');
}

/** The index of the first wrong voxel of a slice, -1 when all are right. */
export function firstDifference(
  volume: StreamingImageVolume,
  slice: number,
  expected: ArrayLike<number>,
): number {
  const [columns, rows] = volume.dimensions;
  const size = columns * rows;
  const values = volume.getScalarData().subarray(slice * size, (slice + 1) * size);
  return expected.length === size ? values.findIndex((value, i) => value !== expected[i]) : 0;
}

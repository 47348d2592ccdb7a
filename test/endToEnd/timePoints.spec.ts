import { metaData } from '@cornerstonejs/core';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import {
  dicomText,
  dicomWebRoot,
  fetchSeries,
  fetchStoredValues,
} from '../support/dicomWebSeries.js';
import type { DicomWebSeries } from '../support/dicomWebSeries.js';
import { createDynamicVolume } from '../support/dynamicSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';

const DATA_SET = 'mr-4d-two-time-points';
const SLICES = 24;

/** Makes the imageIds of the same instances, in the order of the series. */
const SOURCES: readonly (readonly [string, (series: DicomWebSeries) => string[]])[] = [
  ['wadors', ({ imageIds }) => imageIds],
  [
    'wadouri',
    ({ instances }) =>
      instances.map((instance) => {
        const files = `${String(karmaFixtures['origin'])}/data/${DATA_SET}/files`;
        return `wadouri:${files}/${dicomText(instance, '00080018')}.dcm?of=timePoints`;
      }),
  ],
];

describe('A recorded series of two time points', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  for (const [scheme, toImageIds] of SOURCES) {
    it(`is one volume with the voxels of the files, over ${scheme}`, async () => {
      const root = dicomWebRoot(DATA_SET);
      if (root === undefined) {
        pending('The real data is not on this machine');
        return;
      }
      const series = await fetchSeries(root);
      const stored = await Promise.all(
        series.imageIds.map((imageId) => fetchStoredValues(imageId, isSigned(series))),
      );
      const imageIds = toImageIds(series);
      const numberOf = new Map(imageIds.map((imageId, index) => [imageId, index]));
      const volume = await createDynamicVolume(shuffled(imageIds, seededRandom(7)));
      expect(volume.isDynamicVolume()).toBeTrue();
      expect(volume.numDimensionGroups).toBe(2);
      expect(volume.dimensions).toEqual([128, 96, SLICES]);
      const { failed, framesLoaded } = await volume.load();
      expect(failed).toEqual([]);
      expect(framesLoaded).toBe(2 * SLICES);
      const instanceNumbers: number[][] = [];
      for (const time of [1, 2]) {
        volume.dimensionGroupNumber = time;
        const ids = volume.getCurrentDimensionGroupImageIds();
        instanceNumbers.push(
          ids.map((id) =>
            Number(dicomText(series.instances[numberOf.get(id) as number] as never, '00200013')),
          ),
        );
        const { slope, intercept } = rescaleOf(series.imageIds[0] as string);
        const data = volume.getScalarData();
        const wrong = ids.findIndex((id, slice) => {
          const expected = stored[numberOf.get(id) as number] as Int16Array;
          const at = slice * expected.length;
          return expected.some(
            (value, i) => data[at + i] !== Math.fround(value * slope + intercept),
          );
        });
        expect(wrong).toBe(-1);
      }
      // The second time point was recorded after the whole of the first one.
      expect(Math.max(...(instanceNumbers[0] as number[]))).toBe(SLICES);
      expect(Math.min(...(instanceNumbers[1] as number[]))).toBe(SLICES + 1);
    });
  }
});

function isSigned({ instances }: DicomWebSeries): boolean {
  return dicomText(instances[0] as never, '00280103') === '1';
}

function rescaleOf(imageId: string): { slope: number; intercept: number } {
  const module = (metaData.get('modalityLutModule', imageId) ?? {}) as {
    rescaleSlope?: number;
    rescaleIntercept?: number;
  };
  return { slope: module.rescaleSlope ?? 1, intercept: module.rescaleIntercept ?? 0 };
}

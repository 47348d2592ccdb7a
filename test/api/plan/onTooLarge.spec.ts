import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { prefetchVolume, VOLUME_DECIMATED, VOLUME_TEXTURE_REDUCED } from '../../../src/index.js';
import { max3DTextureSize } from '../../../src/volume/createVolumeTexture.js';
import { createVolume } from '../../support/createVolume.js';
import { createDynamicVolume, timePointOptions } from '../../support/dynamicSeries.js';
import { errorOf } from '../../support/errorOf.js';
import { eventsOf } from '../../support/events.js';
import { itDraws } from '../../support/itDraws.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const [COLUMNS, ROWS, SLICES] = [40, 30, 20];
const BYTES = COLUMNS * ROWS * SLICES * 2;

describe('A volume that is too large', () => {
  const makeSeries = useSyntheticSeries();
  const makeLarge = () => makeSeries({ count: SLICES, columns: COLUMNS, rows: ROWS });

  for (const onTooLarge of [undefined, 'reject'] as const) {
    it(`for the cache is refused, with onTooLarge ${onTooLarge}`, async () => {
      const { imageIds } = makeLarge();
      cache.setMaxCacheSize(BYTES - 1);
      const decimated = eventsOf(VOLUME_DECIMATED);
      const options = onTooLarge && { onTooLarge };
      const { code } = await errorOf(createVolume(imageIds, options));
      expect(code).toBe('cache-size-exceeded');
      expect(decimated.details).toEqual([]);
    });
  }

  it('for the cache counts the voxel type of all time points, not that of the first one', async () => {
    const size = { times: 2, slices: 4 };
    // The first time point fits in 16 bits, the second one does not.
    const intercept = (slice: number): number => (slice < size.slices ? 0 : 100_000);
    const series = makeSeries(
      timePointOptions(size, { columns: COLUMNS, rows: ROWS, intercept, bitsStored: 12 }),
    );
    cache.setMaxCacheSize(COLUMNS * ROWS * size.slices * 2);
    const volume = await createDynamicVolume(series.imageIds, {
      onTooLarge: 'decimate',
      voxelType: 'headers',
    });
    expect(volume.geometryReport.reduction?.tooLargeFor).toEqual(['cache']);
    await volume.load();
    volume.dimensionGroupNumber = 2;
    await until(() => volume.isDimensionGroupLoaded(2));
    const [i = 1, j = 1, k = 1] = volume.geometryReport.reduction?.ijkDecimation ?? [];
    expect(volume.voxelManager?.getAtIJK(1, 1, 1)).toBe(
      series.voxel(size.slices + k, j * COLUMNS + i),
    );
  });

  it('for the cache is made of every n-th voxel, which an event and its report tell', async () => {
    const series = makeLarge();
    cache.setMaxCacheSize(BYTES / 6);
    const decimated = eventsOf(VOLUME_DECIMATED);
    const volume = await createVolume(series.imageIds, { onTooLarge: 'decimate' });
    // Voxels are 0.7 x 0.8 x 2.5 mm. A factor of 2 for rows too would leave a quarter of them.
    expect(volume.geometryReport.reduction).toEqual({
      wholeDimensions: [COLUMNS, ROWS, SLICES],
      bounds: [
        [0, 39],
        [0, 29],
        [0, 19],
      ],
      ijkDecimation: [2, 3, 1],
      tooLargeFor: ['cache'],
      skippedImageIds: [],
    });
    expect(volume.dimensions).toEqual([20, 10, 20]);
    expect(volume.sizeInBytes).toBeLessThanOrEqual(BYTES / 6);
    expect(decimated.details).toEqual([
      {
        volumeId: volume.volumeId,
        dimensions: [20, 10, 20],
        wholeDimensions: [COLUMNS, ROWS, SLICES],
        bounds: [
          [0, 39],
          [0, 29],
          [0, 19],
        ],
        ijkDecimation: [2, 3, 1],
        tooLargeFor: ['cache'],
      },
    ]);
    const { failed } = await volume.load();
    expect(failed).toEqual([]);
    for (const [i, j, k] of [
      [0, 0, 0],
      [19, 9, 19],
      [5, 7, 3],
    ] as const) {
      expect(volume.voxelManager?.getAtIJK(i, j, k)).toBe(series.voxel(k, 3 * j * COLUMNS + 2 * i));
    }
    const image = await volume.convertToCornerstoneImage<Promise<Types.IImage>>(
      volume.imageIds[4] as string,
    );
    expect(image.getPixelData().length).toBe(COLUMNS * ROWS);
    expect(image.getPixelData()[77]).toBe(series.voxel(4, 77));
    volume.decache(true);
    expect(cache.getCacheSize()).toBe(0);
  });

  it('counts from the decimation and the box that are asked for', async () => {
    const { imageIds } = makeLarge();
    const options = {
      onTooLarge: 'decimate',
      bounds: [
        [4, 35],
        [2, 29],
        [0, 19],
      ],
      ijkDecimation: [2, 2, 2],
    } as const;
    const fits = await createVolume(imageIds, { ...options, ijkDecimation: [2, 2, 2] });
    expect(fits.geometryReport.reduction?.tooLargeFor).toEqual([]);
    expect(fits.dimensions).toEqual([16, 14, 10]);
    fits.decache(true);
    cache.setMaxCacheSize(16 * 14 * 10 * 2 - 1);
    const volume = await createVolume(imageIds, { ...options, ijkDecimation: [2, 2, 2] });
    expect(volume.geometryReport.reduction?.bounds).toEqual(options.bounds);
    expect(volume.geometryReport.reduction?.ijkDecimation).toEqual([3, 2, 2]);
    expect(volume.origin[0]).toBeCloseTo(-10 + 4 * 0.7, 9);
  });

  it('is refused where not one voxel fits', async () => {
    const { imageIds } = makeLarge();
    cache.setMaxCacheSize(1);
    const { code } = await errorOf(createVolume(imageIds, { onTooLarge: 'decimate' }));
    expect(code).toBe('cache-size-exceeded');
  });

  // Without WebGL 2 there is no limit of a texture.
  itDraws('for a texture is made with sides that fit', async () => {
    const columns = 2 * max3DTextureSize() + 1;
    const series = makeSeries({
      count: 3,
      columns,
      rows: 2,
      bitsAllocated: 8,
      pixels: (slice) => Uint8Array.from({ length: columns * 2 }, (_, i) => (i + slice) % 251),
    });
    const reduced = eventsOf(VOLUME_TEXTURE_REDUCED);
    const volume = await createVolume(series.imageIds, { onTooLarge: 'decimate' });
    expect(volume.dimensions).toEqual([Math.ceil(columns / 3), 2, 3]);
    expect(volume.geometryReport.reduction?.tooLargeFor).toEqual(['texture']);
    expect(reduced.details).toEqual([]);
    await volume.load();
    expect(volume.voxelManager?.getAtIJK(1000, 1, 2)).toBe(series.voxel(2, columns + 3000));
  });

  it('takes the memory of a prefetched volume over, whole or decimated', async () => {
    for (const size of [BYTES, BYTES / 2]) {
      const series = makeLarge();
      cache.setMaxCacheSize(size);
      const options = { onTooLarge: 'decimate' } as const;
      await prefetchVolume(series.imageIds, options);
      const requested = series.requests.length;
      const volume = await createVolume(series.imageIds, options);
      expect(volume.framesLoaded).toBe(volume.imageIds.length);
      expect(series.requests.length).toBe(requested);
      expect(volume.geometryReport.reduction !== undefined).toBe(size < BYTES);
      volume.decache(true);
    }
  });
});

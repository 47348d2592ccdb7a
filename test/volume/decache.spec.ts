import { cache, imageLoader } from '@cornerstonejs/core';
import { createVolumeFromImages, isStreamingVolumeError } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import type { SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

const FRAME_BYTES = 15 * 4;

describe('A volume that is taken out of the cache', () => {
  let series: SyntheticSeries;

  /** Stored values with an intercept, so that voxels are singles of 4 bytes. */
  function start(options: Partial<SyntheticSeriesOptions> = {}): void {
    startCornerstone();
    series = new SyntheticSeries({ count: 4, slope: () => 0.5, pixels: even, ...options });
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
  }

  afterEach(() => {
    series.answer();
    series.dispose();
    stopCornerstone();
  });

  const stored = (slice: number): number[] =>
    Array.from({ length: 15 }, (_, i) => series.voxel(slice, i));

  const cachedSlices = (): number[] =>
    series.imageIds.flatMap((imageId, slice) => (cache.isLoaded(imageId) ? [slice] : []));

  it('leaves the loaded frames behind as Images of their own', async () => {
    start({ held: true, window: { center: 40, width: 400 } });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    series.answer(0, 1, 3);
    await until(() => volume.framesLoaded === 3);
    const { buffer } = volume.getScalarData();
    volume.decache();
    await expectAsync(loaded).toBeRejected();
    expect(cache.getVolume(volume.volumeId)).toBeUndefined();
    expect(cachedSlices()).toEqual([0, 1, 3]);
    expect(cache.getCacheSize()).toBe(before + 3 * FRAME_BYTES);
    series.requests.length = 0;
    const image = await imageLoader.loadAndCacheImage(series.imageIds[3] as string);
    expect(series.requests.length).toBe(0);
    expect(image.getPixelData().buffer as unknown).not.toBe(buffer);
    expect(Array.from(image.getPixelData())).toEqual(stored(3));
    expect(image).toEqual(
      jasmine.objectContaining({
        sizeInBytes: FRAME_BYTES,
        minPixelValue: 150,
        maxPixelValue: 164,
        windowCenter: 40,
        windowWidth: 400,
        rowPixelSpacing: 0.8,
      }) as never,
    );
    cache.removeImageLoadObject(series.imageIds[0] as string);
    expect(cache.getCacheSize()).toBe(before + 2 * FRAME_BYTES);
  });

  it('leaves as many Images as there is room for, and evicts none for them', async () => {
    start();
    const other = new SyntheticSeries({ count: 1 });
    await imageLoader.loadAndCacheImage(other.imageIds[0] as string);
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    await volume.load();
    cache.setMaxCacheSize(before + 2 * FRAME_BYTES + 1);
    volume.decache();
    expect(cachedSlices()).toEqual([0, 1]);
    expect(cache.isLoaded(other.imageIds[0] as string)).toBeTrue();
    expect(cache.getCacheSize()).toBe(before + 2 * FRAME_BYTES);
    other.dispose();
  });

  it('leaves nothing when it is removed completely', async () => {
    start();
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    await volume.load();
    volume.decache(true);
    volume.decache();
    expect(cachedSlices()).toEqual([]);
    expect(cache.getVolume(volume.volumeId)).toBeUndefined();
    expect(cache.getCacheSize()).toBe(before);
  });

  it('comes back from its Images without a request', async () => {
    start();
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const voxels = [...volume.getScalarData()];
    series.requests.length = 0;
    volume.decache();
    const again = await createVolumeFromImages(newVolumeId(), series.imageIds);
    expect([...again.getScalarData()]).toEqual(voxels);
    expect(series.requests.length).toBe(0);
    expect(cache.getCacheSize()).toBe(again.sizeInBytes);
  });

  it('getCornerstoneImageLoadObject gives the entry of a frame, with pixels of its own', async () => {
    start({ held: true });
    const volume = await createVolume(series.imageIds);
    const [, second = ''] = series.imageIds;
    expect(() => volume.getCornerstoneImageLoadObject(second, 1)).toThrowMatching((error) =>
      isStreamingVolumeError(error, 'frame-not-loaded'),
    );
    const loaded = volume.load();
    series.answer();
    await loaded;
    const image = await volume.getCornerstoneImageLoadObject(second, 1).promise;
    volume.getScalarData().fill(0);
    volume.modified();
    expect(Array.from(image.getPixelData())).toEqual(stored(1));
    expect([image.minPixelValue, image.maxPixelValue]).toEqual([50, 64]);
  });
});

/** Half of them is a whole number, also at both ends. */
function even(slice: number): Uint16Array {
  return Uint16Array.from({ length: 15 }, (_, i) => 100 * slice + 2 * i);
}

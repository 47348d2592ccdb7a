import { cache, imageLoader, volumeLoader } from '@cornerstonejs/core';
import { createVolumeFromImages, prefetchVolume } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { seededRandom } from '../support/seededRandom.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

const COUNT = 4;
const VOLUME_BYTES = COUNT * 15 * 2;

describe('What a volume counts for in the cache', () => {
  let series: SyntheticSeries;
  let before: number;

  beforeEach(() => {
    startCornerstone();
    series = new SyntheticSeries({ count: COUNT });
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
    before = cache.getCacheSize();
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  async function loadedVolume(): Promise<StreamingImageVolume> {
    const volume = await createVolume(series.imageIds);
    await volume.load();
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    return volume;
  }

  it('D6: is not evicted, whatever comes after it', async () => {
    const volume = await loadedVolume();
    const voxels = [...volume.getScalarData()];
    cache.setMaxCacheSize(before + VOLUME_BYTES + 100);
    const others = new SyntheticSeries({ count: 20 });
    for (const imageId of others.imageIds) {
      await imageLoader.loadAndCacheImage(imageId);
    }
    await expectAsync(createVolume(others.imageIds)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'cache-size-exceeded' }) as unknown,
    );
    expect(series.imageIds.every((imageId) => cache.isLoaded(imageId))).toBeTrue();
    expect([...volume.getScalarData()]).toEqual(voxels);
    expect(volume.loadStatus.loaded).toBeTrue();
    others.dispose();
  });

  it('stays the same when its views are forced out, and they come back when they are asked for', async () => {
    const volume = await loadedVolume();
    for (const imageId of series.imageIds) {
      cache.removeImageLoadObject(imageId, { force: true });
      expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES);
    }
    series.requests.length = 0;
    const image = await imageLoader.loadAndCacheImage(series.imageIds[1] as string);
    expect(image.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
    await until(() => cache.isLoaded(series.imageIds[1] as string));
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES);
    expect(series.requests.length).toBe(0);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
    expect(cache.getImageLoadObject(series.imageIds[1] as string)).toBeUndefined();
  });

  it('is given back by a purge, of volumes or of all', async () => {
    await loadedVolume();
    cache.purgeVolumeCache();
    expect(cache.getCacheSize()).toBe(before);
    await loadedVolume();
    cache.purgeCache();
    expect(cache.getCacheSize()).toBe(0);
  });

  it('is given back when the limit was lowered below it', async () => {
    const volume = await loadedVolume();
    cache.setMaxCacheSize(VOLUME_BYTES / 2);
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES);
    expect(volume.loadStatus.loaded).toBeTrue();
    volume.decache(true);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('is given back once, in whatever order things are ended', async () => {
    const random = seededRandom(4);
    for (let round = 0; round < 40; round++) {
      const volume = await createVolume(series.imageIds);
      const { volumeId } = volume;
      const steps: (() => unknown)[] = [
        () => void volume.load(),
        () => {
          volume.cancelLoading();
        },
        () => {
          volume.destroy();
        },
        () => {
          volume.decache(true);
        },
        () => cache.getVolume(volumeId) && cache.removeVolumeLoadObject(volumeId),
        () =>
          series.imageIds
            .filter((imageId) => cache.getImageLoadObject(imageId))
            .forEach((imageId) => {
              cache.removeImageLoadObject(imageId, { force: true });
            }),
        () => Promise.resolve(),
      ];
      void volume.load();
      for (let step = 0; step < 6; step++) {
        await steps[Math.floor(random() * steps.length)]?.();
      }
      cache.purgeVolumeCache();
      // What the volume has left to others is Images of their own.
      await Promise.resolve();
      expect(cache.getCacheSize()).withContext(`round ${round}`).toBe(before);
    }
  });

  it('is given back by every way to make a volume', async () => {
    await prefetchVolume(series.imageIds);
    const taken = await createVolume(series.imageIds);
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES);
    taken.decache();
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES);
    const again = await createVolumeFromImages(newVolumeId(), series.imageIds);
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES);
    cache.removeVolumeLoadObject(again.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  });

  it("goes over to the Images that a volume of Cornerstone's own reads", async () => {
    const volume = await loadedVolume();
    const [imageId = '', ...others] = series.imageIds;
    const readerId = 'reader-of-views';
    volumeLoader.createAndCacheVolumeFromImagesSync(readerId, [imageId, others[0] as string]);
    const buffer: unknown = volume.getScalarData().buffer;
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES / 2);
    const image = cache.getImage(imageId);
    expect(image?.getPixelData()[3]).toBe(series.voxel(0, 3));
    expect(image?.getPixelData().buffer as unknown).not.toBe(buffer);
    expect(others.map((each) => cache.isLoaded(each))).toEqual([true, false, false]);
    // As long as it is read, it is not evicted.
    expect(() => {
      cache.removeImageLoadObject(imageId);
    }).toThrow();
    cache.removeVolumeLoadObject(readerId);
    cache.removeImageLoadObject(imageId);
    expect(cache.getCacheSize()).toBe(before + VOLUME_BYTES / 4);
  });
});

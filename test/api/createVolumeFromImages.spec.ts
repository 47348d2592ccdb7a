import { cache, imageLoader } from '@cornerstonejs/core';
import { createVolumeFromImages } from '../../src/index.js';
import type { StreamingVolumeError } from '../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('createVolumeFromImages', () => {
  let series: SyntheticSeries;

  beforeEach(async () => {
    startCornerstone();
    series = new SyntheticSeries({ count: 4, intercept: () => -30 });
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
    await Promise.all(series.imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
    series.requests.length = 0;
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  const errorOf = (promise: Promise<unknown>): Promise<StreamingVolumeError> =>
    promise.then(
      () => fail('was made'),
      (error: unknown) => error,
    ) as Promise<StreamingVolumeError>;

  function expectAllVoxels(voxels: ArrayLike<number>): void {
    const expected = series.imageIds.flatMap((_, slice) =>
      Array.from({ length: 15 }, (__, i) => series.voxel(slice, i)),
    );
    expect(Array.from(voxels)).toEqual(expected);
  }

  it('makes a volume that is loaded, without a request, and holds the pixels once', async () => {
    const volume = await createVolumeFromImages(newVolumeId(), series.imageIds.toReversed());
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.imageIds).toEqual(series.imageIds);
    expectAllVoxels(volume.getScalarData());
    expect(await volume.load()).toEqual({ framesLoaded: 4, failed: [] });
    expect(series.requests.length).toBe(0);
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
  });

  it('needs no room beside the Images, which are evicted for it', async () => {
    cache.setMaxCacheSize(cache.getCacheSize() * 2 + 1);
    const volume = await createVolumeFromImages(newVolumeId(), series.imageIds);
    expectAllVoxels(volume.getScalarData());
    expect(series.requests.length).toBe(0);
    expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
  });

  it('names the Images that are not there, and leaves the others', async () => {
    const [first = '', second = '', ...others] = series.imageIds;
    cache.removeImageLoadObject(first);
    cache.removeImageLoadObject(second);
    const error = await errorOf(createVolumeFromImages(newVolumeId(), series.imageIds));
    expect([error.code, error.imageIds]).toEqual(['frame-not-loaded', [first, second]]);
    expect(others.every((imageId) => cache.isLoaded(imageId))).toBeTrue();
    expect(series.requests.length).toBe(0);
  });

  for (const [name, options, kept] of [
    [
      'bounds',
      {
        bounds: {
          index: [
            [0, 4],
            [0, 2],
            [1, 2],
          ],
        },
      },
      [1, 2],
    ],
    ['ijkDecimation', { ijkDecimation: [1, 1, 2] }, [0, 2]],
  ] as const) {
    it(`needs no Images of frames that ${name} leaves out`, async () => {
      const leftOut = series.imageIds.filter((_, slice) => !kept.some((each) => each === slice));
      leftOut.forEach((imageId) => {
        cache.removeImageLoadObject(imageId);
      });
      const volume = await createVolumeFromImages(newVolumeId(), series.imageIds, options as never);
      expect(volume.loadStatus.loaded).toBeTrue();
      const expected = kept.flatMap((slice) =>
        Array.from({ length: 15 }, (_, i) => series.voxel(slice, i)),
      );
      expect(Array.from(volume.getScalarData())).toEqual(expected);
      expect(series.requests.length).toBe(0);
      volume.decache(true);

      const needed = series.imageIds[kept[1]] as string;
      if (cache.getImageLoadObject(needed)) {
        cache.removeImageLoadObject(needed);
      }
      const creating = createVolumeFromImages(newVolumeId(), series.imageIds, options as never);
      const { code, imageIds } = await errorOf(creating);
      expect(code).toBe('frame-not-loaded');
      expect(imageIds).toContain(needed);
      expect(imageIds.some((imageId) => leftOut.includes(imageId))).toBeFalse();
    });
  }

  it('names the Images that cannot be trusted, and leaves all as they are', async () => {
    const [, second = ''] = series.imageIds;
    cache.removeImageLoadObject(second);
    cache.putImageSync(second, Object.assign(series.image(1), { imageQualityStatus: 6 }));
    const volumeId = newVolumeId();
    const [size, entries] = [cache.getCacheSize(), series.imageIds.map((id) => cache.getImage(id))];
    const error = await errorOf(createVolumeFromImages(volumeId, series.imageIds));
    expect([error.code, error.imageIds]).toEqual(['frame-not-loaded', [second]]);
    expect(cache.getVolume(volumeId)).toBeUndefined();
    expect(cache.getCacheSize()).toBe(size);
    expect(series.imageIds.map((imageId) => cache.getImage(imageId))).toEqual(entries);
  });

  it('says why Images are not a volume', async () => {
    const [first = ''] = series.imageIds;
    const one = await errorOf(createVolumeFromImages(newVolumeId(), [first]));
    expect(one.reasons.map(({ code }) => code)).toEqual(['not-enough-frames']);
    const gap = await errorOf(
      createVolumeFromImages(newVolumeId(), series.imageIds.toSpliced(1, 1)),
    );
    expect(gap.reasons.map(({ code }) => code)).toEqual(['missing-slices']);
  });

  it('takes an imageId that is there twice once, and says so', async () => {
    const [first = ''] = series.imageIds;
    const volume = await createVolumeFromImages(newVolumeId(), [...series.imageIds, first]);
    expect(volume.imageIds).toEqual(series.imageIds);
    expect(volume.geometryReport.warnings.map(({ code, imageIds }) => [code, imageIds])).toEqual([
      ['duplicate-instance', [first]],
    ]);
  });

  it('refuses a volumeId of another loader', async () => {
    const { volumeLoader } = await import('@cornerstonejs/core');
    volumeLoader.registerVolumeLoader('somebodyElses', (volumeId) => ({
      promise: Promise.resolve({ volumeId, imageIds: [] }) as never,
      cancelFn: () => undefined,
    }));
    await expectAsync(
      createVolumeFromImages('somebodyElses:1', series.imageIds),
    ).toBeRejectedWithError(TypeError, /somebodyElses:1/);
  });
});

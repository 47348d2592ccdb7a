import { cache, imageLoader, metaData } from '@cornerstonejs/core';
import { createVolumeWithoutMetadata } from '../../src/index.js';
import type { ImagesProgress, StreamingVolumeError } from '../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('createVolumeWithoutMetadata', () => {
  let series: SyntheticSeries;
  let hidden: Set<string>;
  const hide = (_type: string, imageId: unknown): unknown =>
    hidden.has(String(imageId)) ? null : undefined;

  /** A series whose headers are known only while its Images are in the cache. */
  function start(): void {
    startCornerstone();
    series = new SyntheticSeries({ count: 5, intercept: () => -30, held: true });
    hidden = new Set(series.imageIds);
    metaData.addProvider(hide, 20_000);
    imageLoader.registerImageLoader(series.scheme, (imageId, options) => {
      const { promise } = series.load(imageId, options);
      return {
        promise: promise.then((image) => {
          hidden.delete(imageId);
          return image;
        }),
        cancelFn: () => undefined,
        decache: () => {
          hidden.add(imageId);
        },
      };
    });
  }

  beforeEach(start);

  afterEach(() => {
    series.answer();
    metaData.removeProvider(hide);
    series.dispose();
    stopCornerstone();
  });

  it('loads each image once, so many at a time, and then has a volume with all frames', async () => {
    const told: ImagesProgress[] = [];
    const making = createVolumeWithoutMetadata(newVolumeId(), series.imageIds.toReversed(), {
      maxInFlight: 2,
      onProgress: (progress) => told.push(progress),
    });
    expect(series.requests.map(({ slice }) => slice)).toEqual([4, 3]);
    await until(() => {
      series.answer();
      return told.length === 5;
    });
    const volume = await making;
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.imageIds).toEqual(series.imageIds);
    expect(volume.getScalarData()[2 * 15 + 4]).toBe(series.voxel(2, 4));
    expect(series.requests.length).toBe(5);
    expect(told.at(-1)).toEqual({ imagesLoaded: 5, imagesTotal: 5 });
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
  });

  it('loads frames again whose pixels cannot be trusted', async () => {
    const making = createVolumeWithoutMetadata(newVolumeId(), series.imageIds);
    series.requests[2]?.resolve({ imageQualityStatus: 6 });
    series.answer();
    await until(() => series.requests.length === 6);
    series.requests[5]?.resolve();
    const volume = await making;
    expect(series.requests[5]?.slice).toBe(2);
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.getScalarData()[2 * 15 + 4]).toBe(series.voxel(2, 4));
  });

  it('asks for no more after an abort, and rejects with its reason', async () => {
    const controller = new AbortController();
    const volumeId = newVolumeId();
    const making = createVolumeWithoutMetadata(volumeId, series.imageIds, {
      maxInFlight: 2,
      signal: controller.signal,
    });
    const reason = new Error('left');
    controller.abort(reason);
    series.answer();
    await expectAsync(making).toBeRejectedWith(reason);
    expect(series.requests.length).toBe(2);
    expect(cache.getVolume(volumeId)).toBeUndefined();
  });

  it('names the images that could not be loaded', async () => {
    const volumeId = newVolumeId();
    let error = {} as StreamingVolumeError;
    // Cornerstone's cache leaves the rejection of an Image that it waits for to nobody.
    await jasmine.spyOnGlobalErrorsAsync(async (globalErrors) => {
      const making = createVolumeWithoutMetadata(volumeId, series.imageIds);
      series.requests[1]?.reject(new Error('gone'));
      series.requests[3]?.reject(new Error('gone too'));
      series.answer();
      error = (await making.catch((reason: unknown) => reason)) as StreamingVolumeError;
      await until(() => globalErrors.calls.count() === 2);
    });
    expect(error.code).toBe('frame-fetch');
    expect(error.imageIds).toEqual([series.imageIds[1] as string, series.imageIds[3] as string]);
    expect(error.message).toContain('gone');
    expect(cache.getVolume(volumeId)).toBeUndefined();
  });
});

import { cache, Enums, imageLoadPoolManager, volumeLoader } from '@cornerstonejs/core';
import { prefetchVolume } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { eventsOf } from '../support/events.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('prefetchVolume', () => {
  let series: SyntheticSeries;
  let sizeBefore: number;

  beforeEach(() => {
    startCornerstone();
    sizeBefore = cache.getCacheSize();
  });

  afterEach(() => {
    series.answer();
    series.dispose();
    stopCornerstone();
  });

  const onlyVolume = (): StreamingImageVolume => {
    const volumes = cache.getVolumes();
    expect(volumes.length).toBe(1);
    return volumes[0] as unknown as StreamingImageVolume;
  };

  it('fills a volume and tells the progress', async () => {
    series = new SyntheticSeries({ count: 4 });
    const told: number[] = [];
    const { volumeId, framesLoaded, failed } = await prefetchVolume(series.imageIds, {
      onProgress: (progress) => told.push(progress.framesLoaded),
      renderIntervalMs: 0,
    });
    expect([framesLoaded, failed]).toEqual([4, []]);
    expect(onlyVolume().volumeId).toBe(volumeId);
    expect(told.at(-1)).toBe(4);
  });

  it('waits behind other volumes', async () => {
    const { Prefetch } = Enums.RequestType;
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 0);
    series = new SyntheticSeries({ count: 2 });
    const controller = new AbortController();
    const prefetching = prefetchVolume(series.imageIds, {
      signal: controller.signal,
      backgroundPriority: undefined,
    });
    const pool = imageLoadPoolManager.getRequestPool()[Prefetch];
    await until(() => pool[10]?.length === 2);
    controller.abort(new Error('enough'));
    await expectAsync(prefetching).toBeRejectedWithError('enough');
    expect(pool[10]).toEqual([]);
  });

  it('hands the volume over to a creation with its volumeId', async () => {
    series = new SyntheticSeries({ count: 3 });
    const volumeId = newVolumeId();
    await prefetchVolume(series.imageIds, { volumeId });
    const prefetched = onlyVolume();
    const volume = await createVolume(series.imageIds, { volumeId });
    expect(volume).toBe(prefetched);
    expect((await volume.load()).framesLoaded).toBe(3);
    expect(series.requests.length).toBe(3);
  });

  it('leaves its memory to a volume of the same frames with another volumeId', async () => {
    series = new SyntheticSeries({ count: 3 });
    await prefetchVolume(series.imageIds);
    const prefetched = onlyVolume();
    const data = prefetched.getScalarData();
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const volume = await createVolume(series.imageIds.toReversed());
    expect(volume).not.toBe(prefetched);
    expect(volume.getScalarData()).toBe(data);
    expect(onlyVolume()).toBe(volume);
    expect(volume.loadStatus.loaded).toBeTrue();
    expect((await volume.load()).framesLoaded).toBe(3);
    await volume.load();
    expect(series.requests.length).toBe(3);
    expect(completed.details).toEqual([jasmine.objectContaining({ volumeId: volume.volumeId })]);
    const view = cache.getImage(series.imageIds[1] as string);
    expect(view?.getPixelData()[0]).toBe(series.voxel(1, 0));
    expect(cache.getCacheSize()).toBe(sizeBefore + data.byteLength);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(sizeBefore);
  });

  it('goes on in the volume that takes it over half way, and ends with it', async () => {
    series = new SyntheticSeries({ count: 6, held: true });
    const told: number[] = [];
    const prefetching = prefetchVolume(series.imageIds, {
      maxInFlight: 2,
      renderIntervalMs: 0,
      onProgress: ({ framesLoaded }) => told.push(framesLoaded),
    });
    await until(() => series.requests.length === 2);
    const first = series.requests[0]?.slice as number;
    series.answer(first);
    await until(() => series.requests.length === 3);
    const volume = await createVolume(series.imageIds, { maxInFlight: 2, renderIntervalMs: 0 });
    expect(volume.frameStates[first]).toBe('loaded');
    expect(volume.loadStatus.loading).toBeTrue();
    while (volume.framesLoaded < 6) {
      series.answer();
      await new Promise(requestAnimationFrame);
    }
    const { volumeId, framesLoaded } = await prefetching;
    expect([volumeId, framesLoaded]).toEqual([volume.volumeId, 6]);
    expect(series.requests.filter(({ slice }) => slice === first).length).toBe(1);
    expect(told.at(-1)).toBe(6);
    for (const [slice] of series.imageIds.entries()) {
      expect(volume.voxelManager?.getAtIJK(0, 0, slice)).toBe(series.voxel(slice, 0));
    }
  });

  it('leaves nothing behind after an abort', async () => {
    series = new SyntheticSeries({ count: 3, held: true });
    const controller = new AbortController();
    const prefetching = prefetchVolume(series.imageIds, { signal: controller.signal });
    await until(() => series.requests.length > 0);
    controller.abort(new Error('enough'));
    await expectAsync(prefetching).toBeRejectedWithError('enough');
    expect(cache.getVolumes()).toEqual([]);
    expect(cache.getCacheSize()).toBe(sizeBefore);
    const later = await createVolume(series.imageIds);
    expect(later.framesLoaded).toBe(0);
  });

  it('leaves the volume to its new owner after an abort', async () => {
    series = new SyntheticSeries({ count: 3, held: true });
    const controller = new AbortController();
    const prefetching = prefetchVolume(series.imageIds, { signal: controller.signal });
    await until(() => series.requests.length > 0);
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    controller.abort(new Error('enough'));
    await expectAsync(prefetching).toBeRejectedWithError('enough');
    series.answer();
    await until(() => {
      series.answer();
      return volume.framesLoaded === 3;
    });
    expect((await loaded).framesLoaded).toBe(3);
    expect(onlyVolume()).toBe(volume);
  });

  it('gives nothing of a volume that was removed meanwhile', async () => {
    series = new SyntheticSeries({ count: 3 });
    const { volumeId } = await prefetchVolume(series.imageIds);
    cache.removeVolumeLoadObject(volumeId);
    expect(cache.getCacheSize()).toBe(sizeBefore);
    const later = await createVolume(series.imageIds);
    expect(later.framesLoaded).toBe(0);
    expect(cache.getCacheSize()).toBe(sizeBefore + later.sizeInBytes);
  });

  it('rejects as the making of a volume does', async () => {
    series = new SyntheticSeries({ count: 1 });
    await expectAsync(prefetchVolume(series.imageIds)).toBeRejectedWithError(
      /at least 2 frames, got 1/,
    );
    await expectAsync(
      prefetchVolume(series.imageIds, { signal: AbortSignal.abort(new Error('before')) }),
    ).toBeRejectedWithError('before');
  });

  it('refuses a volume of another loader', async () => {
    series = new SyntheticSeries({ count: 2 });
    const other = { volumeId: 'other:1' };
    volumeLoader.registerVolumeLoader('other', (() => ({
      promise: Promise.resolve(other),
    })) as never);
    await expectAsync(prefetchVolume(series.imageIds, other)).toBeRejectedWithError(TypeError);
  });
});

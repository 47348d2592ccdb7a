import { cache, Enums, eventTarget, imageLoader, volumeLoader } from '@cornerstonejs/core';
import {
  createVolumeFromImages,
  isStreamingVolumeError,
  prefetchVolume,
  StreamingImageVolume,
} from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId } from '../support/cornerstone.js';
import { eventsOf } from '../support/events.js';
import type { SyntheticSeries } from '../support/SyntheticSeries.js';
import { collectUnhandledRejections } from '../support/unhandledRejections.js';
import { until } from '../support/until.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

const { VOLUME_CACHE_VOLUME_REMOVED, VOLUME_LOADED, VOLUME_LOADED_FAILED } = Enums.Events;

/** What Cornerstone keeps private, to delete an entry as applications do. */
const entries = (cache as unknown as { _volumeCache: Map<string, unknown> })._volumeCache;

describe('A volume that is removed and made again in one task', () => {
  const newSeries = useSyntheticSeries();
  let volumeId: string;
  let sizeBefore: number;
  let unhandled: () => Promise<unknown[]>;
  let added: jasmine.Spy;
  let removed: jasmine.Spy;

  beforeEach(() => {
    volumeId = newVolumeId();
    sizeBefore = cache.getCacheSize();
    unhandled = collectUnhandledRejections();
    added = spyOn(eventTarget, 'addEventListener').and.callThrough();
    removed = spyOn(eventTarget, 'removeEventListener').and.callThrough();
  });

  const remove = (): void => {
    cache.removeVolumeLoadObject(volumeId);
  };

  const onlyVolume = (): StreamingImageVolume => cache.getVolume(volumeId) as never;

  async function codeOf(promise: Promise<unknown>): Promise<string> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return isStreamingVolumeError(error) ? error.code : String(error);
  }

  /** The cache has this volume, and nothing else is reserved, listens or was rejected. */
  async function expectOnly(volume: StreamingImageVolume): Promise<void> {
    expect(cache.getVolume(volume.volumeId) as unknown).toBe(volume);
    expect(cache.getVolumes() as unknown[]).toEqual([volume]);
    expect(cache.getCacheSize()).toBe(sizeBefore + volume.sizeInBytes);
    expect(await unhandled()).toEqual([]);
    expectNoListener();
  }

  function expectNoListener(): void {
    const count = (spy: jasmine.Spy): number =>
      spy.calls.allArgs().filter(([type]) => type === VOLUME_CACHE_VOLUME_REMOVED).length;
    expect(count(removed)).toBeGreaterThanOrEqual(count(added));
    const listeners = (eventTarget as unknown as { listeners: Record<string, unknown[]> })
      .listeners[VOLUME_CACHE_VOLUME_REMOVED];
    expect(listeners ?? []).toEqual([]);
  }

  async function expectVoxels(
    volume: StreamingImageVolume,
    series: SyntheticSeries,
  ): Promise<void> {
    expect(await volume.load()).toEqual({ framesLoaded: series.imageIds.length, failed: [] });
    const expected = series.imageIds.flatMap((_, slice) =>
      Array.from({ length: 15 }, (__, i) => series.voxel(slice, i)),
    );
    expect([...volume.getScalarData()]).toEqual(expected);
  }

  it('is a new volume, and the first promise says that its was removed', async () => {
    const series = newSeries({ count: 4 });
    const first = createVolume(series.imageIds, { volumeId });
    remove();
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    expect(cache.getCacheSize()).toBe(sizeBefore);
    const second = createVolume(series.imageIds, { volumeId });
    expect(await codeOf(first)).toBe('volume-removed');
    const volume = await second;
    expect(volume).toBeInstanceOf(StreamingImageVolume);
    await expectOnly(volume);
    await expectVoxels(volume, series);
    remove();
    expect([cache.getVolumes().length, cache.getCacheSize()]).toEqual([0, sizeBefore]);
  });

  it('is a new volume each time, as often as that is done', async () => {
    const series = newSeries({ count: 3 });
    const doomed = [1, 2, 3].map(() => {
      const promise = createVolume(series.imageIds, { volumeId });
      remove();
      return codeOf(promise);
    });
    const volume = await createVolume(series.imageIds, { volumeId });
    expect(await Promise.all(doomed)).toEqual(Array(3).fill('volume-removed'));
    await expectOnly(volume);
    await expectVoxels(volume, series);
  });

  it('is shared by all callers after the removal, and by none from before', async () => {
    const series = newSeries({ count: 3 });
    const before = [1, 2].map(() => codeOf(createVolume(series.imageIds, { volumeId })));
    remove();
    const after = [1, 2].map(() => createVolume(series.imageIds, { volumeId }));
    expect(await Promise.all(before)).toEqual(['volume-removed', 'volume-removed']);
    const [volume, same] = (await Promise.all(after)) as [
      StreamingImageVolume,
      StreamingImageVolume,
    ];
    expect(volume).toBe(same);
    await expectOnly(volume);
  });

  it('tells once that the first failed, and once that the second is there', async () => {
    const series = newSeries({ count: 3 });
    const failures = eventsOf(VOLUME_LOADED_FAILED);
    const loaded = eventsOf(VOLUME_LOADED);
    const removals: unknown[] = [];
    const listener = ((event: CustomEvent<{ volumeId: string }>) => {
      removals.push(event.detail.volumeId);
    }) as EventListener;
    eventTarget.addEventListener(VOLUME_CACHE_VOLUME_REMOVED, listener);
    const first = codeOf(createVolume(series.imageIds, { volumeId }));
    remove();
    const volume = await createVolume(series.imageIds, { volumeId });
    await first;
    eventTarget.removeEventListener(VOLUME_CACHE_VOLUME_REMOVED, listener);
    expect(failures.details).toEqual([
      { volumeId, error: jasmine.objectContaining({ code: 'volume-removed' }) },
    ]);
    expect(loaded.details).toEqual([{ volume }]);
    expect(removals).toEqual([volumeId]);
    await expectOnly(volume);
  });

  it('is a new volume after purges too', async () => {
    const series = newSeries({ count: 3 });
    const first = codeOf(createVolume(series.imageIds, { volumeId }));
    cache.purgeVolumeCache();
    const second = codeOf(createVolume(series.imageIds, { volumeId }));
    cache.purgeCache();
    expect(cache.getCacheSize()).toBe(0);
    sizeBefore = 0;
    const volume = await createVolume(series.imageIds, { volumeId });
    expect([await first, await second]).toEqual(['volume-removed', 'volume-removed']);
    await expectOnly(volume);
    await expectVoxels(volume, series);
  });

  it('is a new volume where an application deleted the entry without a word', async () => {
    const series = newSeries({ count: 3 });
    const first = codeOf(createVolume(series.imageIds, { volumeId }));
    entries.delete(volumeId);
    const volume = await createVolume(series.imageIds, { volumeId });
    expect(await first).toBe('volume-removed');
    await expectOnly(volume);
    await expectVoxels(volume, series);
  });

  it('is a new volume after the abort of the first, which has the reason', async () => {
    const series = newSeries({ count: 3 });
    const controller = new AbortController();
    const reason = new Error('left');
    const first = createVolume(series.imageIds, { volumeId, signal: controller.signal });
    controller.abort(reason);
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    const volume = await createVolume(series.imageIds, { volumeId });
    await expectAsync(first).toBeRejectedWith(reason);
    await expectOnly(volume);
    await expectVoxels(volume, series);
  });

  it('leaves nothing when it is removed as soon as it is told of', async () => {
    const series = newSeries({ count: 3 });
    eventTarget.addEventListenerOnce(VOLUME_LOADED, remove);
    await createVolume(series.imageIds, { volumeId });
    expect([cache.getVolumeLoadObject(volumeId), cache.getCacheSize()]).toEqual([
      undefined,
      sizeBefore,
    ]);
    await expectOnly(await createVolume(series.imageIds, { volumeId }));
  });

  it('is a new volume where the first is given up for another reason meanwhile', async () => {
    const series = newSeries({ count: 3 });
    const unknown = ['wadouri:http://127.0.0.1:1/nobody.dcm'];
    const failing = codeOf(createVolume(unknown, { volumeId }));
    let retried: Promise<StreamingImageVolume> | undefined;
    eventTarget.addEventListenerOnce(VOLUME_LOADED_FAILED, () => {
      // Core has not deleted the entry yet.
      remove();
      retried = createVolume(series.imageIds, { volumeId });
    });
    expect(await failing).toBe('metadata-fetch');
    await expectOnly(await (retried as Promise<StreamingImageVolume>));
  });

  it('frees the volumeId when the first fails and is not removed', async () => {
    const series = newSeries({ count: 3 });
    const unknown = ['wadouri:http://127.0.0.1:1/nobody.dcm'];
    expect(await codeOf(createVolume(unknown, { volumeId }))).toBe('metadata-fetch');
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    await expectOnly(await createVolume(series.imageIds, { volumeId }));
  });

  it('leaves a volume of the same frames alone', async () => {
    const series = newSeries({ count: 3 });
    const neighbour = await createVolume(series.imageIds);
    await neighbour.load();
    const first = codeOf(createVolume(series.imageIds, { volumeId }));
    remove();
    const volume = await createVolume(series.imageIds, { volumeId });
    expect(await first).toBe('volume-removed');
    await expectVoxels(volume, series);
    expect(series.requests.length).toBe(3);
    remove();
    await expectOnly(neighbour);
    await expectVoxels(neighbour, series);
  });

  it('is made of Images too', async () => {
    const series = newSeries({ count: 3 });
    await Promise.all(series.imageIds.map((id) => imageLoader.loadAndCacheImage(id)));
    const first = codeOf(createVolumeFromImages(volumeId, series.imageIds));
    remove();
    const volume = await createVolumeFromImages(volumeId, series.imageIds);
    expect(await first).toBe('volume-removed');
    await expectVoxels(volume, series);
    expect(series.requests.length).toBe(3);
    sizeBefore = 0;
    await expectOnly(volume);
  });

  it('is prefetched again after an abort', async () => {
    const series = newSeries({ count: 4, held: true });
    const controllers = [1, 2, 3].map(() => new AbortController());
    const started = controllers.map(({ signal }, index) => {
      const prefetching = prefetchVolume(series.imageIds, { volumeId, signal, maxInFlight: 4 });
      if (index < 2) {
        controllers[index]?.abort(new Error('again'));
      }
      return prefetching;
    });
    await expectAsync(started[0] as Promise<unknown>).toBeRejectedWithError('again');
    await expectAsync(started[1] as Promise<unknown>).toBeRejectedWithError('again');
    await until(() => series.requests.length === 4);
    // Now while it loads.
    controllers[2]?.abort(new Error('once more'));
    const last = prefetchVolume(series.imageIds, { volumeId });
    await expectAsync(started[2] as Promise<unknown>).toBeRejectedWithError('once more');
    await until(() => {
      series.answer();
      return onlyVolume().framesLoaded === 4;
    });
    expect(await last).toEqual({ volumeId, framesLoaded: 4, failed: [] });
    await expectOnly(onlyVolume());
  });

  it('loads on after a load that was cancelled in the same task', async () => {
    const series = newSeries({ count: 4, held: true });
    const volume = await createVolume(series.imageIds, { volumeId });
    const loads = [1, 2].map(() => {
      const load = volume.load();
      volume.cancelLoading();
      return load;
    });
    const last = volume.load();
    for (const load of loads) {
      await expectAsync(load).toBeRejectedWith(
        jasmine.objectContaining({ name: 'AbortError' }) as unknown,
      );
    }
    await until(() => {
      series.answer();
      return volume.framesProcessed === 4;
    });
    expect((await last).framesLoaded).toBe(4);
    await expectVoxels(volume, series);
    await expectOnly(volume);
  });

  it('is not in the cache when it was only loaded, and no listener stays either', async () => {
    const series = newSeries({ count: 3 });
    const volume = (await volumeLoader.loadVolume(volumeId, {
      imageIds: series.imageIds,
    })) as unknown as StreamingImageVolume;
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    volume.destroy();
    expect(cache.getCacheSize()).toBe(sizeBefore);
    expectNoListener();
    expect(await unhandled()).toEqual([]);
  });
});

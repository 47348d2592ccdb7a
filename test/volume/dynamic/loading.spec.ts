import { cache, Enums, eventTarget, imageLoader, volumeLoader } from '@cornerstonejs/core';
import { isStreamingVolumeError, prefetchVolume } from '../../../src/index.js';
import type { StreamingDynamicImageVolume } from '../../../src/index.js';
import { createDecodedFrame } from '../../../src/pixels/DecodedFrame.js';
import { createVolume } from '../../support/createVolume.js';
import {
  createDynamicVolume,
  firstWrongOfTime,
  newDynamicVolumeId,
  timePointOptions,
} from '../../support/dynamicSeries.js';
import { errorOf } from '../../support/errorOf.js';
import { eventsOf } from '../../support/events.js';
import type { SyntheticSeries, SyntheticSeriesOptions } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const SIZE = { times: 6, slices: 4 };
/** 4 slices of 5 x 3 voxels of 16 bits. */
const BYTES_PER_TIME = 4 * 15 * 2;

/** What a promise rejects with. */
async function reasonOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('resolved'),
    (reason: unknown) => reason as Error,
  );
}

/** The listeners on `eventTarget` that are added from now on, without those that are removed again. */
function watchListeners(): ReadonlySet<unknown> {
  const listeners = new Set<unknown>();
  const add = eventTarget.addEventListener.bind(eventTarget);
  const remove = eventTarget.removeEventListener.bind(eventTarget);
  spyOn(eventTarget, 'addEventListener').and.callFake((type, listener) => {
    listeners.add(listener);
    add(type, listener);
  });
  spyOn(eventTarget, 'removeEventListener').and.callFake((type, listener) => {
    listeners.delete(listener);
    remove(type, listener);
  });
  return listeners;
}

describe('The load of a volume of time points', () => {
  const createSeries = useSyntheticSeries();
  const open = (more: Partial<SyntheticSeriesOptions> = {}) =>
    createSeries(timePointOptions(SIZE, more));

  /** The time points of the requests so far, from 1, each once for requests in a row. */
  function requestedTimes({ requests }: SyntheticSeries): number[] {
    const times = requests.map(({ slice }) => Math.floor(slice / SIZE.slices) + 1);
    return times.filter((time, index) => time !== times[index - 1]);
  }

  function expectVoxels(volume: StreamingDynamicImageVolume, series: SyntheticSeries): void {
    const time = volume.dimensionGroupNumber - 1;
    expect(firstWrongOfTime(volume.getScalarData(), series, SIZE, time)).toBe('');
  }

  for (const end of ['cancelled', 'removed'] as const) {
    it(`measures nothing any more when it is ${end}`, async () => {
      const series = open({ held: true });
      const volume = await createDynamicVolume(series.imageIds);
      const listeners = watchListeners();
      const loaded = volume.load();
      await until(() => series.requests.length > 0);
      expect(listeners.size).toBeGreaterThan(0);
      if (end === 'cancelled') {
        volume.cancelLoading();
      } else {
        cache.removeVolumeLoadObject(volume.volumeId);
      }
      await expectAsync(loaded).toBeRejected();
      expect(listeners.size).toBe(0);
      series.answer();
    });
  }

  it('says what decodes the frames', async () => {
    const series = open();
    imageLoader.registerImageLoader(series.scheme, ((imageId: string) => ({
      promise: Promise.resolve(
        createDecodedFrame({
          imageId,
          pixelData: new Uint16Array(15),
          inPlace: false,
          scaled: false,
          range: undefined,
          transport: { thread: 'worker', reason: 'the frames are compressed' },
          decoder: { thread: 'frame worker' },
        }),
      ),
    })) as never);
    const volume = await createDynamicVolume(series.imageIds);
    await volume.load();
    expect(volume.transport?.decoder?.thread).toBe('frame worker');
  });

  describe('D21: the order of the requests', () => {
    it('begins with the current time point, then those ahead, then those before it', async () => {
      const series = open();
      const volume = await createDynamicVolume(series.imageIds);
      volume.dimensionGroupNumber = 4;
      await volume.load();
      expect(series.requests.length).toBe(24);
      expect(requestedTimes(series)).toEqual([4, 5, 6, 1, 2, 3]);
    });

    it('goes backwards after a scroll backwards', async () => {
      const series = open();
      const volume = await createDynamicVolume(series.imageIds);
      volume.dimensionGroupNumber = 4;
      volume.scroll(-1);
      await volume.load();
      expect(requestedTimes(series)).toEqual([3, 2, 1, 6, 5, 4]);
    });

    it('turns at once to a time point that becomes the current one', async () => {
      const series = open({ held: true });
      const volume = await createDynamicVolume(series.imageIds, { maxInFlight: 2 });
      const loading = volume.load();
      await until(() => series.requests.length === 2);
      volume.dimensionGroupNumber = 5;
      await until(() => series.requests.length === 4);
      expect(requestedTimes(series)).toEqual([1, 5]);
      const answering = setInterval(() => {
        series.answer();
      });
      await loading;
      clearInterval(answering);
      expect(requestedTimes(series).slice(0, 4)).toEqual([1, 5, 6, 1]);
      for (let time = 1; time <= SIZE.times; time++) {
        volume.dimensionGroupNumber = time;
        expectVoxels(volume, series);
      }
    });

    it('stays as it is, on a switch to a time point that is loaded', async () => {
      const series = open({ held: true });
      const volume = await createDynamicVolume(series.imageIds, { maxInFlight: 2 });
      const loading = volume.load();
      await until(() => series.requests.length === 2);
      series.answer();
      await until(() => series.requests.length === 4);
      series.answer();
      await until(() => series.requests.length === 6);
      volume.dimensionGroupNumber = 2;
      volume.dimensionGroupNumber = 1;
      expect(volume.isDimensionGroupLoaded(1)).toBeTrue();
      await new Promise((resolve) => setTimeout(resolve));
      expect(requestedTimes(series)).toEqual([1, 2]);
      const answering = setInterval(() => {
        series.answer();
      });
      await loading;
      clearInterval(answering);
      // No frame was requested twice: none was aborted.
      expect(series.requests.length).toBe(24);
    });
  });

  it('has no more frames in flight than allowed, also where one time point ends and the next begins', async () => {
    const series = open({ held: true });
    const volume = await createDynamicVolume(series.imageIds, { maxInFlight: 3 });
    const loading = volume.load();
    const inFlight: number[] = [];
    let answered = 0;
    while (answered < 24) {
      await until(() => series.requests.length > answered);
      inFlight.push(series.requests.length - answered);
      series.requests[answered++]?.resolve();
    }
    await loading;
    expect(Math.max(...inFlight)).toBe(3);
    expect(requestedTimes(series)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('calls back once and resolves with all frames', async () => {
    const series = open();
    const volume = await createDynamicVolume(series.imageIds);
    const callback = jasmine.createSpy('callback');
    const [first, second] = [volume.load(callback), volume.load()];
    expect(volume.loadStatus.loading).toBeTrue();
    expect(await first).toEqual({ framesLoaded: 24, failed: [] });
    expect(await second).toEqual({ framesLoaded: 24, failed: [] });
    expect(callback.calls.allArgs()).toEqual([
      [
        {
          success: true,
          framesLoaded: 24,
          framesProcessed: 24,
          numFrames: 24,
          totalNumFrames: 24,
        },
      ],
    ]);
    void volume.load(callback);
    expect(callback).toHaveBeenCalledTimes(2);
    expect(volume.progress).toEqual(
      jasmine.objectContaining({ framesLoaded: 24, framesTotal: 24, secondsLeft: 0 }),
    );
    expect(volume.frameStates).toEqual(new Array(24).fill('loaded'));
    expect(volume.frameQualities).toEqual(new Array(24).fill(8));
  });

  it('reports failed frames by their place among all, and loads them once more on request', async () => {
    const series = open({ held: true });
    const volume = await createDynamicVolume(series.imageIds, { retries: 0 });
    const errors = eventsOf(Enums.Events.IMAGE_LOAD_ERROR);
    const loaded = eventsOf(Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED);
    const loading = volume.load();
    let seen = 0;
    while (seen < 24) {
      await until(() => series.requests.length > seen);
      const request = series.requests[seen++];
      if (request?.slice === 9) {
        request.reject(new Error('gone'));
      } else {
        request?.resolve();
      }
    }
    const { failed } = await loading;
    expect(failed.map(({ imageIdIndex, imageId }) => [imageIdIndex, imageId])).toEqual([
      [9, series.imageIds[9] as string],
    ]);
    expect(errors.details).toEqual([jasmine.objectContaining({ imageIdIndex: 9 })]);
    expect(volume.isDimensionGroupLoaded(3)).toBeFalse();
    expect(loaded.details.length).toBe(5);
    const retrying = volume.retryFailedFrames();
    await until(() => series.requests.length === 25);
    series.answer();
    expect(await retrying).toEqual({ framesLoaded: 24, failed: [] });
    expect(loaded.details.length).toBe(6);
  });

  it('is cancelled as a whole, and goes on', async () => {
    const series = open({ held: true });
    const volume = await createDynamicVolume(series.imageIds, { maxInFlight: 2 });
    const loading = volume.load();
    await until(() => series.requests.length === 2);
    volume.cancelLoading();
    expect((await reasonOf(loading)).name).toBe('AbortError');
    expect(volume.loadStatus.cancelled).toBeTrue();
    expect(volume.loadStatus.loading).toBeFalse();
    // A switch loads nothing after a cancel.
    volume.dimensionGroupNumber = 2;
    await new Promise((resolve) => setTimeout(resolve));
    expect(series.requests.length).toBe(2);
    const again = volume.load();
    const answering = setInterval(() => {
      series.answer();
    });
    expect(await again).toEqual({ framesLoaded: 24, failed: [] });
    clearInterval(answering);
    expectVoxels(volume, series);
  });

  it('is cancelled by its signal, and by that of the volume', async () => {
    for (const isOfVolume of [false, true]) {
      const series = open({ held: true });
      const abort = new AbortController();
      const { signal } = abort;
      const volume = await createDynamicVolume(series.imageIds, isOfVolume ? { signal } : {});
      const loading = volume.load(undefined, isOfVolume ? {} : { signal });
      await until(() => series.requests.length > 0);
      const reason = new Error('no longer wanted');
      abort.abort(reason);
      expect(await reasonOf(loading)).toBe(reason);
      expect(volume.loadStatus.loading).toBeFalse();
      cache.removeVolumeLoadObject(volume.volumeId);
    }
  });

  it('ends with the volume, whose memory goes back to the byte', async () => {
    const series = open({ held: true });
    const before = cache.getCacheSize();
    const volume = await createDynamicVolume(series.imageIds, { maxInFlight: 4 });
    const loading = volume.load();
    await until(() => series.requests.length === 4);
    series.answer();
    await until(() => series.requests.length > 5);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect((await reasonOf(loading)).name).toBe('AbortError');
    series.answer();
    await new Promise((resolve) => setTimeout(resolve));
    expect(cache.getCacheSize()).toBe(before);
    expect(isStreamingVolumeError(await errorOf(volume.load()), 'volume-removed')).toBeTrue();
    expect(series.imageIds.some((imageId) => cache.getImageLoadObject(imageId))).toBeFalse();
    // Late callers of the application do no harm.
    volume.scroll(1);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('may be ended by a listener of its events', async () => {
    const series = open();
    const volume = await createDynamicVolume(series.imageIds);
    const remove = (): void => {
      cache.removeVolumeLoadObject(volume.volumeId);
    };
    eventTarget.addEventListener(Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED, remove);
    const error = await reasonOf(volume.load());
    eventTarget.removeEventListener(Enums.Events.DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED, remove);
    expect(error.name).toBe('AbortError');
    expect(cache.getCacheSize()).toBe(0);
  });

  it('works through prefetchVolume, whose volume an application gets by its volumeId', async () => {
    const series = open();
    const volumeId = newDynamicVolumeId();
    expect(await prefetchVolume(series.imageIds, { volumeId })).toEqual({
      volumeId,
      framesLoaded: 24,
      failed: [],
    });
    const volume = await createDynamicVolume(series.imageIds, { volumeId });
    volume.dimensionGroupNumber = 6;
    expectVoxels(volume, series);
    expect(series.requests.length).toBe(24);
  });

  it('widens a time point while another one is shown, whose array stays', async () => {
    const large = 2 * SIZE.slices;
    const pixels = (slice: number): Uint16Array =>
      Uint16Array.from({ length: 15 }, (_, i) => (slice === large ? 65_000 : 10 * slice) + i);
    const series = open({ intercept: () => -1024, pixels, modality: 'CT' });
    const volume = await createDynamicVolume(series.imageIds);
    const shown = volume.getScalarData();
    const bytesBefore = volume.sizeInBytes;
    await volume.load();
    expect(volume.getScalarData()).toBe(shown);
    expectVoxels(volume, series);
    volume.dimensionGroupNumber = 3;
    expect(volume.getScalarData().BYTES_PER_ELEMENT).toBeGreaterThan(shown.BYTES_PER_ELEMENT);
    expectVoxels(volume, series);
    expect(volume.sizeInBytes).toBeGreaterThan(bytesBefore);
    volume.dimensionGroupNumber = 1;
    expect(volume.getScalarData()).toBe(shown);
    expectVoxels(volume, series);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(0);
  });

  describe('with less memory than time points', () => {
    /** Plays through the set from where it is, and waits at each time point until it is there. */
    async function play(
      volume: StreamingDynamicImageVolume,
      series: SyntheticSeries,
      steps: number,
    ) {
      for (let step = 0; step < steps; step++) {
        const { dimensionGroupNumber } = volume;
        await until(() => volume.isDimensionGroupLoaded(dimensionGroupNumber));
        expectVoxels(volume, series);
        volume.scroll(1);
      }
    }

    it('plays a set of twice the cache three times through, and leaves no byte', async () => {
      cache.setMaxCacheSize(3 * BYTES_PER_TIME);
      const series = open();
      const volume = await createDynamicVolume(series.imageIds);
      await volume.load();
      let most = cache.getCacheSize();
      for (let step = 0; step < 3 * SIZE.times; step++) {
        await play(volume, series, 1);
        most = Math.max(most, cache.getCacheSize());
      }
      expect(volume.dimensionGroupNumber).toBe(1);
      expect(most).toBe(3 * BYTES_PER_TIME);
      await volume.load();
      expect(volume.loadStatus.loading).toBeFalse();
      cache.removeVolumeLoadObject(volume.volumeId);
      expect(cache.getCacheSize()).toBe(0);
    });

    it('plays backwards, and with room for one time point only', async () => {
      const series = open();
      const volume = await createDynamicVolume(series.imageIds, { timePointBudgetInBytes: 0 });
      await volume.load();
      for (let step = 0; step < 2 * SIZE.times; step++) {
        volume.scroll(-1);
        const { dimensionGroupNumber } = volume;
        await until(() => volume.isDimensionGroupLoaded(dimensionGroupNumber));
        expectVoxels(volume, series);
        expect(cache.getCacheSize()).toBe(BYTES_PER_TIME);
      }
    });

    it('holds what timePointBudgetInBytes allows: most of it ahead', async () => {
      const series = open();
      const timePointBudgetInBytes = 4 * BYTES_PER_TIME;
      const volume = await createDynamicVolume(series.imageIds, { timePointBudgetInBytes });
      await volume.load();
      const loaded = () => [1, 2, 3, 4, 5, 6].filter((time) => volume.isDimensionGroupLoaded(time));
      expect(loaded()).toEqual([1, 2, 3, 6]);
      expect(cache.getCacheSize()).toBe(timePointBudgetInBytes);
      expect(requestedTimes(series)).toEqual([1, 2, 3, 6]);
      volume.scroll(1);
      await volume.load();
      expect(loaded()).toEqual([1, 2, 3, 4]);
      expect(volume.framesLoaded).toBe(16);
      expect(volume.frameStates.filter((state) => state === 'idle').length).toBe(8);
      // What is there is not loaded again.
      expect(requestedTimes(series)).toEqual([1, 2, 3, 6, 4]);
    });

    describe('beside others', () => {
      const heldTimes = (volume: StreamingDynamicImageVolume): number[] =>
        [1, 2, 3, 4, 5, 6].filter((time) => volume.isDimensionGroupLoaded(time));

      /** A volume of all time points that fills the cache. */
      async function fillCache(): Promise<[StreamingDynamicImageVolume, SyntheticSeries]> {
        cache.setMaxCacheSize(SIZE.times * BYTES_PER_TIME);
        const series = open();
        const volume = await createDynamicVolume(series.imageIds);
        await volume.load();
        expect(cache.getBytesAvailable()).toBe(0);
        return [volume, series];
      }

      it('releases the farthest ones for another volume, and plays on in the rest', async () => {
        const [volume, series] = await fillCache();
        const other = createSeries({ count: 8 });
        const beside = await createVolume(other.imageIds);
        expect(heldTimes(volume)).toEqual([1, 2, 3, 6]);
        expect(cache.getBytesAvailable()).toBe(0);
        await beside.load();
        await play(volume, series, SIZE.times);
        cache.removeVolumeLoadObject(beside.volumeId);
        await volume.load();
        expect(heldTimes(volume)).toEqual([1, 2, 3, 4, 5, 6]);
        cache.removeVolumeLoadObject(volume.volumeId);
        expect(cache.getCacheSize()).toBe(0);
      });

      it('releases none where that is not enough', async () => {
        const [volume] = await fillCache();
        const other = createSeries({ count: SIZE.times * SIZE.slices });
        const error = await errorOf(createVolume(other.imageIds));
        expect(error.code).toBe('cache-size-exceeded');
        expect(heldTimes(volume).length).toBe(SIZE.times);
      });

      it("releases the farthest ones for core's own volumes and Images", async () => {
        const [volume, series] = await fillCache();
        const labelmap = volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, {
          volumeId: 'labelmap',
        });
        expect(labelmap.imageIds.length).toBeGreaterThan(0);
        expect(heldTimes(volume).length).toBeLessThan(SIZE.times);
        expectVoxels(volume, series);
        cache.removeVolumeLoadObject(volume.volumeId);
        cache.purgeCache();
        expect(cache.getCacheSize()).toBe(0);
      });

      it('has room for the current time point of another set, and for those ahead only what is free', async () => {
        const [volume] = await fillCache();
        const other = open();
        const beside = await createDynamicVolume(other.imageIds);
        await beside.load();
        expect(heldTimes(volume).length).toBe(SIZE.times - 1);
        expect(heldTimes(beside)).toEqual([1]);
        beside.scroll(1);
        await until(() => beside.isDimensionGroupLoaded(2));
        expectVoxels(beside, other);
        expect(heldTimes(beside)).toEqual([2]);
        expect(heldTimes(volume).length).toBe(SIZE.times - 1);
      });

      it("leaves core's cache as it was", async () => {
        const before = cache.isCacheable;
        const [volume] = await fillCache();
        expect(cache.isCacheable).not.toBe(before);
        cache.removeVolumeLoadObject(volume.volumeId);
        expect(cache.isCacheable).toBe(before);
      });
    });

    it('says which time point is not in memory', async () => {
      const series = open();
      const volume = await createDynamicVolume(series.imageIds, { timePointBudgetInBytes: 0 });
      await volume.load();
      expect(volume.voxelManager.getAtIndexAndDimensionGroup(0, 2)).toBeNull();
      let error: unknown;
      try {
        volume.voxelManager.getDimensionGroupScalarData(2);
      } catch (caught) {
        error = caught;
      }
      expect(isStreamingVolumeError(error, 'frame-not-loaded')).toBeTrue();
      expect((error as { imageIds: string[] }).imageIds).toEqual(series.imageIds.slice(4, 8));
      expect(() => volume.voxelManager.getDimensionGroupScalarData(7)).toThrowError(TypeError);
    });

    it('refuses a set of which the cache does not hold one time point', async () => {
      cache.setMaxCacheSize(BYTES_PER_TIME - 1);
      const series = open();
      const error = await errorOf(createDynamicVolume(series.imageIds));
      expect(isStreamingVolumeError(error, 'cache-size-exceeded')).toBeTrue();
      expect(cache.getCacheSize()).toBe(0);
    });
  });

  it('gives Images of all time points, and takes them into a volume of one of them', async () => {
    const series = open();
    const volume = await createDynamicVolume(series.imageIds);
    await volume.load();
    const image = volume.convertToCornerstoneImage(series.imageIds[13] as string);
    expect([...image.getPixelData()]).toEqual(
      Array.from({ length: 15 }, (_, i) => series.voxel(13, i)),
    );
    expect(cache.getImage(series.imageIds[22] as string)?.getPixelData()[4]).toBe(
      series.voxel(22, 4),
    );
    expect(volume.getCornerstoneImages().length).toBe(24);
    volume.decache();
    expect(cache.getVolume(volume.volumeId)).toBeUndefined();
    expect(series.imageIds.every((imageId) => cache.isLoaded(imageId))).toBeTrue();
    const again = await createDynamicVolume(series.imageIds);
    await again.load();
    expect(series.requests.length).toBe(24);
    again.dimensionGroupNumber = 5;
    expectVoxels(again, series);
  });
});

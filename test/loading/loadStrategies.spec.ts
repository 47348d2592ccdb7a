import { cache, Enums, imageLoadPoolManager } from '@cornerstonejs/core';
import { defaultMaxInFlight } from '../../src/api/options.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { ViewportFollower } from '../../src/loading/schedule/ViewportFollower.js';
import { createVolume } from '../support/createVolume.js';
import type { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

const { Prefetch } = Enums.RequestType;

describe('A load strategy', () => {
  const newSeries = useSyntheticSeries();
  let answered: Set<unknown>;

  beforeEach(() => {
    answered = new Set();
    // As OHIF sets it.
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 25);
  });

  /** Hands the requests of a volume to Cornerstone's pool, as OHIF's strategies do. */
  function runAll(
    volume: StreamingImageVolume,
    order = volume.imageIds.map((_, index) => index),
  ): Promise<void>[] {
    const requests = volume.getImageLoadRequests();
    return order.map(
      (index) =>
        new Promise<void>((resolve) => {
          const request = requests.find(({ imageIdIndex }) => imageIdIndex === index);
          const { callLoadImage, imageId, imageIdIndex, options, additionalDetails } =
            request as (typeof requests)[0];
          const call = async (): Promise<void> => {
            await callLoadImage(imageId, imageIdIndex, options);
            resolve();
          };
          imageLoadPoolManager.addRequest(call, Prefetch, { ...additionalDetails }, 0);
        }),
    );
  }

  const asked = ({ requests }: SyntheticSeries): number[] => requests.map(({ slice }) => slice);

  const inFlight = (series: SyntheticSeries): number[] =>
    series.requests.filter((request) => !answered.has(request)).map(({ slice }) => slice);

  /**
   * Answers the request that is in flight longest, and waits until as many are in flight again as there may
   * be.
   */
  async function answerNext(
    series: SyntheticSeries,
    { maxInFlight }: { readonly maxInFlight: number },
  ): Promise<void> {
    const request = series.requests.find((each) => !answered.has(each));
    answered.add(request);
    request?.resolve();
    const left = series.imageIds.length - answered.size;
    await until(() => inFlight(series).length >= Math.min(maxInFlight, left));
    expect(inFlight(series).length).toBe(Math.min(maxInFlight, left));
  }

  async function answerAll(
    series: SyntheticSeries,
    limit: { readonly maxInFlight: number },
  ): Promise<void> {
    while (answered.size < series.imageIds.length) {
      await answerNext(series, limit);
    }
  }

  function poolIsEmpty(): boolean {
    const { numRequests } = imageLoadPoolManager as unknown as {
      numRequests: Record<string, number>;
    };
    const pool = imageLoadPoolManager.getRequestPool()[Prefetch];
    return numRequests[Prefetch] === 0 && Object.values(pool).flat().length === 0;
  }

  /** As a viewport would that shows one slice. */
  function lookAt(imageIdIndex: number): void {
    spyOn(ViewportFollower.prototype, 'slicesOnScreen').and.returnValue([imageIdIndex]);
    spyOn(ViewportFollower.prototype, 'read').and.returnValue({
      slices: [{ frameIndex: imageIdIndex, radius: 0, direction: 0 }],
      acrossSlices: false,
    });
  }

  it('has no more frames in flight than maxInFlight, in its own order', async () => {
    const series = newSeries({ count: 40, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 3 });
    const order = volume.imageIds.map((_, index) => 39 - index);
    const all = runAll(volume, order);
    expect(asked(series)).toEqual([39, 38, 37]);
    await answerAll(series, { maxInFlight: 3 });
    await Promise.all(all);
    expect(asked(series)).toEqual(order);
    expect(volume.loadStatus.loaded).toBeTrue();
    await until(poolIsEmpty);
  });

  it('has as many as the default where none is stated', async () => {
    const series = newSeries({ count: 60, held: true });
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 1000);
    const volume = await createVolume(series.imageIds, { maxInFlight: undefined as never });
    const all = runAll(volume);
    expect(asked(series).length).toBe(
      defaultMaxInFlight(undefined, false, navigator.hardwareConcurrency),
    );
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    await Promise.all(all);
  });

  it('shares them with a load, and no frame is requested twice', async () => {
    const series = newSeries({ count: 40, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 3 });
    const all = runAll(volume);
    const loaded = volume.load();
    expect(inFlight(series).length).toBe(3);
    await answerAll(series, { maxInFlight: 3 });
    expect(await loaded).toEqual({ framesLoaded: 40, failed: [] });
    await Promise.all(all);
    expect(asked(series).toSorted((a, b) => a - b)).toEqual(volume.imageIds.map((_, i) => i));
    await until(poolIsEmpty);
  });

  it('shares them with a load that came first, and waits for its frames without a place', async () => {
    const series = newSeries({ count: 12, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 3 });
    const loaded = volume.load();
    expect(asked(series)).toEqual([6, 7, 5]);
    // The same order: each waits for a frame that the other one has in flight.
    const all = runAll(volume, [6, 7, 5, 8, 4, 9, 3, 10, 2, 11, 1, 0]);
    await answerAll(series, { maxInFlight: 3 });
    expect((await loaded).framesLoaded).toBe(12);
    await Promise.all(all);
    expect(asked(series).length).toBe(12);
  });

  it('leaves no place to a load that would only wait for its frames', async () => {
    const series = newSeries({ count: 12, held: true });
    const limit = { maxInFlight: 3 };
    const volume = await createVolume(series.imageIds, limit);
    const some = runAll(volume, [6, 7]);
    const loaded = volume.load();
    expect(asked(series)).toEqual([6, 7, 5]);
    await answerAll(series, limit);
    expect((await loaded).framesLoaded).toBe(12);
    await Promise.all(some);
    expect(asked(series).length).toBe(12);
  });

  for (const [poolLimit, name] of [
    [5, 'fill the pool'],
    [1000, 'are all called at once'],
  ] as const) {
    it(`lets the slice on screen go first, though its requests ${name}`, async () => {
      const series = newSeries({ count: 40, held: true });
      const limit = { maxInFlight: 2 };
      const volume = await createVolume(series.imageIds, limit);
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, poolLimit);
      const all = runAll(volume);
      expect(asked(series)).toEqual([0, 1]);
      lookAt(33);
      const loaded = volume.load();
      await answerNext(series, limit);
      expect(asked(series)).toEqual([0, 1, 33]);
      await answerNext(series, limit);
      expect(asked(series)).toEqual([0, 1, 33, 2]);
      await answerAll(series, limit);
      expect((await loaded).framesLoaded).toBe(40);
      await Promise.all(all);
      expect(asked(series).length).toBe(40);
      await until(poolIsEmpty);
    });
  }

  it('does not hold back what stack viewports ask for', async () => {
    const series = newSeries({ count: 20, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const all = runAll(volume);
    expect(asked(series)).toEqual([0, 1]);
    const { promise } = volume.getImageLoadObject(15);
    expect(asked(series)).toEqual([0, 1, 15]);
    series.answer(15);
    expect((await promise).imageId).toBe(series.imageIds[15] as string);
    expect(asked(series)).toEqual([0, 1, 15]);
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    await Promise.all(all);
    expect(asked(series).length).toBe(20);
  });

  it('goes on behind frames that fail', async () => {
    const series = newSeries({ count: 6, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 1, retries: 0 });
    const all = runAll(volume);
    series.requests[0]?.reject(new Error('lost'));
    await until(() => asked(series).length === 2);
    await until(() => {
      series.answer();
      return volume.framesProcessed === 6;
    });
    await Promise.all(all);
    expect(volume.failedFrames.map(({ imageIdIndex }) => imageIdIndex)).toEqual([0]);
  });

  it('drops waiting frames and aborts those in flight on a cancel, and loads them on the next call', async () => {
    const series = newSeries({ count: 40, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const called = runAll(volume).slice(0, 25);
    volume.cancelLoading();
    // What the pool has not called yet is the strategy's to take out.
    imageLoadPoolManager.clearRequestStack(Prefetch);
    await Promise.all(called);
    expect(asked(series)).toEqual([0, 1]);
    expect(new Set(volume.frameStates)).toEqual(new Set(['idle']));
    await until(poolIsEmpty);
    const again = runAll(volume, [7, 8, 9]);
    expect(asked(series)).toEqual([0, 1, 7, 8]);
    series.answer(7);
    await until(() => asked(series).length === 5);
    series.answer(8, 9);
    await Promise.all(again);
    const loaded = volume.load();
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    expect((await loaded).framesLoaded).toBe(40);
  });

  it('is over when the volume is removed', async () => {
    const series = newSeries({ count: 20, held: true });
    const sizeBefore = cache.getCacheSize();
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const all = runAll(volume);
    cache.removeVolumeLoadObject(volume.volumeId);
    await Promise.all(all);
    expect(asked(series)).toEqual([0, 1]);
    series.answer();
    await until(poolIsEmpty);
    expect(asked(series)).toEqual([0, 1]);
    expect(cache.getCacheSize()).toBe(sizeBefore);
  });

  it('goes on when a load beside it is cancelled by its own signal', async () => {
    const series = newSeries({ count: 8, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const controller = new AbortController();
    const loaded = volume.load(undefined, { signal: controller.signal });
    expect(asked(series)).toEqual([4, 5]);
    const all = runAll(volume);
    expect(asked(series)).toEqual([4, 5]);
    controller.abort(new Error('enough'));
    // The places are free within the abort.
    expect(asked(series)).toEqual([4, 5, 0, 1]);
    await expectAsync(loaded).toBeRejectedWithError('enough');
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    await Promise.all(all);
  });
});

import { cache, Enums, imageLoadPoolManager } from '@cornerstonejs/core';
import { isStreamingVolumeError, VOLUME_PROGRESS } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { eventsOf } from '../support/events.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { seededRandom } from '../support/seededRandom.js';
import { collectUnhandledRejections } from '../support/unhandledRejections.js';
import { until } from '../support/until.js';

const { Prefetch } = Enums.RequestType;

describe('What a load can be trusted with', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  /** Answers each request when it comes: with the image, or with what `fault` gives for it. */
  async function answerAll(
    volume: StreamingImageVolume,
    fault: (slice: number, asked: number) => unknown = () => undefined,
  ): Promise<void> {
    const answered = new Set<object>();
    const asked = new Map<number, number>();
    await until(() => {
      for (const request of series.requests.filter((each) => !answered.has(each))) {
        answered.add(request);
        const times = (asked.get(request.slice) ?? 0) + 1;
        asked.set(request.slice, times);
        const reason = fault(request.slice, times);
        if (reason === undefined) {
          request.resolve();
        } else {
          request.reject(reason);
        }
      }
      return volume.framesProcessed === series.imageIds.length;
    });
  }

  const slicesAsked = () => series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b);

  it('D2: each frame ends once, whatever its loader reports later', async () => {
    series = new SyntheticSeries({ count: 10, held: true });
    const volume = await createVolume(series.imageIds);
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const loaded = volume.load();
    await answerAll(volume, (slice) => (slice === 4 ? new Error('lost') : undefined));
    series.requests.forEach(({ reject, resolve }) => {
      reject(new Error('lost again'));
      resolve();
    });
    const { framesLoaded, failed } = await loaded;
    expect([framesLoaded, failed.length, volume.framesProcessed]).toEqual([9, 1, 10]);
    expect(completed.details.length).toBe(1);
  });

  it('D3, D4: a cancel leaves no request in the pool, and load goes on with what is missing', async () => {
    series = new SyntheticSeries({ count: 300, columns: 2, rows: 2, pixels: flat, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 6 });
    const loaded = volume.load();
    series.answer();
    await until(() => volume.framesLoaded >= 5);
    volume.cancelLoading();
    const asked = series.requests.length;
    const pooled = Object.values(imageLoadPoolManager.getRequestPool()[Prefetch]).flat();
    expect(pooled.filter(({ additionalDetails }) => isOf(volume, additionalDetails))).toEqual([]);
    await expectAsync(loaded).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
    expect(series.requests.length).toBe(asked);
    const kept = volume.frameStates.flatMap((state, slice) => (state === 'loaded' ? [slice] : []));
    expect(volume.frameStates.every((state) => state === 'loaded' || state === 'idle')).toBeTrue();
    const again = volume.load();
    await answerAll(volume);
    expect(await again).toEqual({ framesLoaded: 300, failed: [] });
    const resumed = series.requests.slice(asked).map(({ slice }) => slice);
    expect(resumed.length).toBe(300 - kept.length);
    expect(resumed.filter((slice) => kept.includes(slice))).toEqual([]);
    expect(volume.loadStatus.loaded).toBeTrue();
  });

  it('cancels with the reason of a signal', async () => {
    series = new SyntheticSeries({ count: 4, held: true });
    const volume = await createVolume(series.imageIds);
    const controller = new AbortController();
    const loaded = volume.load(undefined, { signal: controller.signal });
    const reason = new Error('the study was closed');
    controller.abort(reason);
    await expectAsync(loaded).toBeRejectedWith(reason);
    await expectAsync(volume.load(undefined, { signal: controller.signal })).toBeRejectedWith(
      reason,
    );
    expect(new Set(volume.frameStates)).toEqual(new Set(['idle']));
  });

  it('cancels with the signal of its creation, and loads no more', async () => {
    series = new SyntheticSeries({ count: 4, held: true });
    const controller = new AbortController();
    const volume = await createVolume(series.imageIds, { signal: controller.signal });
    const loaded = volume.load();
    const reason = new Error('the viewer was left');
    controller.abort(reason);
    await expectAsync(loaded).toBeRejectedWith(reason);
    await expectAsync(volume.load()).toBeRejectedWith(reason);
    await expectAsync(
      createVolume(series.imageIds, { signal: controller.signal }),
    ).toBeRejectedWith(reason);
    expect(series.requests.length).toBe(4);
  });

  it('D9: a volume that is removed while it is made is not made, and nothing is left', async () => {
    series = new SyntheticSeries({ count: 4 });
    const before = cache.getCacheSize();
    const unhandled = collectUnhandledRejections();
    const removed = newVolumeId();
    const made = createVolume(series.imageIds, { volumeId: removed });
    cache.removeVolumeLoadObject(removed);
    await expectAsync(made).toBeRejectedWith(
      jasmine.objectContaining({ code: 'volume-removed', volumeId: removed }),
    );
    const controller = new AbortController();
    const aborted = newVolumeId();
    const reason = new Error('too late');
    const given = createVolume(series.imageIds, { volumeId: aborted, signal: controller.signal });
    controller.abort(reason);
    await expectAsync(given).toBeRejectedWith(reason);
    expect([cache.getVolumeLoadObject(removed), cache.getVolumeLoadObject(aborted)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(cache.getCacheSize()).toBe(before);
    expect(await unhandled()).toEqual([]);
    const volume = await createVolume(series.imageIds, { volumeId: removed });
    expect((await volume.load()).framesLoaded).toBe(4);
  });

  it('forgets the signal of a load that is over', async () => {
    series = new SyntheticSeries({ count: 3 });
    const volume = await createVolume(series.imageIds);
    const controller = new AbortController();
    await volume.load(undefined, { signal: controller.signal });
    controller.abort();
    expect(volume.loadStatus).toEqual(jasmine.objectContaining({ loaded: true, cancelled: false }));
  });

  it('D14: a volume with failed frames is not loaded; they are listed and can be retried', async () => {
    series = new SyntheticSeries({ count: 6, held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    const gone = { status: 404 };
    await answerAll(volume, (slice) => (slice === 1 || slice === 5 ? gone : undefined));
    await loaded;
    expect(volume.loadStatus.loaded).toBeFalse();
    expect(
      volume.failedFrames.map(({ imageId, imageIdIndex, attempts, error }) => ({
        imageId,
        imageIdIndex,
        attempts,
        status: error.status,
      })),
    ).toEqual([
      { imageId: series.imageIds[1] as string, imageIdIndex: 1, attempts: 1, status: 404 },
      { imageId: series.imageIds[5] as string, imageIdIndex: 5, attempts: 1, status: 404 },
    ]);
    expect((await volume.load()).failed.length).toBe(2);
    expect(series.requests.length).toBe(6);
    const retried = volume.retryFailedFrames();
    await answerAll(volume);
    expect(await retried).toEqual({ framesLoaded: 6, failed: [] });
    expect(series.requests.slice(6).map(({ slice }) => slice)).toEqual([5, 1]);
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.failedFrames).toEqual([]);
  });

  it('retries frames that have failed after the load that is under way', async () => {
    series = new SyntheticSeries({ count: 6, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const loaded = volume.load();
    series.requests[0]?.reject({ status: 404 });
    await until(() => volume.failedFrames.length === 1);
    const retried = volume.retryFailedFrames();
    await until(() => {
      series.answer();
      return volume.framesLoaded === 6;
    });
    expect((await loaded).failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([3]);
    expect(await retried).toEqual({ framesLoaded: 6, failed: [] });
    expect(completed.details.length).toBe(2);
  });

  it('D15: a volume that cannot be made rejects once, and nothing else does', async () => {
    series = new SyntheticSeries({ count: 3 });
    const unhandled = collectUnhandledRejections();
    await expectAsync(createVolume([...series.imageIds, 'nobody:1'])).toBeRejected();
    const volume = await createVolume(series.imageIds);
    void volume.load();
    volume.cancelLoading();
    volume.removeFromCache();
    void volume.load();
    expect(await unhandled()).toEqual([]);
  });

  it('D19: no more frames are in flight than allowed, by the option and by the pool', async () => {
    series = new SyntheticSeries({ count: 40, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 50 });
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 2);
    const loaded = volume.load();
    let most = 0;
    const answered = new Set<object>();
    await until(() => {
      const open = series.requests.filter((request) => !answered.has(request));
      most = Math.max(most, open.length);
      open.forEach((request) => {
        answered.add(request);
        request.resolve();
      });
      return volume.framesLoaded === 40;
    });
    await loaded;
    expect(most).toBe(2);
  });

  it('tries again what passes: no network, a busy server, a slow one', async () => {
    series = new SyntheticSeries({ count: 8, held: true });
    const volume = await createVolume(series.imageIds, { retryDelayMs: 0, retries: 2 });
    const loaded = volume.load();
    const passing = [{ status: 0 }, { status: 429 }, { status: 503 }, { status: 408 }];
    await answerAll(volume, (slice, asked) =>
      asked < 3 ? passing[(slice + asked) % 4] : undefined,
    );
    expect(await loaded).toEqual({ framesLoaded: 8, failed: [] });
    expect(slicesAsked()).toEqual(Array.from({ length: 24 }, (_, i) => Math.floor(i / 3)));
    expect(volume.getScalarData()[3 * 15 + 2]).toBe(series.voxel(3, 2));
  });

  it('rejects what does not pass, at once, and what passes too slowly', async () => {
    series = new SyntheticSeries({ count: 6, held: true });
    const volume = await createVolume(series.imageIds, {
      retryDelayMs: 0,
      authRetryDelayMs: 0,
      retries: 2,
    });
    const loaded = volume.load();
    const faults = [
      { status: 401 },
      { status: 403 },
      { status: 404 },
      'undecodable',
      { status: 500 },
    ];
    await answerAll(volume, (slice) => faults[slice]);
    const { failed } = await loaded;
    expect(failed.map(({ attempts }) => attempts)).toEqual([3, 1, 1, 1, 3]);
    expect(failed.map(({ error }) => error.status)).toEqual([401, 403, 404, undefined, 500]);
  });

  it('1000 frames of which a fifth fail for a while, and five for good', async () => {
    const random = seededRandom(7);
    const isLost = (slice: number) => slice % 200 === 13;
    series = new SyntheticSeries({ count: 1000, columns: 2, rows: 2, pixels: flat, held: true });
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 50);
    const volume = await createVolume(series.imageIds, {
      retryDelayMs: 0,
      retries: 20,
      maxInFlight: 50,
    });
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const loaded = volume.load();
    await answerAll(volume, (slice) => {
      const passes = random() < 0.2 ? { status: 503 } : undefined;
      return isLost(slice) ? { status: 404 } : passes;
    });
    const { framesLoaded, failed } = await loaded;
    expect(framesLoaded).toBe(995);
    expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([13, 213, 413, 613, 813]);
    const voxels = volume.getScalarData();
    const wrong = Array.from({ length: 4000 }, (_, i) => i).filter((i) => {
      const slice = Math.floor(i / 4);
      return voxels[i] !== (isLost(slice) ? 0 : series.voxel(slice, i % 4));
    });
    expect(wrong).toEqual([]);
    expect(completed.details.length).toBe(1);
  });

  it('ends a request that hangs', async () => {
    series = new SyntheticSeries({ count: 3, held: true });
    const volume = await createVolume(series.imageIds, { frameTimeoutMs: 5000, retries: 0 });
    let time = performance.now();
    spyOn(performance, 'now').and.callFake(() => time);
    const pass = (ms: number): void => {
      time += ms;
      jasmine.clock().tick(ms);
    };
    jasmine.clock().install();
    const loaded = volume.load();
    series.answer(1);
    while (volume.framesLoaded === 0) {
      await Promise.resolve();
    }
    pass(4999);
    expect(volume.framesProcessed).toBe(1);
    pass(1);
    jasmine.clock().uninstall();
    const { failed } = await loaded;
    expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([0, 2]);
    expect(failed.every(({ error }) => isStreamingVolumeError(error, 'frame-timeout'))).toBeTrue();
  });

  it('says how far it is', async () => {
    series = new SyntheticSeries({ count: 4, held: true });
    const volume = await createVolume(series.imageIds, { renderIntervalMs: 0 });
    const events = eventsOf(VOLUME_PROGRESS);
    const nothing = {
      framesLoaded: 0,
      framesFailed: 0,
      framesAbsent: 0,
      framesTotal: 4,
      bytesReceived: 0,
      bytesPerSecond: 0,
      secondsLeft: undefined,
    };
    expect(volume.progress).toEqual(nothing);
    const loaded = volume.load();
    await answerAll(volume, (slice) => (slice === 3 ? { status: 404 } : undefined));
    await loaded;
    const done = { ...nothing, framesLoaded: 3, framesFailed: 1, secondsLeft: 0 };
    expect(volume.progress).toEqual(done);
    expect(events.details.at(-1)).toEqual({ volumeId: volume.volumeId, ...done });
  });
});

function flat(slice: number): Uint16Array {
  return Uint16Array.from({ length: 4 }, (_, i) => 4 * slice + i + 1);
}

function isOf(volume: StreamingImageVolume, details: unknown): boolean {
  return (details as { volumeId?: string } | undefined)?.volumeId === volume.volumeId;
}

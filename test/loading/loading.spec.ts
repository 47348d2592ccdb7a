import { cache, Enums, eventTarget, imageLoadPoolManager } from '@cornerstonejs/core';
import { StreamingImageVolume, isStreamingVolumeError } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { eventsOf } from '../support/events.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('Loading a volume', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startCornerstone();
  });

  /** Answers each request when it comes, until every frame has ended. */
  async function answerAll(volume: StreamingImageVolume): Promise<void> {
    await until(() => {
      series.answer();
      return volume.framesProcessed === series.imageIds.length;
    });
  }

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  it('gives a volume in one buffer before any frame is requested', async () => {
    series = new SyntheticSeries({ count: 4 });
    const volume = await createVolume(series.imageIds);
    expect(volume).toBeInstanceOf(StreamingImageVolume);
    expect(series.requests.length).toBe(0);
    expect(volume.getScalarData().length).toBe(5 * 3 * 4);
    const isShared = typeof SharedArrayBuffer === 'function';
    expect(isShared).toBe(karmaFixtures.isolated);
    expect(volume.getScalarData().buffer instanceof ArrayBuffer).toBe(!isShared);
    expect(volume.framesLoaded).toBe(0);
    expect(volume.loadStatus.loaded).toBeFalse();
  });

  it('holds every voxel at its place when the load resolves', async () => {
    series = new SyntheticSeries({ count: 4, intercept: () => -50 });
    const volume = await createVolume(series.imageIds.toReversed());
    const buffer = volume.getScalarData().buffer;
    const result = await volume.load();
    expect(result).toEqual({ framesLoaded: 4, failed: [] });
    expect(volume.getScalarData().buffer).toBe(buffer);
    expect(volume.getCompleteScalarDataArray()).toBe(volume.getScalarData());
    expect(volume.voxelManager?.getCompleteScalarDataArray?.()).toBe(volume.getScalarData());
    const expected = [0, 1, 2, 3].flatMap((slice) =>
      Array.from({ length: 15 }, (_, i) => series.voxel(slice, i)),
    );
    expect([...volume.getScalarData()]).toEqual(expected);
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.imageIds).toEqual(series.imageIds);
  });

  it('asks from the middle slice outwards and for no more at once than it may', async () => {
    series = new SyntheticSeries({ count: 6, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const loaded = volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([3, 4]);
    series.answer(4);
    await until(() => series.requests.length > 2);
    expect(series.requests.map(({ slice }) => slice)).toEqual([3, 4, 2]);
    await answerAll(volume);
    await loaded;
    expect(series.requests.map(({ slice }) => slice)).toEqual([3, 4, 2, 5, 1, 0]);
  });

  it('passes on what a loader needs to skip the Image', async () => {
    series = new SyntheticSeries({ count: 3, intercept: () => -7 });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const options = series.requests.find(({ slice }) => slice === 2)?.options ?? {};
    const target = options['targetBuffer'] as Record<string, unknown>;
    const expected: Record<string, unknown> = {
      type: 'Int16Array',
      offset: 2 * 15 * 2,
      length: 15,
      rows: 3,
      columns: 5,
      acceptsWider: true,
    };
    if (karmaFixtures.isolated) {
      expected['arrayBuffer'] = volume.getScalarData().buffer;
    }
    expect(target).toEqual(expected);
    expect(options['skipCreateImage']).toBeTrue();
    expect(options['preScale']).toEqual({
      enabled: true,
      scalingParameters: { modality: 'CT', rescaleSlope: 1, rescaleIntercept: -7 },
    });
  });

  it('joins calls of load and calls each callback once', async () => {
    series = new SyntheticSeries({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    const callbacks = [jasmine.createSpy('first'), jasmine.createSpy('second')];
    const promises = callbacks.map((callback) => volume.load(callback));
    expect(promises[0]).toBe(promises[1] as Promise<never>);
    series.answer();
    await promises[0];
    const late = jasmine.createSpy('late');
    await volume.load(late);
    for (const callback of [...callbacks, late]) {
      expect(callback).toHaveBeenCalledOnceWith({
        success: true,
        framesLoaded: 3,
        framesProcessed: 3,
        numFrames: 3,
        totalNumFrames: 3,
      });
    }
    expect(series.requests.length).toBe(3);
  });

  it('tells of modified frames, and once that the load is complete', async () => {
    series = new SyntheticSeries({ count: 3 });
    const volume = await createVolume(series.imageIds);
    const modified = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    await volume.load();
    await volume.load();
    const { FrameOfReferenceUID } = volume.metadata;
    expect(completed.details).toEqual([{ volumeId: volume.volumeId, FrameOfReferenceUID }]);
    expect(modified.details.at(-1)).toEqual({
      volumeId: volume.volumeId,
      FrameOfReferenceUID,
      numberOfFrames: 3,
      framesProcessed: 3,
    });
  });

  it('ends with requests that a load strategy runs by itself, in any order', async () => {
    series = new SyntheticSeries({ count: 5, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 1 });
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const requests = volume
      .getImageLoadRequests(3)
      .toSorted((a, b) => a.imageIdIndex - b.imageIdIndex);
    for (const { imageId, imageIdIndex, options, additionalDetails, priority } of requests) {
      expect(imageId).toBe(volume.imageIds[imageIdIndex] as string);
      expect(options.additionalDetails).toEqual({
        imageId,
        imageIdIndex,
        volumeId: volume.volumeId,
      });
      expect([additionalDetails.volumeId, priority]).toEqual([volume.volumeId, 3]);
    }
    const run = (index: number): Promise<void> => {
      const { callLoadImage, imageId, imageIdIndex, options } = requests[
        index
      ] as (typeof requests)[0];
      return callLoadImage(imageId, imageIdIndex, options);
    };
    // Only some of them, from the end, beside a load that was begun.
    const loaded = volume.load();
    const some = [run(4), run(0)];
    expect(volume.load()).toBe(loaded);
    await until(() => {
      series.answer();
      return volume.framesLoaded === 5;
    });
    await Promise.all(some);
    expect(await loaded).toEqual({ framesLoaded: 5, failed: [] });
    expect(series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(completed.details.length).toBe(1);
  });

  it('is complete when a load strategy has run all requests, without a load', async () => {
    series = new SyntheticSeries({ count: 3 });
    const volume = await createVolume(series.imageIds);
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    for (const { callLoadImage, imageId, imageIdIndex } of volume
      .getImageLoadRequests(5)
      .reverse()) {
      await callLoadImage(imageId, imageIdIndex);
    }
    expect(completed.details.length).toBe(1);
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(await volume.load()).toEqual({ framesLoaded: 3, failed: [] });
    expect(series.requests.length).toBe(3);
    expect(completed.details.length).toBe(1);
  });

  it('D5: tells which frame failed, and goes on with the others', async () => {
    series = new SyntheticSeries({ count: 4, held: true });
    const volume = await createVolume(series.imageIds);
    const errors = eventsOf(Enums.Events.IMAGE_LOAD_ERROR);
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const loaded = volume.load();
    const cause = new Error('no such frame');
    series.requests.find(({ slice }) => slice === 1)?.reject(cause);
    series.answer();
    const { framesLoaded, failed } = await loaded;
    expect(framesLoaded).toBe(3);
    expect(failed.length).toBe(1);
    const [frame] = failed;
    expect(frame?.imageId).toBe(series.imageIds[1] as string);
    expect(frame?.imageIdIndex).toBe(1);
    expect(isStreamingVolumeError(frame?.error, 'frame-fetch')).toBeTrue();
    expect(frame?.error.cause).toBe(cause);
    expect(errors.details).toEqual([
      { error: frame?.error, imageId: series.imageIds[1], imageIdIndex: 1 },
    ]);
    expect(completed.details.length).toBe(1);
    expect(volume.loadStatus.loaded).toBeFalse();
    expect(volume.framesProcessed).toBe(4);
  });

  it('D11: leaves no listener behind, also for frames that fail', async () => {
    const added = spyOn(eventTarget, 'addEventListener').and.callThrough();
    const removed = spyOn(eventTarget, 'removeEventListener').and.callThrough();
    series = new SyntheticSeries({ count: 20, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 20 });
    imageLoadPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Prefetch, 20);
    const loaded = volume.load();
    series.requests
      .filter(({ slice }) => slice % 2 === 0)
      .forEach(({ reject }) => {
        reject(new Error('lost'));
      });
    series.answer();
    await loaded;
    expect(volume.framesProcessed).toBe(20);
    expect(added.calls.count()).toBe(removed.calls.count());
  });

  it('cancels: rejects, asks for nothing more, keeps what is there, and goes on when asked', async () => {
    series = new SyntheticSeries({ count: 6, held: true });
    const volume = await createVolume(series.imageIds, { maxInFlight: 2 });
    const loaded = volume.load();
    series.answer(3);
    await until(() => volume.framesLoaded === 1);
    volume.cancelLoading();
    series.requests.forEach(({ reject }) => {
      reject(new Error('aborted'));
    });
    await expectAsync(loaded).toBeRejectedWith(
      jasmine.objectContaining({ name: 'AbortError' }) as unknown,
    );
    expect(volume.loadStatus).toEqual(
      jasmine.objectContaining({ loaded: false, loading: false, cancelled: true }),
    );
    const asked = series.requests.length;
    const again = volume.load();
    await answerAll(volume);
    expect(await again).toEqual({ framesLoaded: 6, failed: [] });
    const resumed = series.requests.slice(asked).map(({ slice }) => slice);
    expect(resumed.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 4, 5]);
    expect(volume.loadStatus.cancelled).toBeFalse();
  });

  it('gives back its memory and rejects the load when it is removed from the cache', async () => {
    const before = cache.getCacheSize();
    series = new SyntheticSeries({ count: 4, held: true });
    const volume = await createVolume(series.imageIds);
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
    const loaded = volume.load();
    series.answer(2);
    await until(() => cache.isLoaded(series.imageIds[2] as string));
    cache.removeVolumeLoadObject(volume.volumeId);
    series.answer();
    await expectAsync(loaded).toBeRejectedWith(
      jasmine.objectContaining({ name: 'AbortError' }) as unknown,
    );
    expect(cache.getCacheSize()).toBe(before);
    expect(series.imageIds.map((imageId) => cache.getImageLoadObject(imageId))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

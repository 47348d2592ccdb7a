import { cache, imageLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { createVolumeFromImages } from '../../../src/index.js';
import type { StreamingImageVolume } from '../../../src/index.js';
import { newVolumeId } from '../../support/cornerstone.js';
import { createVolume } from '../../support/createVolume.js';
import type { SyntheticSeries } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const COUNT = 12;
/** Time in ms that one frame takes on the clock of the spec. */
const MS_PER_FRAME = 5;
/** 8 ms are over after so many. */
const MOST_AT_ONCE = 2;

describe('A load of many frames that are in the image cache', () => {
  const newSeries = useSyntheticSeries();
  let series: SyntheticSeries;
  let now: number;

  beforeEach(() => {
    now = 1000;
  });

  /** Images of which each takes some time to copy, by a clock that the spec moves. */
  async function cacheImages(): Promise<void> {
    series = newSeries({ count: COUNT, columns: 512, rows: 256 });
    await Promise.all(series.imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
    series.requests.length = 0;
    spyOn(performance, 'now').and.callFake(() => now);
    for (const imageId of series.imageIds) {
      const image = cache.getImage(imageId) as Types.IImage;
      const pixels = image.getPixelData();
      Object.assign(image, {
        voxelManager: undefined,
        getPixelData: () => {
          now += MS_PER_FRAME;
          return pixels;
        },
      });
    }
  }

  /** The frames that are loaded at the end of each task until all are. */
  async function framesAfterTasks(volume: StreamingImageVolume): Promise<number[]> {
    const frames = [volume.framesLoaded];
    while (volume.framesLoaded < COUNT) {
      await nextTask();
      frames.push(volume.framesLoaded);
    }
    return frames;
  }

  function mostAtOnce(frames: readonly number[]): number {
    return Math.max(...frames.map((count, task) => count - (frames[task - 1] ?? 0)));
  }

  it('lets the page draw every 8 ms, and resolves with all of them', async () => {
    await cacheImages();
    const volume = await createVolume(series.imageIds);
    const callback = jasmine.createSpy('callback');
    const loaded = volume.load(callback);
    expect(volume.loadStatus.loading).toBeTrue();
    const frames = await framesAfterTasks(volume);
    expect(mostAtOnce(frames)).toBeLessThanOrEqual(MOST_AT_ONCE);
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
    expect(callback).toHaveBeenCalledTimes(1);
    expect(series.requests.length).toBe(0);
    expect(volume.getScalarData()[512 * 256 * (COUNT - 1)]).toBe(series.voxel(COUNT - 1, 0));
  });

  it('requests the frames that are not there when it has taken the others', async () => {
    await cacheImages();
    cache.removeImageLoadObject(series.imageIds[3] as string);
    const volume = await createVolume(series.imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: COUNT, failed: [] });
    expect(series.requests.map(({ slice }) => slice)).toEqual([3]);
  });

  it('is joined by a second load meanwhile', async () => {
    await cacheImages();
    const volume = await createVolume(series.imageIds);
    const callbacks = [jasmine.createSpy('first'), jasmine.createSpy('second')];
    const [first, second] = callbacks.map((callback) => volume.load(callback));
    expect(second).toBe(first as never);
    expect(await second).toEqual({ framesLoaded: COUNT, failed: [] });
    callbacks.forEach((callback) => {
      expect(callback).toHaveBeenCalledTimes(1);
    });
  });

  it('can be cancelled meanwhile, and goes on when it is asked again', async () => {
    await cacheImages();
    const volume = await createVolume(series.imageIds);
    const callback = jasmine.createSpy('callback');
    const loaded = volume.load(callback);
    volume.cancelLoading();
    expect(volume.loadStatus.cancelled).toBeTrue();
    await expectAsync(loaded).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
    const taken = volume.framesLoaded;
    expect(taken).toBeLessThanOrEqual(MOST_AT_ONCE);
    await nextTask();
    await nextTask();
    expect(volume.framesLoaded).toBe(taken);
    expect(await volume.load()).toEqual({ framesLoaded: COUNT, failed: [] });
    expect(callback).not.toHaveBeenCalled();
    expect(series.requests.length).toBe(0);
  });

  it('is cancelled by its signal meanwhile', async () => {
    await cacheImages();
    const volume = await createVolume(series.imageIds);
    const controller = new AbortController();
    const loaded = volume.load(undefined, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expectAsync(loaded).toBeRejectedWith(reason);
    expect(volume.framesLoaded).toBeLessThanOrEqual(MOST_AT_ONCE);
  });

  it('is over when the volume is removed meanwhile', async () => {
    await cacheImages();
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    cache.removeVolumeLoadObject(volume.volumeId);
    const before = cache.getCacheSize();
    await expectAsync(loaded).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
    await nextTask();
    await nextTask();
    expect(cache.getCacheSize()).toBe(before);
    expect(series.requests.length).toBe(0);
  });

  it('lets failed frames be retried meanwhile, after it', async () => {
    await cacheImages();
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    const retried = volume.retryFailedFrames();
    expect(await retried).toEqual({ framesLoaded: COUNT, failed: [] });
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
  });

  it('leaves a frame that a viewport asks for meanwhile to that request', async () => {
    await cacheImages();
    const last = series.imageIds[COUNT - 1] as string;
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    const { promise } = volume.getImageLoadObject(COUNT - 1);
    expect((await promise).imageId).toBe(last);
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
  });

  it('lets the page draw also where the volume is made of the Images', async () => {
    await cacheImages();
    const volumeId = newVolumeId();
    const making = createVolumeFromImages(volumeId, series.imageIds);
    await until(() => cache.getVolume(volumeId) !== undefined);
    let tasks = 0;
    let isMade = false;
    void making.then(() => {
      isMade = true;
    });
    while (!isMade) {
      await nextTask();
      tasks += 1;
    }
    // Each Image is read once, and two fit into 8 ms.
    expect(tasks).toBeGreaterThan(COUNT / MOST_AT_ONCE - 2);
    expect((await making).framesLoaded).toBe(COUNT);
  });

  it('gives no volume that was removed while it was made of the Images', async () => {
    await cacheImages();
    const volumeId = newVolumeId();
    const making = createVolumeFromImages(volumeId, series.imageIds);
    making.catch(() => undefined);
    await until(() => cache.getVolume(volumeId) !== undefined);
    cache.removeVolumeLoadObject(volumeId);
    await expectAsync(making).toBeRejectedWith(
      jasmine.objectContaining({ code: 'volume-removed' }),
    );
  });
});

/** A message, as the loader's own pauses are. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

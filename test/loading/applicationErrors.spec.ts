import { cache, Enums, eventTarget } from '@cornerstonejs/core';
import type { FrameOrder, StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { eventsOf } from '../support/events.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

const { IMAGE_LOAD_ERROR, IMAGE_VOLUME_LOADING_COMPLETED, IMAGE_VOLUME_MODIFIED } = Enums.Events;

describe('A4: an error that the application throws when it is called', () => {
  const newSeries = useSyntheticSeries();
  const broken = new Error('broken callback');

  /** The errors that reach the page as uncaught ones meanwhile. */
  async function uncaughtDuring(run: () => Promise<void>): Promise<unknown[]> {
    const errors: unknown[] = [];
    await jasmine.spyOnGlobalErrorsAsync(async (globalErrors) => {
      await run();
      // Reported at the latest in the task after that of the call.
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      errors.push(...globalErrors.calls.allArgs().map(([error]) => error as unknown));
    });
    return errors;
  }

  const throwing = (): never => {
    throw broken;
  };

  it('in a callback of load neither rejects the load nor keeps others from being called', async () => {
    const series = newSeries({ count: 3 });
    const volume = await createVolume(series.imageIds);
    const completed = eventsOf(IMAGE_VOLUME_LOADING_COMPLETED);
    const later = jasmine.createSpy('later');
    const uncaught = await uncaughtDuring(async () => {
      const loaded = volume.load(throwing);
      void volume.load(later);
      expect(await loaded).toEqual({ framesLoaded: 3, failed: [] });
    });
    expect(later).toHaveBeenCalledOnceWith(jasmine.objectContaining({ success: true }));
    expect(completed.details.length).toBe(1);
    expect(uncaught).toEqual([broken]);
    expect(volume.loadStatus.loading).toBeFalse();
  });

  it('in a callback of a load that finds every frame loaded is no error of the load', async () => {
    const series = newSeries({ count: 3 });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const uncaught = await uncaughtDuring(async () => {
      let loaded: Promise<unknown> = Promise.reject(new Error('load threw'));
      loaded.catch(() => undefined);
      expect(() => {
        loaded = volume.load(throwing);
      }).not.toThrow();
      await expectAsync(loaded).toBeResolvedTo({ framesLoaded: 3, failed: [] });
    });
    expect(uncaught).toEqual([broken]);
  });

  it('in a callback after a frame that failed is no error of the load either', async () => {
    const series = newSeries({ count: 3, held: true });
    const volume = await createVolume(series.imageIds, { retries: 0 });
    const uncaught = await uncaughtDuring(async () => {
      const loaded = volume.load(throwing);
      series.requests[0]?.reject(new Error('gone'));
      series.answer();
      expect((await loaded).failed.length).toBe(1);
    });
    expect(uncaught).toEqual([broken]);
  });

  for (const [what, frameOrder] of [
    ['throws', throwing],
    ['gives no list', () => undefined as never],
  ] as [string, FrameOrder][]) {
    it(`in a frameOrder that ${what} leaves the frames to the default order`, async () => {
      const series = newSeries({ count: 5 });
      const volume = await createVolume(series.imageIds, { frameOrder, maxInFlight: 1 });
      const uncaught = await uncaughtDuring(async () => {
        expect(await volume.load()).toEqual({ framesLoaded: 5, failed: [] });
      });
      expect(series.requests.map(({ slice }) => slice)).toEqual([2, 3, 1, 4, 0]);
      expect(uncaught.length).toBe(1);
    });
  }

  it('in an Image in the cache lets the frame be requested', async () => {
    const series = newSeries({ count: 2 });
    cache.putImageSync(series.imageIds[1] as string, {
      ...series.image(1),
      voxelManager: undefined,
      getPixelData: throwing,
    });
    const volume = await createVolume(series.imageIds);
    const uncaught = await uncaughtDuring(async () => {
      expect(await volume.load()).toEqual({ framesLoaded: 2, failed: [] });
    });
    expect(new Set(series.requests.map(({ slice }) => slice))).toEqual(new Set([0, 1]));
    expect(new Set(uncaught)).toEqual(new Set([broken]));
  });

  it('in the cache entry of an Image that has given way keeps nothing of the volume', async () => {
    const series = newSeries({ count: 2 });
    for (const [slice, imageId] of series.imageIds.entries()) {
      const promise = Promise.resolve(series.image(slice));
      await cache.putImageLoadObject(imageId, { promise, decache: throwing });
    }
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const uncaught = await uncaughtDuring(async () => {
      cache.removeVolumeLoadObject(volume.volumeId);
      await Promise.resolve();
    });
    expect(series.imageIds.filter((imageId) => cache.getImageLoadObject(imageId))).toEqual([]);
    expect(uncaught).toEqual([broken, broken]);
  });

  it('in a listener of an event of the load is no error of the load', async () => {
    const types = [IMAGE_LOAD_ERROR, IMAGE_VOLUME_LOADING_COMPLETED, IMAGE_VOLUME_MODIFIED];
    const dispatch = eventTarget.dispatchEvent.bind(eventTarget);
    // As an event target does that leaves the errors of its listeners to the caller.
    spyOn(eventTarget, 'dispatchEvent').and.callFake((event: Event) => {
      if ((types as string[]).includes(event.type)) {
        throw broken;
      }
      return dispatch(event);
    });
    const series = newSeries({ count: 3, held: true });
    const volume: StreamingImageVolume = await createVolume(series.imageIds, { retries: 0 });
    const uncaught = await uncaughtDuring(async () => {
      const loaded = volume.load();
      series.requests[0]?.reject(new Error('gone'));
      series.answer();
      expect((await loaded).framesLoaded).toBe(2);
    });
    expect(uncaught.length).toBeGreaterThan(2);
    expect(new Set(uncaught)).toEqual(new Set([broken]));
  });
});

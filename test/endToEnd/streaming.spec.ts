import { cache, Enums, imageLoader } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import type { DicomWebSeries } from '../support/dicomWebSeries.js';
import { eventsOf } from '../support/events.js';
import {
  frameRequests,
  releaseAnswers,
  resetServer,
  setFaults,
  untilFrameRequests,
} from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { until } from '../support/until.js';

const FORMAT = 'ct-uint12';
const SLICES = 24;
const HELD = { match: '/frames/', hold: true } as const;

describe('Streaming from a server whose answers come when the spec says so', () => {
  let series: DicomWebSeries;

  beforeEach(async () => {
    startCornerstone();
    series = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string);
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  /** As many frames as are asked for, which the server makes of those that it has. */
  function manyFrames(count: number): string[] {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = (series.instances[0]?.['00200037']?.Value ??
      []) as number[];
    const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
    return Array.from({ length: count }, (_, place) => {
      const index = place % SLICES;
      const imageId = `${series.imageIds[index]}?copy=${place}`;
      const instance = {
        ...series.instances[index],
        '00200032': { vr: 'DS', Value: normal.map((cosine) => 2 * place * cosine) },
      };
      wadors.metaDataManager.add(imageId, instance);
      return imageId;
    });
  }

  /** The part of a URL that no other frame has. */
  function pathOf(volume: StreamingImageVolume, slice: number): string {
    return new URL((volume.imageIds[slice] as string).slice('wadors:'.length)).pathname;
  }

  /** The slices that were asked for, in order. */
  async function slicesAsked(volume: StreamingImageVolume): Promise<number[]> {
    const slices = new Map(volume.imageIds.map((_, slice) => [pathOf(volume, slice), slice]));
    return (await frameRequests()).map(({ path }) => slices.get(path) as number);
  }

  const untilAsked = (count: number) => untilFrameRequests(({ length }) => length === count);

  it('takes one step with each answer: good ones, passing faults and final ones', async () => {
    const volume = await createVolume(series.imageIds, {
      maxInFlight: 1,
      retries: 1,
      retryDelayMs: 0,
      renderIntervalMs: 0,
    });
    const errors = eventsOf(Enums.Events.IMAGE_LOAD_ERROR);
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const fault = (slice: number, what: object) => ({
      match: pathOf(volume, slice).replaceAll('.', '\\.'),
      hold: true,
      times: 1,
      ...what,
    });
    await setFaults([
      fault(13, { status: 500 }),
      fault(11, { status: 404 }),
      fault(14, { body: 'cut' }),
      fault(10, { body: 'truncate' }),
      fault(15, { status: 429 }),
      fault(15, { status: 429 }),
      HELD,
    ]);
    const states = () => [10, 11, 12, 13, 14, 15].map((slice) => volume.frameStates[slice]);
    let asked = 0;
    /** Answers what is in flight, and waits until the next request is there. */
    const step = async (): Promise<void> => {
      expect(await releaseAnswers()).toBe(1);
      asked += 1;
      await untilAsked(asked + 1);
    };

    const loaded = volume.load();
    await untilAsked(1);
    expect(states()).toEqual(['queued', 'queued', 'loading', 'queued', 'queued', 'queued']);
    await step();
    expect(states()).toEqual(['queued', 'queued', 'loaded', 'loading', 'queued', 'queued']);
    await step();
    expect(states()).toEqual(['queued', 'queued', 'loaded', 'loading', 'queued', 'queued']);
    await step();
    expect(states()).toEqual(['queued', 'loading', 'loaded', 'loaded', 'queued', 'queued']);
    await step();
    expect(states()).toEqual(['queued', 'failed', 'loaded', 'loaded', 'loading', 'queued']);
    expect(errors.details.length).toBe(1);
    await step();
    await step();
    expect(states()).toEqual(['loading', 'failed', 'loaded', 'loaded', 'loaded', 'queued']);
    await step();
    expect(states()).toEqual(['failed', 'failed', 'loaded', 'loaded', 'loaded', 'loading']);
    await step();
    await step();
    expect(states()).toEqual(['failed', 'failed', 'loaded', 'loaded', 'loaded', 'failed']);
    expect(await slicesAsked(volume)).toEqual([12, 13, 13, 11, 14, 14, 10, 15, 15, 9]);
    expect(completed.details.length).toBe(0);

    await setFaults([]);
    await releaseAnswers();
    const { framesLoaded, failed } = await loaded;
    expect(framesLoaded).toBe(SLICES - 3);
    expect(
      failed.map(({ imageIdIndex, attempts, error }) => [imageIdIndex, attempts, error.status]),
    ).toEqual([
      [10, 1, undefined],
      [11, 1, 404],
      [15, 2, 429],
    ]);
    expect(errors.details.length).toBe(3);
    expect(completed.details.length).toBe(1);

    expect((await volume.retryFailedFrames()).failed).toEqual([]);
    expect((await slicesAsked(volume)).slice(-3)).toEqual([11, 10, 15]);
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
  });

  it('D4: sends nothing after a cancel with 300 frames queued, and later only what is missing', async () => {
    const volume = await createVolume(manyFrames(300), { maxInFlight: 4 });
    await setFaults([{ ...HELD, match: 'copy=150$' }]);
    const cancelled = volume.load();
    await until(() => volume.framesLoaded >= 20);
    await setFaults([HELD]);
    // The pool asks for no more once all places in flight are held.
    const before = await untilFrameRequests(
      (requests) => requests.filter(({ endedAt }) => endedAt === null).length === 4,
    );
    volume.cancelLoading();
    await expectAsync(cancelled).toBeRejected();
    const after = await untilFrameRequests((requests) =>
      requests.every(({ endedAt }) => endedAt !== null),
    );
    expect(after.length).toBe(before.length);
    expect(after.filter(({ aborted }) => aborted).length).toBe(4);
    const { framesLoaded } = volume;
    expect(framesLoaded).toBe(before.length - 4);
    expect(volume.frameStates.filter((state) => state === 'idle').length).toBe(300 - framesLoaded);

    await resetServer();
    expect((await volume.load()).framesLoaded).toBe(300);
    expect((await frameRequests()).length).toBe(300 - framesLoaded);
  });

  it('fetches a frame once for two volumes, and aborts it when both have given up', async () => {
    const [first, second] = [
      await createVolume(series.imageIds, { maxInFlight: 3 }),
      await createVolume(series.imageIds, { maxInFlight: 3 }),
    ];
    await setFaults([HELD]);
    const loads = [first.load(), second.load()];
    await untilAsked(3);
    first.cancelLoading();
    await expectAsync(loads[0] as Promise<unknown>).toBeRejected();
    await setFaults([]);
    expect((await frameRequests()).some(({ aborted }) => aborted)).toBeFalse();
    await releaseAnswers();
    await loads[1];
    expect(firstWrongVoxel(second, FORMAT)).toBe('none');
    expect((await frameRequests()).length).toBe(SLICES);

    cache.removeVolumeLoadObject(first.volumeId);
    cache.removeVolumeLoadObject(second.volumeId);
    const third = await createVolume(series.imageIds.slice(0, 4));
    const last = await createVolume(series.imageIds.slice(0, 4));
    await resetServer();
    await setFaults([HELD]);
    const given = [third.load(), last.load()];
    await untilAsked(4);
    third.cancelLoading();
    last.cancelLoading();
    await Promise.allSettled(given);
    const ended = await untilFrameRequests((requests) =>
      requests.every(({ endedAt }) => endedAt !== null),
    );
    expect(ended.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });

  it('loads two volumes of the same frames with one request each', async () => {
    const [first, second] = [
      await createVolume(series.imageIds, { maxInFlight: 3 }),
      await createVolume(series.imageIds, { maxInFlight: 3 }),
    ];
    await Promise.all([first.load(), second.load()]);
    expect((await frameRequests()).length).toBe(SLICES);
    expect(firstWrongVoxel(first, FORMAT)).toBe('none');
    expect(firstWrongVoxel(second, FORMAT)).toBe('none');
  });

  it('takes a frame that somebody else has asked for already', async () => {
    await setFaults([HELD]);
    const imageId = series.imageIds[3] as string;
    const image = imageLoader.loadAndCacheImage(imageId);
    await untilAsked(1);
    const volume = await createVolume(series.imageIds, {
      maxInFlight: 2,
      frameOrder: () => [3, 4],
    });
    const loaded = volume.load();
    await untilAsked(2);
    await setFaults([]);
    expect(await releaseAnswers()).toBe(2);
    expect((await loaded).failed).toEqual([]);
    await image;
    expect((await frameRequests()).length).toBe(SLICES);
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
  });
});

import {
  cache,
  convertMapperToNotSharedMapper,
  eventTarget,
  imageLoader,
  utilities,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import {
  createVolumeFromImages,
  prefetchVolume,
  VOLUME_WIDENED,
  withSkipCreateImage,
} from '../../src/index.js';
import type { StreamingImageVolume, VolumeWidened } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId } from '../support/cornerstone.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import type { SyntheticRequest, SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

const COUNT = 5;
const SLICE = 15;
const VALUES = COUNT * SLICE;

/** Stored values that fit Int16Array with an intercept of -1024, but for those of some slices. */
const pixelsBut =
  (...misfits: readonly number[]) =>
  (slice: number): Uint16Array =>
    Uint16Array.from({ length: SLICE }, (_, i) =>
      misfits.includes(slice) && i === 7 ? 60000 + slice : 100 * slice + i,
    );

/** Lets the browser have no memory for the wider array. @returns gives it back */
function refuseMemory(...names: readonly ('ArrayBuffer' | 'SharedArrayBuffer')[]): () => void {
  const buffers = names
    .filter((name) => name in globalThis)
    .map((name) => [name, globalThis[name]] as const);
  for (const [name, Buffer] of buffers) {
    const Failing = function (length: number): unknown {
      if (length === VALUES * 4) {
        throw new RangeError('Array buffer allocation failed');
      }
      return new Buffer(length);
    };
    Failing.prototype = Buffer.prototype;
    Object.assign(globalThis, { [name]: Failing });
  }
  return () => {
    Object.assign(globalThis, Object.fromEntries(buffers));
  };
}

describe('A volume that widens', () => {
  const newSeries = useSyntheticSeries();
  let series: SyntheticSeries;
  let widened: VolumeWidened[];
  const onWidened = ((event: CustomEvent<VolumeWidened>): void => {
    widened.push(event.detail);
  }) as EventListener;

  beforeEach(() => {
    widened = [];
    eventTarget.addEventListener(VOLUME_WIDENED, onWidened);
  });

  afterEach(() => {
    eventTarget.removeEventListener(VOLUME_WIDENED, onWidened);
  });

  function start(options: Parameters<typeof newSeries>[0] | Record<string, unknown>): void {
    series = newSeries({ count: COUNT, intercept: () => -1024, ...options });
  }

  function expectVoxels(volume: StreamingImageVolume, slices = [...Array(COUNT).keys()]): void {
    for (const slice of slices) {
      const expected = Array.from({ length: SLICE }, (_, i) => series.voxel(slice, i));
      expect([...volume.getScalarData().subarray(slice * SLICE, (slice + 1) * SLICE)]).toEqual(
        expected,
      );
    }
  }

  const types = (): string[] => widened.map(({ from, to }) => `${from} to ${to}`);

  it('keeps what was there, and loses nothing of what is in flight', async () => {
    start({ pixels: pixelsBut(2), held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    series.answer(0, 1);
    await until(() => volume.framesLoaded === 2);
    const former = volume.getScalarData();
    const copy = [...former];
    series.answer(2);
    await until(() => volume.framesLoaded === 3);
    expect(volume.getScalarData()).toBeInstanceOf(Float32Array);
    expectVoxels(volume, [0, 1, 2]);
    series.answer();
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
    expectVoxels(volume);
    expect([...former]).toEqual(copy);
    expect(types()).toEqual(['Int16Array to Float32Array']);
    expect(series.requests.length).toBe(COUNT);
    expect(volume.voxelManager?.getRange()).toEqual([-1024, 60002 - 1024]);
  });

  it('widens once for two frames that come together', async () => {
    start({ pixels: pixelsBut(1, 3), held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    series.answer(1, 3);
    await until(() => volume.framesLoaded === 2);
    series.answer();
    await loaded;
    expectVoxels(volume);
    expect(widened.length).toBe(1);
  });

  it('widens again where the wider type is not wide enough', async () => {
    // 1000 to 1200 are said, of which an intercept of -1024 makes -24 to 176; the truth is larger.
    start({
      extremes: () => [1024, 1200],
      held: true,
      pixels: (slice: number) =>
        Uint16Array.from({ length: SLICE }, (_, i) => [1030, 1900, 0, 50000, 1100][slice] ?? i),
    });
    const volume = await createVolume(series.imageIds);
    expect(volume.getScalarData()).toBeInstanceOf(Uint8Array);
    void volume.load();
    for (const [slice, Type] of [
      [0, Uint8Array],
      [1, Uint16Array],
      [2, Int16Array],
      [3, Float32Array],
      [4, Float32Array],
    ] as const) {
      series.answer(slice);
      await until(() => volume.framesLoaded === slice + 1);
      expect(volume.getScalarData()).toBeInstanceOf(Type);
      expectVoxels(volume, [...Array(slice + 1).keys()]);
    }
    expect(types()).toEqual([
      'Uint8Array to Uint16Array',
      'Uint16Array to Int16Array',
      'Int16Array to Float32Array',
    ]);
  });

  it('keeps both negative values and those above 32767', async () => {
    start({
      extremes: () => [30000, 50000],
      held: true,
      pixels: (slice: number) =>
        Uint16Array.from({ length: SLICE }, (_, i) => (slice === 4 ? i : 50000)),
    });
    const volume = await createVolume(series.imageIds);
    expect(volume.getScalarData()).toBeInstanceOf(Uint16Array);
    void volume.load();
    series.answer(0);
    await until(() => volume.framesLoaded === 1);
    series.answer();
    await until(() => volume.framesLoaded === COUNT);
    expectVoxels(volume);
    expect(types()).toEqual(['Uint16Array to Float32Array']);
  });

  it('takes fractions and what is not a number, which no integer type holds', async () => {
    start({
      pixels: (slice: number) =>
        Float32Array.from({ length: SLICE }, (_, i) =>
          slice === 1 ? ([0.5, NaN][i % 2] ?? 0) : i,
        ),
    });
    const volume = await createVolume(series.imageIds);
    expect((await volume.load()).failed).toEqual([]);
    expectVoxels(volume);
    expect(volume.getScalarData()).toBeInstanceOf(Float32Array);
  });

  it('is refused what the headers rule out, as before', async () => {
    start({ bitsStored: 12, pixels: pixelsBut(2) });
    const volume = await createVolume(series.imageIds);
    const { failed } = await volume.load();
    expect(failed.map(({ error, imageIdIndex }) => [error.code, imageIdIndex])).toEqual([
      ['value-out-of-range', 2],
    ]);
    expect(volume.getScalarData()).toBeInstanceOf(Int16Array);
    expect(widened).toEqual([]);
  });

  it('fails that frame where the cache has no room, keeps the others, and takes it later', async () => {
    start({ pixels: pixelsBut(2) });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    cache.setMaxCacheSize(before + VALUES * 2 + VALUES * 2 - 1);
    const former = volume.getScalarData();
    const { framesLoaded, failed } = await volume.load();
    expect(framesLoaded).toBe(COUNT - 1);
    expect(failed.map(({ error, imageIdIndex }) => [error.code, imageIdIndex])).toEqual([
      ['cache-size-exceeded', 2],
    ]);
    expect(failed[0]?.error.imageIds).toEqual([series.imageIds[2] as string]);
    expect(failed[0]?.error.message).toContain(series.imageIds[2]);
    expect(volume.getScalarData()).toBe(former);
    expectVoxels(volume, [0, 1, 3, 4]);
    expect(cache.getCacheSize()).toBe(before + VALUES * 2);
    expect(widened).toEqual([]);
    cache.setMaxCacheSize(before + VALUES * 4);
    expect((await volume.retryFailedFrames()).failed).toEqual([]);
    expectVoxels(volume);
    expect(cache.getCacheSize()).toBe(before + VALUES * 4);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('fails that frame where the browser has no memory, and counts for no more then', async () => {
    start({ pixels: pixelsBut(2) });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    const giveBack = refuseMemory('SharedArrayBuffer', 'ArrayBuffer');
    try {
      const { failed } = await volume.load();
      expect(failed.map(({ error }) => error.code)).toEqual(['allocation-failed']);
    } finally {
      giveBack();
    }
    expectVoxels(volume, [0, 1, 3, 4]);
    expect(cache.getCacheSize()).toBe(before + VALUES * 2);
  });

  it('moves into memory of the page where the browser shares no more', async () => {
    start({ pixels: pixelsBut(4), held: true });
    imageLoader.registerImageLoader(series.scheme, withSkipCreateImage(series.load));
    const volume = await createVolume(series.imageIds);
    // The options of all are made before the first frame widens the volume.
    const requests = volume
      .getImageLoadRequests()
      .toSorted((a, b) => b.imageIdIndex - a.imageIdIndex);
    const giveBack = refuseMemory('SharedArrayBuffer');
    try {
      for (const { callLoadImage, imageId, imageIdIndex, options } of requests) {
        const called = callLoadImage(imageId, imageIdIndex, { ...options });
        await until(() => {
          series.answer();
          return volume.framesProcessed > requests.length - 1 - imageIdIndex;
        });
        await called;
      }
    } finally {
      giveBack();
    }
    expect(volume.failedFrames).toEqual([]);
    expectVoxels(volume);
    expect(volume.getScalarData()).toBeInstanceOf(Float32Array);
    expect(volume.getScalarData().buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('evicts Images of others for its larger memory, not those of volumes', async () => {
    start({ pixels: pixelsBut(2) });
    const others = newSeries({ count: 4 });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    for (const imageId of others.imageIds) {
      await imageLoader.loadAndCacheImage(imageId);
    }
    cache.setMaxCacheSize(cache.getCacheSize() + 100);
    expect((await volume.load()).failed).toEqual([]);
    expectVoxels(volume);
    expect(others.imageIds.filter((imageId) => cache.isLoaded(imageId)).length).toBeLessThan(4);
    for (const imageId of others.imageIds) {
      if (cache.isLoaded(imageId)) {
        cache.removeImageLoadObject(imageId, { force: true });
      }
    }
    expect(cache.getCacheSize()).toBe(before + VALUES * 4);
  });

  it('adds nothing to the cache when a frame comes after it was removed', async () => {
    start({ pixels: pixelsBut(2), held: true });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    cache.removeVolumeLoadObject(volume.volumeId);
    series.answer();
    await expectAsync(loaded).toBeRejected();
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    expect(cache.getCacheSize()).toBe(before);
    expect(widened).toEqual([]);
  });

  it('lets a load strategy go on with the requests that it has', async () => {
    start({ pixels: pixelsBut(4), held: true });
    series.answer();
    const volume = await createVolume(series.imageIds);
    const requests = volume
      .getImageLoadRequests()
      .toSorted((a, b) => b.imageIdIndex - a.imageIdIndex);
    const run = async (): Promise<void> => {
      for (const { callLoadImage, imageId, imageIdIndex, options } of requests) {
        await callLoadImage(imageId, imageIdIndex, { ...options });
      }
    };
    const done = run();
    await until(() => {
      series.answer();
      return volume.framesProcessed === COUNT;
    });
    await done;
    expect(volume.failedFrames).toEqual([]);
    expectVoxels(volume);
    const [last] = series.requests.slice(-1);
    const { targetBuffer } = (last as SyntheticRequest).options as {
      targetBuffer: { type: string; offset: number; arrayBuffer?: unknown };
    };
    expect(targetBuffer.type).toBe('Float32Array');
    expect(targetBuffer.offset).toBe(0);
    expect(targetBuffer.arrayBuffer).toBe(
      karmaFixtures.isolated ? volume.getScalarData().buffer : undefined,
    );
  });

  it('takes what a loader has written into the memory that was the volume’s when it was asked', async () => {
    start({ pixels: pixelsBut(2), held: true });
    imageLoader.registerImageLoader(series.scheme, withSkipCreateImage(series.load));
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    await until(() => series.requests.length === COUNT);
    // In one turn: all are asked for the old memory, and some are written there after the move.
    series.answer(2);
    await until(() => widened.length === 1);
    series.answer();
    expect((await loaded).failed).toEqual([]);
    expectVoxels(volume);
    expect(series.requests.length).toBe(COUNT);
  });

  it('asks once more where a loader keeps what does not fit for itself', async () => {
    start({ pixels: pixelsBut(2) });
    const strict = withSkipCreateImage(series.load);
    imageLoader.registerImageLoader(series.scheme, (imageId, options = {}) => {
      const { targetBuffer, ...rest } = options as { targetBuffer?: { acceptsWider?: boolean } };
      const { acceptsWider: _, ...target } = targetBuffer ?? {};
      return strict(imageId, targetBuffer ? { ...rest, targetBuffer: target } : rest);
    });
    const volume = await createVolume(series.imageIds);
    expect((await volume.load()).failed).toEqual([]);
    expectVoxels(volume);
    expect(series.requests.length).toBe(karmaFixtures.isolated ? COUNT + 1 : COUNT);
  });

  it('is one with Images of frames that were made before', async () => {
    start({ pixels: pixelsBut(4), held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    series.answer(0);
    await until(() => volume.framesLoaded === 1);
    const [imageId = ''] = volume.imageIds;
    const view = cache.getImage(imageId) as Types.IImage;
    const manager = view.voxelManager;
    const own = volume.convertToCornerstoneImage(imageId, 0);
    expect([view.dataType, own.dataType]).toEqual(['Int16Array', 'Int16Array']);
    series.answer();
    await loaded;
    expect(cache.getImage(imageId)).toBe(view);
    expect(view.dataType).toBe('Float32Array');
    expect(view.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
    expect(view.voxelManager).not.toBe(manager as never);
    expect(view.voxelManager).toBe(view.voxelManager as never);
    volume.voxelManager?.setAtIJK(3, 0, 0, 77);
    expect(view.voxelManager?.getAtIndex(3)).toBe(77);
    expect(view.getPixelData()[3]).toBe(77);
    expect(own.dataType).toBe('Int16Array');
    expect(own.getPixelData()).toBeInstanceOf(Int16Array);
    const now = volume.convertToCornerstoneImage(imageId, 0);
    expect(now.dataType).toBe('Float32Array');
    expect(now.sizeInBytes).toBe(SLICE * 4);
    expect(volume.getCornerstoneImages().map(({ dataType }) => dataType)).toEqual(
      new Array(COUNT).fill('Float32Array') as never,
    );
  });

  it('is followed by its voxel manager, in every way to read and to write', async () => {
    start({ pixels: pixelsBut(4), held: true });
    const volume = await createVolume(series.imageIds);
    const manager = volume.voxelManager as Types.IVoxelManager<number>;
    const loaded = volume.load();
    series.answer(0, 1, 2, 3);
    await until(() => volume.framesLoaded === 4);
    expect(manager.getAtIJK(1, 0, 3)).toBe(series.voxel(3, 1));
    series.answer();
    await loaded;
    const at = 4 * SLICE + 7;
    const value = 60004 - 1024;
    expect(volume.voxelManager as unknown).toBe(manager);
    expect([manager.getAtIndex(at), manager.getAtIJK(2, 1, 4), manager._get(at)]).toEqual([
      value,
      value,
      value,
    ]);
    expect(manager.getAtIJKPoint([2, 1, 4])).toBe(value);
    expect((manager.getScalarData() as Float32Array)[at]).toBe(value);
    expect(manager.getScalarDataLength()).toBe(VALUES);
    const slice = manager.getSliceData({ sliceIndex: 4, slicePlane: 2 }) as Float32Array;
    expect(slice).toBeInstanceOf(Float32Array);
    expect(slice[7]).toBe(value);
    const across = manager.getSliceData({ sliceIndex: 2, slicePlane: 0 }) as Float32Array;
    expect(across).toContain(value);
    expect(manager.getMiddleSliceData()).toBeInstanceOf(Float32Array);
    let largest = 0;
    manager.forEach(({ value: each }) => {
      largest = Math.max(largest, each as number);
    });
    expect(largest).toBe(value);
    manager.setAtIJK(0, 0, 0, -2000.5);
    expect(volume.getScalarData()[0]).toBe(-2000.5);
    expect(manager.getRange()).toEqual([-2000.5, value]);
  });

  it('widens for a value that is set by hand, too', async () => {
    start({ pixels: pixelsBut() });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const manager = volume.voxelManager as Types.IVoxelManager<number>;
    manager.setAtIJK(1, 1, 1, 5);
    expect(widened).toEqual([]);
    manager.setAtIJK(1, 1, 1, 40000);
    expect(manager.getAtIJK(1, 1, 1)).toBe(40000);
    expect(types()).toEqual(['Int16Array to Float32Array']);
    expectVoxels(volume, [0, 2, 3, 4]);
  });

  it('keeps what somebody has written into slices that are not loaded', async () => {
    start({ pixels: pixelsBut(2), held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    volume.voxelManager?.setAtIJK(0, 0, 4, 123);
    series.answer(2);
    await until(() => widened.length === 1);
    expect(volume.voxelManager?.getAtIJK(0, 0, 4)).toBe(123);
    series.answer();
    await loaded;
    expectVoxels(volume);
  });

  it('gives its new array to a mapper that has the old one', async () => {
    start({ pixels: pixelsBut(4), held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    const { imageData } = volume;
    const mapper = convertMapperToNotSharedMapper({
      getBlendMode: () => 0,
      getInputData: () => imageData,
      getMaximumSamplesPerRay: () => 1,
      getSampleDistance: () => 1,
    } as never);
    const scalars = imageData?.getPointData().getScalars() as { getData(): unknown };
    expect(scalars.getData()).toBe(volume.getScalarData());
    series.answer();
    await loaded;
    expect(scalars.getData()).toBe(volume.getScalarData());
    expect(imageData?.getPointData().getScalars().getDataType()).toBe('Float32Array');
    mapper.delete();
  });

  it('says so after everything has followed, before the frame is there', async () => {
    start({ pixels: pixelsBut(2), held: true });
    const volume = await createVolume(series.imageIds);
    const seen: unknown[] = [];
    const look = ((event: CustomEvent<VolumeWidened>): void => {
      const { detail } = event;
      seen.push(
        detail.volume === (volume as unknown),
        detail.volume.getScalarData().constructor.name,
        detail.volume.dataType,
        volume.voxelManager?.getAtIJK(1, 0, 0),
        volume.framesLoaded,
        cache.getCacheSize(),
      );
    }) as EventListener;
    eventTarget.addEventListener(VOLUME_WIDENED, look);
    const before = cache.getCacheSize();
    const loaded = volume.load();
    series.answer(0);
    await until(() => volume.framesLoaded === 1);
    series.answer();
    await loaded;
    eventTarget.removeEventListener(VOLUME_WIDENED, look);
    expect(seen).toEqual([true, 'Float32Array', 'Float32Array', -1023, 1, before + VALUES * 2]);
  });

  it('may be removed by a listener of the event', async () => {
    start({ pixels: pixelsBut(2) });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    const removeIt = (): void => {
      cache.removeVolumeLoadObject(volume.volumeId);
    };
    eventTarget.addEventListener(VOLUME_WIDENED, removeIt);
    await volume.load().catch(() => undefined);
    eventTarget.removeEventListener(VOLUME_WIDENED, removeIt);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('takes frames from Images in the cache that do not fit at first', async () => {
    start({ pixels: pixelsBut(1, 3) });
    for (const imageId of series.imageIds) {
      await imageLoader.loadAndCacheImage(imageId);
    }
    series.requests.length = 0;
    const volume = await createVolumeFromImages(newVolumeId(), series.imageIds);
    expectVoxels(volume);
    expect(types()).toEqual(['Int16Array to Float32Array']);
    expect(series.requests).toEqual([]);
  });

  it('lends its voxels to a volume that has not widened, and takes them from one that has', async () => {
    start({ pixels: pixelsBut(2) });
    const first = await createVolume(series.imageIds);
    await first.load();
    series.requests.length = 0;
    const second = await createVolume(series.imageIds);
    expect(second.getScalarData()).toBeInstanceOf(Int16Array);
    await second.load();
    expectVoxels(second);
    expect(second.getScalarData()).toBeInstanceOf(Float32Array);
    expect(series.requests).toEqual([]);
    expect(widened.map(({ volume }) => volume)).toEqual([first, second] as never);
  });

  it('is taken over when it was prefetched, as wide as it is, and widens on', async () => {
    start({ pixels: pixelsBut(2, 3), held: true });
    const before = cache.getCacheSize();
    const prefetched = prefetchVolume(series.imageIds, { maxInFlight: COUNT });
    await until(() => series.requests.length === COUNT);
    series.answer(0, 2);
    await until(() => widened.length === 1);
    const memory = cache.getVolumes()[0] as unknown as StreamingImageVolume;
    await until(() => memory.framesLoaded === 2);
    const data = memory.getScalarData();
    const volume = await createVolume(series.imageIds);
    expect(volume.getScalarData()).toBe(data);
    expect(volume.dataType).toBe('Float32Array');
    expect(cache.getCacheSize()).toBe(before + VALUES * 4);
    await until(() => {
      series.answer();
      return volume.framesLoaded === COUNT;
    });
    await prefetched;
    expectVoxels(volume);
    expect(widened.length).toBe(1);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('widens for the volume that has taken over a prefetched one', async () => {
    start({ pixels: pixelsBut(3), held: true });
    const prefetched = prefetchVolume(series.imageIds, { maxInFlight: COUNT });
    await until(() => series.requests.length === COUNT);
    series.answer(0);
    const first = cache.getVolumes()[0] as unknown as StreamingImageVolume;
    await until(() => first.framesLoaded === 1);
    const volume = await createVolume(series.imageIds);
    await until(() => {
      series.answer();
      return volume.framesLoaded === COUNT;
    });
    await prefetched;
    expectVoxels(volume);
    expect(volume.dataType).toBe('Float32Array');
    expect(widened.map(({ volumeId }) => volumeId)).toEqual([volume.volumeId]);
  });

  it('keeps frames of lower quality that are copies of others', async () => {
    start({ pixels: pixelsBut(2), held: true });
    const configuration = {
      stages: [
        {
          id: 'first',
          decimate: 2,
          offset: 0,
          nearbyFrames: [{ offset: 1, imageQualityStatus: 3 }],
        },
        { id: 'rest', decimate: 2, offset: 1 },
      ],
    };
    const { imageRetrieveMetadataProvider } = utilities;
    const state = imageRetrieveMetadataProvider.clone();
    imageRetrieveMetadataProvider.add('volume', configuration);
    try {
      const volume = await createVolume(series.imageIds, { maxInFlight: 1 });
      const loaded = volume.load();
      await until(() => series.requests.length === 1);
      series.answer(0);
      await until(() => volume.framesLoaded === 1);
      expect(series.requests.map(({ slice }) => slice)).toEqual([0, 2]);
      series.answer(2);
      await until(() => volume.framesLoaded === 2);
      expect(widened.length).toBe(1);
      // Slice 1 shows what slice 0 has.
      expect(volume.frameQualities[1]).toBe(3);
      expect(volume.voxelManager?.getAtIJK(1, 0, 1)).toBe(series.voxel(0, 1));
      await until(() => {
        series.answer();
        return volume.framesLoaded === COUNT;
      });
      await loaded;
      expectVoxels(volume);
    } finally {
      imageRetrieveMetadataProvider.restore(state);
    }
  });

  it('widens by frames of which slices are made', async () => {
    // Every second slice lies a quarter of the distance too far.
    start({
      position: (slice: number) => [-10, -20, 2.5 * slice + (slice % 2 === 1 ? 0.6 : 0)],
      pixels: (slice: number) => new Uint16Array(SLICE).fill(slice === 2 ? 60000 : 100),
    });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    expect(volume.getScalarData()).toBeInstanceOf(Int16Array);
    expect((await volume.load()).failed).toEqual([]);
    const values = Array.from({ length: volume.dimensions[2] }, (_, k) =>
      volume.voxelManager?.getAtIJK(2, 1, k),
    );
    expect(types()).toEqual(['Int16Array to Float32Array']);
    expect(Math.max(...(values as number[]))).toBeGreaterThan(32767);
    expect(Math.min(...(values as number[]))).toBe(100 - 1024);
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('is of the types that are said, and of no others', async () => {
    start({ pixels: pixelsBut(2) });
    const byType = new Map<string, string>();
    for (const voxelType of ['likely', 'headers', 'Uint16Array', 'Float32Array'] as const) {
      const volume = await createVolume(series.imageIds, { voxelType });
      byType.set(voxelType, volume.getScalarData().constructor.name);
      cache.removeVolumeLoadObject(volume.volumeId);
    }
    expect([...byType.values()]).toEqual([
      'Int16Array',
      'Float32Array',
      'Uint16Array',
      'Float32Array',
    ]);
    await expectAsync(
      createVolume(series.imageIds, { voxelType: 'Int32Array' as never }),
    ).toBeRejectedWithError(TypeError, /Expected voxelType to be one of likely, headers/);
  });
});

import { cache, Enums, eventTarget, imageLoader } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { eventsOf } from '../../support/events.js';
import { SyntheticSeries } from '../../support/SyntheticSeries.js';
import type { SyntheticSeriesOptions } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';

const { IMAGE_VOLUME_LOADING_COMPLETED, IMAGE_VOLUME_MODIFIED } = Enums.Events;
const BYTES_STORED = 15 * 2;

describe('Frames that are in memory already', () => {
  let series: SyntheticSeries;

  afterEach(() => {
    series.answer();
    series.dispose();
    stopCornerstone();
  });

  /** A series whose image loader is wrapped as those of dicom-image-loader are. */
  function start(options: SyntheticSeriesOptions): void {
    startCornerstone();
    series = new SyntheticSeries(options);
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
  }

  const voxelsOf = (volume: StreamingImageVolume): number[] => [...volume.getScalarData()];

  function expectedVoxels(): number[] {
    return series.imageIds.flatMap((_, slice) =>
      Array.from({ length: 15 }, (__, i) => series.voxel(slice, i)),
    );
  }

  /** Loads Images as a stack viewport does. */
  async function cacheSlices(...slices: number[]): Promise<void> {
    await Promise.all(
      slices.map((slice) => imageLoader.loadAndCacheImage(series.imageIds[slice] as string)),
    );
    series.requests.length = 0;
  }

  /** Puts an Image into the cache that differs from that of the series. */
  function cacheImage(slice: number, changes: Partial<Types.IImage>, pixels?: Pixels): void {
    const image = { ...series.image(slice), ...changes };
    if (pixels) {
      Object.assign(image, { getPixelData: () => pixels, voxelManager: undefined });
    }
    cache.putImageSync(series.imageIds[slice] as string, image);
  }

  const slicesAsked = (): number[] =>
    series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b);

  it('fill the volume when load is called, without a request, and end once', async () => {
    start({ count: 4, intercept: () => -1024 });
    await cacheSlices(0, 1, 2, 3);
    const volume = await createVolume(series.imageIds);
    const completed = eventsOf(IMAGE_VOLUME_LOADING_COMPLETED);
    const callback = jasmine.createSpy('callback');
    const loaded = volume.load(callback);
    expect(volume.framesLoaded).toBe(4);
    expect(callback).toHaveBeenCalledOnceWith(
      jasmine.objectContaining({ success: true, framesLoaded: 4, framesProcessed: 4 }),
    );
    expect(await loaded).toEqual({ framesLoaded: 4, failed: [] });
    await volume.load();
    expect(voxelsOf(volume)).toEqual(expectedVoxels());
    expect(series.requests.length).toBe(0);
    expect(completed.details.length).toBe(1);
    expect(volume.loadStatus).toEqual(
      jasmine.objectContaining({ loaded: true, loading: false, cancelled: false }),
    );
  });

  it('are held once: the Images give way to views of the volume', async () => {
    start({ count: 4 });
    const before = cache.getCacheSize();
    await cacheSlices(0, 1, 2);
    expect(cache.getCacheSize()).toBe(before + 3 * BYTES_STORED);
    const volume = await createVolume(series.imageIds);
    await volume.load();
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
    for (const imageId of series.imageIds) {
      const buffer: unknown = cache.getImage(imageId)?.getPixelData().buffer;
      expect(buffer).toBe(volume.getScalarData().buffer);
    }
    expect(slicesAsked()).toEqual([3]);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('keep what their cache entry held open until the view goes', async () => {
    start({ count: 2 });
    const closed: number[] = [];
    series.imageIds.forEach((imageId, slice) => {
      const promise = Promise.resolve(series.image(slice));
      void cache.putImageLoadObject(imageId, { promise, decache: () => closed.push(slice) });
    });
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    const volume = await createVolume(series.imageIds);
    await volume.load();
    expect(closed).toEqual([]);
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(closed).toEqual([0, 1]);
  });

  it('are taken as they are where they hold modality values', async () => {
    start({ count: 3, intercept: () => -50 });
    series.imageIds.forEach((_, slice) => {
      const pixels = Float32Array.from({ length: 15 }, (__, i) => series.voxel(slice, i));
      cacheImage(slice, scaledBy({ rescaleSlope: 1, rescaleIntercept: -50 }, pixels), pixels);
    });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    expect(voxelsOf(volume)).toEqual(expectedVoxels());
    expect(series.requests.length).toBe(0);
  });

  it('D22: are converted to the type of the volume, whatever type they have', async () => {
    start({ count: 3, intercept: (slice) => (slice === 1 ? -1000 : 0), pixels: edgesAreSmall });
    cacheImage(0, {}, Uint8Array.from(edgesAreSmall(0)));
    cacheImage(2, {}, Float32Array.from(edgesAreSmall(2)));
    const volume = await createVolume(series.imageIds);
    await volume.load();
    expect(voxelsOf(volume)).toEqual(expectedVoxels());
    expect(slicesAsked()).toEqual([1]);
  });

  const untrusted: Record<string, (slice: number) => void> = {
    'are of lower quality': (slice) => {
      cacheImage(slice, { imageQualityStatus: 6 });
    },
    'are of another size': (slice) => {
      cacheImage(slice, { rows: 1, columns: 5 }, new Uint16Array(5));
    },
    'were scaled otherwise': (slice) => {
      const pixels = Float32Array.from({ length: 15 }, (_, i) => 7 * i);
      cacheImage(slice, scaledBy({ rescaleSlope: 7, rescaleIntercept: 0 }, pixels), pixels);
    },
    'may have lost fractions': (slice) => {
      const pixels = Int16Array.from({ length: 15 }, (_, i) => series.voxel(slice, i));
      cacheImage(slice, scaledBy({ rescaleSlope: 0.5, rescaleIntercept: 0 }, pixels), pixels);
    },
    'have wrapped': (slice) => {
      const pixels = Int16Array.from({ length: 15 }, (_, i) => -i);
      const said = { minPixelValue: 0, maxPixelValue: 65535 };
      const changes = scaledBy({ rescaleSlope: 0.5, rescaleIntercept: 0 }, pixels);
      cacheImage(slice, { ...changes, ...said }, pixels);
    },
  };
  for (const [what, put] of Object.entries(untrusted)) {
    it(`are requested where their Images ${what}`, async () => {
      start({ count: 3, slope: () => 0.5, pixels: even });
      await cacheSlices(0);
      put(1);
      const volume = await createVolume(series.imageIds);
      expect(await volume.load()).toEqual({ framesLoaded: 3, failed: [] });
      expect(voxelsOf(volume)).toEqual(expectedVoxels());
      expect(slicesAsked()).toEqual([1, 2]);
    });
  }

  it('are waited for while they are on their way, and then held once', async () => {
    start({ count: 2, held: true });
    const before = cache.getCacheSize();
    const images = series.imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId));
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    series.answer();
    await Promise.all(images);
    expect(await loaded).toEqual({ framesLoaded: 2, failed: [] });
    expect(voxelsOf(volume)).toEqual(expectedVoxels());
    expect(slicesAsked()).toEqual([0, 1]);
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
  });

  it('are all completed when the listener of the first one removes the volume', async () => {
    start({ count: 3 });
    const before = cache.getCacheSize();
    await cacheSlices(0, 1, 2);
    const volume = await createVolume(series.imageIds);
    const remove = (): void => {
      eventTarget.removeEventListener(IMAGE_VOLUME_MODIFIED, remove);
      cache.removeVolumeLoadObject(volume.volumeId);
    };
    eventTarget.addEventListener(IMAGE_VOLUME_MODIFIED, remove);
    await expectAsync(volume.load()).toBeRejectedWith(
      jasmine.objectContaining({ code: 'volume-removed' }) as unknown,
    );
    // The first slice went with the volume; the others were not touched.
    expect(cache.getCacheSize()).toBe(before + 2 * BYTES_STORED);
    expect(series.requests.length).toBe(0);
  });

  it('D12: are enough for the default window too', async () => {
    start({ count: 5 });
    await cacheSlices(2);
    const volume = await createVolume(series.imageIds);
    // What Cornerstone asks for where the headers have no window.
    const options = { priority: 0, requestType: 'prefetch', ignoreCache: true };
    const image = await imageLoader.loadImage(series.imageIds[2] as string, options);
    expect(image.getPixelData()[3]).toBe(series.voxel(2, 3));
    expect(volume.framesLoaded).toBe(1);
    expect(series.requests.length).toBe(0);
  });

  describe('in another volume', () => {
    async function twoVolumes(
      options: Partial<CreateVolumeOptions>,
    ): Promise<[StreamingImageVolume, StreamingImageVolume]> {
      start({ count: 3, slope: () => 0.5, pixels: even });
      const first = await createVolume(series.imageIds, options);
      await first.load();
      series.requests.length = 0;
      const second = await createVolume(series.imageIds.slice(1), options);
      return [first, second];
    }

    for (const publishFrameViews of [true, false]) {
      it(`are copied from there, ${publishFrameViews ? 'and its views stay' : 'without views'}`, async () => {
        const [first, second] = await twoVolumes({ publishFrameViews });
        const views = series.imageIds.map((imageId) => cache.getImageLoadObject(imageId));
        expect(await second.load()).toEqual({ framesLoaded: 2, failed: [] });
        expect(voxelsOf(second)).toEqual(expectedVoxels().slice(15));
        expect(voxelsOf(first)).toEqual(expectedVoxels());
        expect(series.requests.length).toBe(0);
        expect(series.imageIds.map((imageId) => cache.getImageLoadObject(imageId))).toEqual(views);
      });
    }

    for (const order of ['first', 'last'] as const) {
      it(`leave the other as it is when the volume that was made ${order} goes`, async () => {
        const [first, second] = await twoVolumes({});
        await second.load();
        const both = cache.getCacheSize();
        const [gone, stays] = order === 'first' ? [first, second] : [second, first];
        cache.removeVolumeLoadObject(gone.volumeId);
        expect(cache.getCacheSize()).toBe(both - gone.sizeInBytes);
        const image = await imageLoader.loadAndCacheImage(stays.imageIds[0] as string);
        expect(image.getPixelData()[1]).toBe(stays.getScalarData()[1] as number);
        cache.removeVolumeLoadObject(stays.volumeId);
        expect(cache.getCacheSize()).toBe(both - gone.sizeInBytes - stays.sizeInBytes);
        expect(series.imageIds.some((imageId) => cache.isLoaded(imageId))).toBeFalse();
        expect(series.requests.length).toBe(0);
      });
    }
  });
});

type Pixels = Types.PixelDataTypedArray;

function scaledBy(
  parameters: { rescaleSlope: number; rescaleIntercept: number },
  pixels: Pixels,
): Partial<Types.IImage> {
  return {
    preScale: { enabled: true, scaled: true, scalingParameters: { ...parameters, modality: 'CT' } },
    minPixelValue: Math.min(...pixels),
    maxPixelValue: Math.max(...pixels),
  };
}

/** Values of which half is a whole number; the ends are even. */
function even(slice: number): Uint16Array {
  return Uint16Array.from({ length: 15 }, (_, i) => 100 * slice + 2 * i);
}

function edgesAreSmall(slice: number): Uint16Array {
  return Uint16Array.from({ length: 15 }, (_, i) => (slice === 1 ? 1000 : 10) + i);
}

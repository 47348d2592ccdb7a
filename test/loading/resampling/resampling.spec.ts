import { cache, imageLoader, metaData, utilities } from '@cornerstonejs/core';
import {
  createVolumeFromImages,
  isStreamingVolumeError,
  prefetchVolume,
  topToBottom,
} from '../../../src/index.js';
import type { LoadResult, StreamingImageVolume } from '../../../src/index.js';
import { newVolumeId, startCornerstone } from '../../support/cornerstone.js';
import { createVolume } from '../../support/createVolume.js';
import type { SyntheticSeries, SyntheticSeriesOptions } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const SPACING = 2;
/** Frames in mm along the normal. All but the first, the second and the last are beside a slice. */
const PLACES = [0, 2, 4.6, 6.5, 8.4, 10.6, 12];
const SLICE = 15;

/** A field that is linear in patient space. */
const fieldAt = (x: number, y: number, z: number): number => 500 + 4 * x - 3 * y + 7 * z;

describe('A resampled volume', () => {
  const makeSeries = useSyntheticSeries();

  /** Frames of 5 x 3 pixels of 0.7 x 0.8 mm that hold the field, moved by `drift` mm in y for each mm. */
  function seriesOf(
    options: Partial<SyntheticSeriesOptions> = {},
    drift = 0,
    places: readonly number[] = PLACES,
  ): SyntheticSeries {
    const position = (slice: number): [number, number, number] => {
      const z = places[slice] ?? 0;
      return [-10, -20 + drift * z, 5 + z];
    };
    return makeSeries({
      count: places.length,
      position,
      pixels: (slice) => {
        const [x, y, z] = position(slice);
        return Float32Array.from({ length: SLICE }, (_, i) =>
          fieldAt(x + 0.7 * (i % 5), y + 0.8 * Math.floor(i / 5), z),
        );
      },
      slope: () => 1.5,
      ...options,
    });
  }

  function wholeNumbers(): Partial<SyntheticSeriesOptions> {
    return {
      pixels: (slice) => Uint16Array.from({ length: SLICE }, (_, i) => 100 * slice + i),
      slope: () => 1,
    };
  }

  function voxelsAt(volume: StreamingImageVolume, index: number): number[] {
    const size = volume.dimensions[0] * volume.dimensions[1];
    return [...volume.getScalarData().subarray(index * size, (index + 1) * size)];
  }

  /** Every voxel that is not padding is the field's; how many are. */
  function expectField(volume: StreamingImageVolume, padding = NaN): number {
    const [columns, rows] = volume.dimensions;
    let checked = 0;
    volume.getScalarData().forEach((value, i) => {
      if (value !== padding) {
        checked += 1;
        const [x, y] = [i % columns, Math.floor(i / columns) % rows];
        const slice = Math.floor(i / columns / rows);
        const at = [x, y, slice].map(
          (place, axis) => (volume.origin[axis] ?? 0) + place * (volume.spacing[axis] ?? 0),
        ) as [number, number, number];
        const expected = 1.5 * fieldAt(...at);
        expect(Math.abs(value - expected)).toBeLessThan(1e-3 * expected);
      }
    });
    return checked;
  }

  it('is the field again on a regular grid, of frames that are not equally far apart', async () => {
    const series = seriesOf();
    const volume = await createVolume(series.imageIds.toReversed(), { onIrregular: 'resample' });
    expect(volume.dimensions).toEqual([5, 3, 7]);
    expect(volume.spacing[2]).toBeCloseTo(SPACING, 9);
    expect(await volume.load()).toEqual({ framesLoaded: 7, failed: [] });
    expect(expectField(volume)).toBe(7 * SLICE);
    const { policy, warnings, absentSlices, resampledSlices, leftOut, shear } =
      volume.geometryReport;
    expect([policy, absentSlices, leftOut, shear]).toEqual(['resample', [], [], undefined]);
    expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([
      ['irregular-spacing', 'warning'],
    ]);
    expect(resampledSlices.map(({ imageIdIndex }) => imageIdIndex)).toEqual([2, 3, 4, 5]);
    expect(resampledSlices[1]?.positionInMm).toEqual([-10, -20, 11]);
    expect(volume.imageIds.filter((imageId) => series.imageIds.includes(imageId))).toEqual(
      [0, 1, 6].map((frame) => series.imageIds[frame] as string),
    );
    expect(series.requests).toHaveSize(7);
    expect(new Set(series.requests.map(({ slice }) => slice)).size).toBe(7);
    expect(volume.imageIds).toHaveSize(7);
  });

  it('is the field again in an upright box, of a stack with a tilt', async () => {
    const places = [0, 2, 4, 6, 8];
    const series = seriesOf({}, 0.3, places);
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    const { shear, resampledSlices, warnings } = volume.geometryReport;
    expect(warnings.map(({ code }) => code)).toEqual(['gantry-tilt']);
    expect(shear?.tiltInDegrees).toBeCloseTo((Math.atan(0.3) * 180) / Math.PI, 6);
    // 2.4 mm are 3 rows.
    expect([shear?.addedColumns, shear?.addedRows, shear?.paddingValue]).toEqual([0, 3, 0]);
    expect(resampledSlices.length).toBe(5);
    expect(volume.dimensions).toEqual([5, 6, 5]);
    expect([...volume.origin].map((mm) => Number(mm.toFixed(9)))).toEqual([-10, -20, 5]);
    await volume.load();
    // A frame that is moved by a part of a row fills one row less.
    expect(expectField(volume, 0)).toBe(5 * (3 + 2 + 2 + 2 + 3));
    const plane = metaData.get('imagePlaneModule', volume.imageIds[4] as string) as object;
    expect(plane).toEqual(jasmine.objectContaining({ rows: 6, columns: 5 }));
    expect(metaData.get('imagePixelModule', volume.imageIds[4] as string)).toEqual(
      jasmine.objectContaining({ rows: 6, columns: 5, bitsAllocated: 16 }),
    );
    expect(utilities.getClosestImageId(volume, [-10, -20, 12.8], [0, 0, 1])).toBe(
      volume.imageIds[4],
    );
    const image = volume.convertToCornerstoneImage(volume.imageIds[4] as string);
    expect([image.rows, image.columns]).toEqual([6, 5]);
    expect([...image.getPixelData()]).toEqual(voxelsAt(volume, 4));
  });

  it('pads with the air of a CT, or with what the headers say', async () => {
    const signed = { pixelRepresentation: 1 as const, slope: () => 1 };
    const series = seriesOf(signed, 0.3);
    const { shear } = (await createVolume(series.imageIds, { onIrregular: 'resample' }))
      .geometryReport;
    expect(shear?.paddingValue).toBe(-1000);
    const provider = (type: string, imageId: unknown) =>
      type === 'imagePixelModule' && String(imageId).startsWith(series.scheme)
        ? { ...(series.pixelModule(String(imageId)) as object), pixelPaddingValue: -2000 }
        : undefined;
    metaData.addProvider(provider, 10_000_000);
    const told = await createVolume(series.imageIds, { onIrregular: 'resample' });
    metaData.removeProvider(provider);
    expect(told.geometryReport.shear?.paddingValue).toBe(-2000);
    const mr = seriesOf({ ...signed, modality: 'MR' }, 0.3);
    const { geometryReport } = await createVolume(mr.imageIds, { onIrregular: 'resample' });
    expect(geometryReport.shear?.paddingValue).toBe(0);
  });

  it('has a slice as soon as the frames on both sides are there, and rounds whole numbers', async () => {
    const series = seriesOf({ ...wholeNumbers(), held: true });
    const volume = await createVolume(series.imageIds, {
      onIrregular: 'resample',
      frameOrder: topToBottom,
    });
    const loading = volume.load();
    const states = (): string => volume.frameStates.map((state) => state[0]).join('');
    const answer = async (frame: number): Promise<void> => {
      await until(() => series.requests.some(({ slice }) => slice === frame));
      series.answer(frame);
    };
    await answer(0);
    await until(() => volume.frameStates[0] === 'loaded');
    await answer(1);
    await until(() => volume.frameStates[1] === 'loaded');
    expect(volume.frameStates[2]).not.toBe('loaded');
    expect(voxelsAt(volume, 2)).toEqual(Array(SLICE).fill(0));
    await answer(2);
    await until(() => volume.frameStates[2] === 'loaded');
    // 2 mm of the 2.6 mm from frame 1 to frame 2.
    const weight = 2 / 2.6;
    expect(voxelsAt(volume, 2)).toEqual(
      Array.from({ length: SLICE }, (_, i) => Math.round(100 + i + weight * 100)),
    );
    expect(states().startsWith('lll')).toBeTrue();
    expect(volume.progress).toEqual(
      jasmine.objectContaining({ framesLoaded: 3, framesAbsent: 0, framesTotal: 7 }),
    );
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    expect(await loading).toEqual({ framesLoaded: 7, failed: [] });
    expect(series.requests).toHaveSize(7);
  });

  it('keeps frames for their neighbours, reserved in the cache, and gives them back in the end', async () => {
    const before = cache.getCacheSize();
    const series = seriesOf({ ...wholeNumbers(), held: true });
    const volume = await createVolume(series.imageIds, {
      onIrregular: 'resample',
      frameOrder: topToBottom,
      maxInFlight: 1,
    });
    const size = cache.getCacheSize() - before;
    expect(size).toBe(volume.getScalarData().byteLength);
    const loading = volume.load();
    for (const frame of [0, 1, 2]) {
      await until(() => series.requests.some(({ slice }) => slice === frame));
      series.answer(frame);
    }
    // Slice 2 is made; frames 2 and 3 go into slices that are not, and only frame 2 is here.
    await until(() => series.requests.some(({ slice }) => slice === 3));
    expect(cache.getCacheSize()).toBe(before + size + 2 * SLICE);
    expect(series.requests).toHaveSize(4);
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    await loading;
    expect(cache.getCacheSize()).toBe(before + size);
    volume.decache(true);
    expect(cache.getCacheSize()).toBe(before);
  });

  it('gives back what is kept when it is removed, and keeps nothing that comes later', async () => {
    const before = cache.getCacheSize();
    const series = seriesOf({ ...wholeNumbers(), held: true });
    const volume = await createVolume(series.imageIds, {
      onIrregular: 'resample',
      frameOrder: () => [2, 3, 4, 5, 0, 1, 6],
      maxInFlight: 2,
    });
    const size = volume.getScalarData().byteLength;
    const loading = volume.load();
    await until(() => series.requests.length === 2);
    series.answer(1, 2);
    await until(() => volume.framesLoaded === 1);
    expect(cache.getCacheSize()).toBeGreaterThan(before + size);
    volume.cancelLoading();
    await expectAsync(loading).toBeRejected();
    volume.removeFromCache();
    expect(cache.getCacheSize()).toBe(before);
    series.answer();
    await new Promise((resolve) => setTimeout(resolve));
    expect(cache.getCacheSize()).toBe(before);
  });

  it('requests a frame again that the cache has no room to keep', async () => {
    const series = seriesOf({ ...wholeNumbers(), held: true });
    const volume = await createVolume(series.imageIds, {
      onIrregular: 'resample',
      // Slice 3 comes when frame 2, which slice 2 has had, is gone.
      frameOrder: () => [2, 4, 3, 0, 1, 5, 6],
      maxInFlight: 1,
    });
    cache.setMaxCacheSize(cache.getCacheSize());
    const loading = volume.load();
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    expect(await loading).toEqual({ framesLoaded: 7, failed: [] });
    expect(series.requests.length).toBeGreaterThan(7);
    expect(voxelsAt(volume, 3)[0]).toBe(Math.round(200 + (1.4 / 1.9) * 100));
  });

  it('fails the slices that a frame goes into with its error, and makes them in a retry', async () => {
    const series = seriesOf({ ...wholeNumbers(), held: true });
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample', retries: 0 });
    const loading = volume.load();
    await until(() => {
      for (const request of series.requests) {
        if (request.slice === 3) {
          request.reject(new Error('no such frame'));
        } else {
          request.resolve();
        }
      }
      return !volume.loadStatus.loading;
    });
    const { framesLoaded, failed } = await loading;
    expect(framesLoaded).toBe(5);
    expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([3, 4]);
    for (const { imageId, imageIdIndex, error } of failed) {
      expect(imageId).toBe(volume.imageIds[imageIdIndex] as string);
      expect(error.imageIds).toEqual([series.imageIds[3] as string]);
      expect(error.message).toContain('no such frame');
    }
    expect(voxelsAt(volume, 3)).toEqual(Array(SLICE).fill(0));
    const again = volume.retryFailedFrames();
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    expect(await again).toEqual({ framesLoaded: 7, failed: [] });
    expect(voxelsAt(volume, 3)[0]).toBe(Math.round(200 + (1.4 / 1.9) * 100));
  });

  for (const maxInFlight of [1, 4]) {
    it(`tries a frame of two slices no more often than one of one, ${maxInFlight} at a time`, async () => {
      const series = seriesOf({ ...wholeNumbers(), held: true });
      const volume = await createVolume(series.imageIds, {
        onIrregular: 'resample',
        retries: 2,
        retryDelayMs: 0,
        frameOrder: topToBottom,
        maxInFlight,
      });
      const answerAll = (): void => {
        for (const request of series.requests) {
          if (request.slice === 3) {
            request.reject({ status: 503 });
          } else {
            request.resolve();
          }
        }
      };
      const triesOf = (slice: number) =>
        series.requests.filter((request) => request.slice === slice).length;
      const load = async (loading: Promise<LoadResult>) => {
        await until(() => {
          answerAll();
          return !volume.loadStatus.loading;
        });
        return (await loading).failed.map(({ imageIdIndex, attempts }) => [imageIdIndex, attempts]);
      };
      expect(await load(volume.load())).toEqual([
        [3, 3],
        [4, 3],
      ]);
      expect(triesOf(3)).toBe(3);
      expect(await load(volume.retryFailedFrames())).toEqual([
        [3, 3],
        [4, 3],
      ]);
      expect(triesOf(3)).toBe(6);
    });
  }

  it('aborts frames in flight on a cancel, and loads the missing ones afterwards', async () => {
    const series = seriesOf({ ...wholeNumbers(), held: true });
    const volume = await createVolume(series.imageIds, {
      onIrregular: 'resample',
      frameOrder: topToBottom,
    });
    const loading = volume.load();
    await until(() => series.requests.length > 2);
    series.answer(0, 1);
    await until(() => volume.framesLoaded === 2);
    const signals = series.requests.map(({ options }) => options['signal'] as AbortSignal);
    volume.cancelLoading();
    await expectAsync(loading).toBeRejectedWith(jasmine.objectContaining({ name: 'AbortError' }));
    await until(() => volume.frameStates.every((state) => state === 'loaded' || state === 'idle'));
    expect(signals.slice(2).every(({ aborted }) => aborted)).toBeTrue();
    const again = volume.load();
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    expect(await again).toEqual({ framesLoaded: 7, failed: [] });
    const requested = (frame: number) => series.requests.filter(({ slice }) => slice === frame);
    expect([requested(0).length, requested(1).length]).toEqual([1, 1]);
  });

  it('never gives resampled pixels for a frame, which is loaded itself instead', async () => {
    const series = seriesOf(wholeNumbers());
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    await volume.load();
    series.requests.length = 0;
    const [own, beside] = [series.imageIds[1] as string, series.imageIds[3] as string];
    expect(cache.getImageLoadObject(beside)).toBeUndefined();
    expect(volume.getImageIdIndex(beside)).toBeUndefined();
    expect(volume.getImageURIIndex(utilities.imageIdToURI(beside))).toBeUndefined();
    const image = await imageLoader.loadAndCacheImage(beside);
    expect([...image.getPixelData()].slice(0, 3)).toEqual([300, 301, 302]);
    expect(series.requests.map(({ slice }) => slice)).toEqual([3]);
    // A frame that is a slice as it is comes from the volume.
    const view = await imageLoader.loadAndCacheImage(own);
    expect([...view.getPixelData()].slice(0, 3)).toEqual([100, 101, 102]);
    expect(series.requests).toHaveSize(1);
    // A volume of the frames as they are takes no slice of the resampled one for a frame.
    const nearest = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    await nearest.load();
    expect(voxelsAt(nearest, nearest.getImageIdIndex(beside))[0]).toBe(300);
  });

  it('lends single slices as Images to other callers', async () => {
    const series = seriesOf(wholeNumbers());
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    const imageId = volume.imageIds[2] as string;
    const image = await imageLoader.loadAndCacheImage(imageId);
    expect(image.getPixelData()[0]).toBe(Math.round(100 + (2 / 2.6) * 100));
    expect(volume.framesLoaded).toBe(1);
    expect(series.requests.map(({ slice }) => slice)).toEqual([1, 2]);
    volume.removeFromCache();
    await expectAsync(imageLoader.loadImage(imageId)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'frame-not-loaded' }),
    );
  });

  it('waits for no Image that waits for the volume itself', async () => {
    const series = seriesOf(wholeNumbers());
    startCornerstone({ imageLoaders: { [series.scheme]: series.load } });
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    // The entry of a frame that is a slice is the volume's, and is on its way.
    const asked = imageLoader.loadAndCacheImage(volume.imageIds[1] as string);
    expect(await volume.load()).toEqual({ framesLoaded: 7, failed: [] });
    expect((await asked).getPixelData()[0]).toBe(100);
  });

  it('takes frames that are in memory, and those of a volume that was filled beforehand', async () => {
    const series = seriesOf(wholeNumbers());
    await Promise.all(series.imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
    series.requests.length = 0;
    const options = { onIrregular: 'resample' } as const;
    await prefetchVolume(series.imageIds, options);
    expect(series.requests).toEqual([]);
    const volume = await createVolume(series.imageIds, options);
    expect(volume.framesLoaded).toBe(7);
    volume.decache(true);
    await Promise.all(series.imageIds.map((imageId) => imageLoader.loadAndCacheImage(imageId)));
    series.requests.length = 0;
    const fromImages = await createVolumeFromImages(newVolumeId(), series.imageIds, options);
    expect([fromImages.framesLoaded, fromImages.loadStatus.loaded]).toEqual([7, true]);
    expect(voxelsAt(fromImages, 3)[0]).toBe(Math.round(200 + (1.4 / 1.9) * 100));
    expect(series.requests).toEqual([]);
  });

  it('is loaded in the order of retrieve stages, in full quality at once', async () => {
    const { imageRetrieveMetadataProvider } = utilities;
    const state = imageRetrieveMetadataProvider.clone();
    imageRetrieveMetadataProvider.add('1.2.3.4', {
      stages: [
        { id: 'last', positions: [6], retrieveType: 'fast', nearbyFrames: [{ offset: -1 }] },
        { id: 'all', retrieveType: 'final' },
      ],
      retrieveOptions: { fast: { imageQualityStatus: 5, urlArguments: 'lossy' } },
    });
    const series = seriesOf({ ...wholeNumbers(), held: true }, 0.4, [0, 2, 4, 6, 8, 10, 12]);
    const provider = (type: string, imageId: unknown) =>
      type === 'transferSyntax' && String(imageId).startsWith(series.scheme)
        ? { transferSyntaxUID: '1.2.3.4' }
        : undefined;
    metaData.addProvider(provider, 10_000);
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample', maxInFlight: 1 });
    const loading = volume.load();
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    metaData.removeProvider(provider);
    imageRetrieveMetadataProvider.restore(state);
    expect(await loading).toEqual({ framesLoaded: 7, failed: [] });
    expect(series.requests[0]?.slice).toBe(6);
    expect(series.requests[0]?.options['retrieveOptions']).toBeUndefined();
    expect(series.requests).toHaveSize(7);
    expect(new Set(volume.frameQualities)).toEqual(new Set([8]));
    expect(voxelsAt(volume, 6).slice(-SLICE)).toEqual(
      Array.from({ length: SLICE }, (_, i) => 600 + i),
    );
  });

  it('is refused with what no grid makes good', async () => {
    const beside = (slice: number): [number, number, number] => [
      slice === 3 ? -5 : -10,
      -20,
      PLACES[slice] ?? 0,
    ];
    const { imageIds } = seriesOf({ position: beside });
    const outcome: unknown = await createVolume(imageIds, { onIrregular: 'resample' }).catch(
      (error: unknown) => error,
    );
    expect(isStreamingVolumeError(outcome, 'not-a-volume')).toBeTrue();
  });
});

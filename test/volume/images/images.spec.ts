import {
  cache,
  imageLoader,
  RenderingEngine,
  setVolumesForViewports,
  Enums,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError } from '../../../src/index.js';
import { createVolume } from '../../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { SyntheticSeries } from '../../support/SyntheticSeries.js';
import type { SyntheticSeriesOptions } from '../../support/SyntheticSeries.js';
import { until } from '../../support/until.js';
import { itDraws } from '../../support/itDraws.js';

describe('Images of a volume', () => {
  let series: SyntheticSeries;

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  /** A series whose image loader is wrapped as those of dicom-image-loader are. */
  function start(options: SyntheticSeriesOptions, publishFrameViews = true): void {
    startCornerstone();
    series = new SyntheticSeries(options);
    startCornerstone({ imageLoaders: { [series.scheme]: series.load }, publishFrameViews });
  }

  function pixelsOf(image: Types.IImage): number[] {
    return Array.from(image.getPixelData());
  }

  const stored = (slice: number) => Array.from({ length: 15 }, (_, i) => series.voxel(slice, i));

  it('convertToCornerstoneImage copies a frame, with the fields of an Image and no request', async () => {
    start({
      count: 3,
      columns: 5,
      rows: 3,
      intercept: () => -1024,
      window: { center: 40, width: 400 },
    });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const [imageId = ''] = series.imageIds.slice(2);
    const asked = series.requests.length;
    const image = volume.convertToCornerstoneImage(imageId, 2);
    expect(image).toEqual(
      jasmine.objectContaining({
        imageId,
        width: 5,
        height: 3,
        columns: 5,
        rows: 3,
        rowPixelSpacing: 0.8,
        columnPixelSpacing: 0.7,
        minPixelValue: 300 - 1024,
        maxPixelValue: 314 - 1024,
        windowCenter: 40,
        windowWidth: 400,
        slope: 1,
        intercept: -1024,
        color: false,
        numberOfComponents: 1,
        invert: false,
        dataType: 'Int16Array',
        sizeInBytes: 30,
      }) as never,
    );
    expect(image.preScale).toEqual({
      enabled: true,
      scaled: true,
      scalingParameters: { modality: 'CT', rescaleSlope: 1, rescaleIntercept: -1024 },
    });
    expect(pixelsOf(image)).toEqual(stored(2));
    expect(image.voxelManager?.getAtIJK(4, 1, 0)).toBe(series.voxel(2, 9));
    expect(image.getPixelData().buffer).toBeInstanceOf(ArrayBuffer);
    expect(image.getPixelData().buffer as unknown).not.toBe(volume.getScalarData().buffer);
    expect(series.requests.length).toBe(asked);
  });

  it('convertToCornerstoneImage refuses a frame that is not loaded or not at that place', async () => {
    start({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    const [first = '', second = ''] = series.imageIds;
    expect(() => volume.convertToCornerstoneImage(first, 0)).toThrowMatching(
      (error) =>
        isStreamingVolumeError(error, 'frame-not-loaded') && error.imageIds.join() === first,
    );
    expect(() => volume.convertToCornerstoneImage(second, 0)).toThrowError(TypeError);
    expect(() => volume.getCornerstoneImages()).toThrowMatching(
      (error) => isStreamingVolumeError(error, 'frame-not-loaded') && error.imageIds.length === 3,
    );
  });

  it('takes the window of an Image from its values where the headers have none', async () => {
    start({ count: 2, pixels: () => Uint16Array.from({ length: 15 }, (_, i) => 10 * i) });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const image = volume.convertToCornerstoneImage(volume.imageIds[0] as string, 0);
    expect(image.windowWidth).toBe(141);
    expect(image.windowCenter).toBe(70.5);
  });

  it('are in the image cache as views of the volume once their frames are loaded', async () => {
    start({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    const before = cache.getCacheSize();
    const loaded = volume.load();
    series.answer(1);
    await until(() => cache.isLoaded(series.imageIds[1] as string));
    expect(cache.isLoaded(series.imageIds[0] as string)).toBeFalse();
    series.answer();
    await loaded;
    await until(() => cache.isLoaded(series.imageIds[2] as string));
    const view = cache.getImage(series.imageIds[2] as string) as Types.IImage;
    expect(view.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
    expect(pixelsOf(view)).toEqual(stored(2));
    expect(view.voxelManager?.getAtIJK(4, 2, 0)).toBe(series.voxel(2, 14));
    expect(cache.getCacheSize()).toBe(before);
  });

  it('are not in the image cache when that is turned off, and still come without a request', async () => {
    start({ count: 3 }, false);
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const [imageId = ''] = series.imageIds;
    expect(cache.getImageLoadObject(imageId)).toBeUndefined();
    const image = await imageLoader.loadAndCacheImage(imageId);
    expect(pixelsOf(image)).toEqual(stored(0));
    expect(series.requests.length).toBe(3);
    const size = cache.getCacheSize();
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(cache.getImageLoadObject(imageId)).toBeUndefined();
    expect(cache.getCacheSize()).toBe(size - volume.sizeInBytes);
  });

  it('loadAndCacheImage of a loaded frame makes no request', async () => {
    start({ count: 3 });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    for (const ignoreCache of [false, true]) {
      const options = { priority: 0, requestType: 'prefetch', ignoreCache };
      const image = await imageLoader.loadAndCacheImage(series.imageIds[1] as string, options);
      expect(pixelsOf(image)).toEqual(stored(1));
    }
    expect(series.requests.length).toBe(3);
  });

  it('loads a frame once for the volume and all other callers', async () => {
    start({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    const [imageId = ''] = series.imageIds;
    const beforeLoad = imageLoader.loadAndCacheImage(imageId);
    const loaded = volume.load();
    const duringLoad = imageLoader.loadImage(series.imageIds[2] as string);
    await until(() => {
      series.answer();
      return volume.framesProcessed === 3;
    });
    await loaded;
    expect(pixelsOf(await beforeLoad)).toEqual(stored(0));
    expect(pixelsOf(await duringLoad)).toEqual(stored(2));
    expect(series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  it('come to others also when the load of the volume is cancelled meanwhile', async () => {
    start({ count: 3, held: true });
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    const middle = imageLoader.loadAndCacheImage(series.imageIds[1] as string);
    volume.cancelLoading();
    series.requests.forEach(({ reject }) => {
      reject(new Error('aborted'));
    });
    await expectAsync(loaded).toBeRejected();
    await until(() => {
      series.answer();
      return volume.framesLoaded > 0;
    });
    expect(pixelsOf(await middle)).toEqual(stored(1));
    expect(volume.framesLoaded).toBe(1);
  });

  it('D8: keep their pixels when the volume is destroyed', async () => {
    start({ count: 3 });
    const volume = await createVolume(series.imageIds);
    await volume.load();
    const copy = volume.convertToCornerstoneImage(series.imageIds[1] as string, 1);
    const [view] = volume.getCornerstoneImages();
    cache.removeVolumeLoadObject(volume.volumeId);
    volume.destroy();
    expect(pixelsOf(copy)).toEqual(stored(1));
    expect(pixelsOf(view as Types.IImage)).toEqual(stored(0));
  });

  itDraws('D12: the default window of a volume takes no request of its own', async () => {
    start({ count: 5, columns: 16, rows: 16, pixels: gradient });
    const volume = await createVolume(series.imageIds);
    const engine = new RenderingEngine('images-spec');
    const element = document.createElement('div');
    element.style.width = '64px';
    element.style.height = '64px';
    document.body.append(element);
    engine.enableElement({
      viewportId: 'axial',
      element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
    });
    await setVolumesForViewports(engine, [{ volumeId: volume.volumeId }], ['axial']);
    const viewport = engine.getViewport<Types.IVolumeViewport>('axial');
    expect(viewport.getProperties()?.voiRange).toEqual({ lower: 2000, upper: 2255 });
    await volume.load();
    await setVolumesForViewports(engine, [{ volumeId: volume.volumeId }], ['axial']);
    expect(series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    element.remove();
  });

  it('is given up with the volume when an application drops the volume behind its back', async () => {
    start({ count: 3 });
    const before = cache.getCacheSize();
    const volume = await createVolume(series.imageIds);
    await volume.load();
    await until(() => series.imageIds.every((imageId) => cache.isLoaded(imageId)));
    for (const imageId of series.imageIds) {
      cache.removeImageLoadObject(imageId, { force: true });
    }
    (cache as unknown as { _volumeCache: Map<string, unknown> })._volumeCache.delete(
      volume.volumeId,
    );
    await until(() => cache.getCacheSize() === before);
    await expectAsync(volume.load()).toBeRejectedWith(
      jasmine.objectContaining({ code: 'volume-removed' }) as unknown,
    );
  });
});

function gradient(slice: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, i) => 1000 * slice + i);
}

import { cache, Enums, imageLoader, utilities } from '@cornerstonejs/core';
import { createVolume } from '../../support/createVolume.js';
import { until } from '../../support/until.js';
import { useSyntheticSeries } from '../../support/useSyntheticSeries.js';

const { FULL_RESOLUTION, LOSSY, SUBRESOLUTION } = Enums.ImageQualityStatus;
const { imageRetrieveMetadataProvider } = utilities;
const PIXELS_PER_FRAME = 15;
const COUNT = 2;

/** What changes an Image of the series into one of another quality, whose pixels have one value. */
function ofQuality(imageQualityStatus: number): Record<string, unknown> {
  const pixels = Uint16Array.from({ length: PIXELS_PER_FRAME }, () => 77);
  return {
    imageQualityStatus,
    getPixelData: () => pixels,
    voxelManager: undefined,
    minPixelValue: 77,
    maxPixelValue: 77,
  };
}

describe('An Image that another caller has requested', () => {
  const newSeries = useSyntheticSeries();

  function openJoined() {
    const series = newSeries({ count: COUNT, held: true });
    for (const imageId of series.imageIds) {
      // As imageLoader.loadAndCacheImage does, which leaves a rejection unhandled.
      const promise = imageLoader.loadImage(imageId);
      cache.putImageLoadObject(imageId, { promise }).catch(() => undefined);
    }
    return series;
  }

  it('is requested again where it comes in a lower quality', async () => {
    const series = openJoined();
    const volume = await createVolume(series.imageIds, { maxInFlight: COUNT });
    const loaded = volume.load();
    expect(series.requests.length).toBe(COUNT);
    series.requests.forEach((request) => request.resolve(ofQuality(SUBRESOLUTION)));
    await until(() => series.requests.length === 2 * COUNT);
    series.answer();
    expect((await loaded).failed).toEqual([]);
    expect(volume.frameQualities).toEqual([FULL_RESOLUTION, FULL_RESOLUTION]);
    expect(volume.getScalarData()[0]).toBe(series.voxel(0, 0));
  });

  it('is requested again where its caller has cancelled it', async () => {
    const series = openJoined();
    const volume = await createVolume(series.imageIds, { maxInFlight: COUNT, retries: 0 });
    const loaded = volume.load();
    series.requests.forEach((request) =>
      request.reject(new DOMException('The other has left', 'AbortError')),
    );
    await until(() => series.requests.length === 2 * COUNT);
    series.answer();
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
    expect(volume.getScalarData()[0]).toBe(series.voxel(0, 0));
  });

  it('is not requested again after the load was cancelled', async () => {
    const series = openJoined();
    const volume = await createVolume(series.imageIds, { maxInFlight: COUNT });
    const loaded = volume.load();
    volume.cancelLoading();
    await expectAsync(loaded).toBeRejected();
    series.requests.forEach((request) => request.reject(new Error('gone')));
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    expect(series.requests.length).toBe(COUNT);
  });
});

describe('A frame that has ended with a lower quality', () => {
  const newSeries = useSyntheticSeries();
  let state: ReturnType<typeof imageRetrieveMetadataProvider.clone>;

  beforeEach(() => {
    state = imageRetrieveMetadataProvider.clone();
  });

  afterEach(() => {
    imageRetrieveMetadataProvider.restore(state);
  });

  /** A volume that is configured to load lossy frames, and has. */
  async function loadLossy() {
    const volumeId = 'cornerstoneStreamingImageVolume:lossy';
    imageRetrieveMetadataProvider.add(volumeId, {
      stages: [{ id: 'only', retrieveType: 'lossy' }],
      retrieveOptions: { lossy: { urlArguments: 'lossy=jhc' } },
    });
    const series = newSeries({ count: COUNT, held: true });
    const volume = await createVolume(series.imageIds, { volumeId, maxInFlight: COUNT });
    const loaded = volume.load();
    await until(() => series.requests.length === COUNT);
    series.requests.forEach((request) => request.resolve(ofQuality(LOSSY)));
    await loaded;
    expect(volume.frameQualities).toEqual([LOSSY, LOSSY]);
    return { series, volume };
  }

  it('is requested by another volume', async () => {
    const { series } = await loadLossy();
    const volume = await createVolume(series.imageIds, { maxInFlight: COUNT });
    const loaded = volume.load();
    await until(() => series.requests.length === 2 * COUNT);
    series.answer();
    await loaded;
    expect(volume.frameQualities).toEqual([FULL_RESOLUTION, FULL_RESOLUTION]);
    expect(volume.getScalarData()[0]).toBe(series.voxel(0, 0));
  });

  it('says so as an Image, in the image cache and out of it', async () => {
    const { series, volume } = await loadLossy();
    const [imageId = ''] = series.imageIds;
    expect(cache.getImage(imageId)?.imageQualityStatus).toBe(LOSSY);
    expect(volume.getCornerstoneImages()[0]?.imageQualityStatus).toBe(LOSSY);
    cache.removeVolumeLoadObject(volume.volumeId);
  });
});

describe('A frame that is requested a second time, for its pixel cells', () => {
  const newSeries = useSyntheticSeries();

  it('is aborted with the load', async () => {
    const series = newSeries({ count: COUNT, held: true, slope: () => 0.5 });
    const volume = await createVolume(series.imageIds, { maxInFlight: COUNT });
    const loaded = volume.load();
    await until(() => series.requests.length === COUNT);
    // Integers that are said to be modality values have lost their fractions.
    const pixels = Int16Array.from({ length: PIXELS_PER_FRAME }, () => 3);
    const scalingParameters = { rescaleSlope: 0.5, rescaleIntercept: 0, modality: 'CT' };
    series.requests[0]?.resolve({
      getPixelData: () => pixels,
      voxelManager: undefined,
      minPixelValue: 3,
      maxPixelValue: 3,
      preScale: { enabled: true, scaled: true, scalingParameters },
    });
    await until(() => series.requests.length === COUNT + 1);
    volume.cancelLoading();
    await expectAsync(loaded).toBeRejected();
    const signal = series.requests[COUNT]?.options['signal'] as AbortSignal | undefined;
    expect(signal?.aborted).toBeTrue();
    series.answer();
  });
});

import { cache, Enums, imageLoader, metaData, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, prefetchVolume } from '../../src/index.js';
import type { IrregularPolicy, StreamingImageVolume } from '../../src/index.js';
import { startCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { eventsOf } from '../support/events.js';
import type { SyntheticSeries, SyntheticSeriesOptions } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

const SPACING = 2.5;
/** Slices of a stack in which the fifth and the sixth of ten are missing. */
const PLACES = [0, 1, 2, 3, 6, 7, 8, 9];

describe('A volume of a stack that is made regular', () => {
  const makeSeries = useSyntheticSeries();

  /** Slices at these multiples of the slice distance. */
  function seriesAt(
    places: readonly number[],
    options: Partial<SyntheticSeriesOptions> = {},
  ): SyntheticSeries {
    return makeSeries({
      count: places.length,
      position: (slice) => [-10, -20, 5 + SPACING * (places[slice] ?? 0)],
      ...options,
    });
  }

  async function codesOfRefusal(
    imageIds: readonly string[],
    onIrregular: IrregularPolicy,
  ): Promise<string[]> {
    const outcome: unknown = await createVolume(imageIds, { onIrregular }).catch(
      (error: unknown) => error,
    );
    if (!isStreamingVolumeError(outcome, 'not-a-volume')) {
      throw new Error(`Expected a refusal, got ${String(outcome)}`);
    }
    return outcome.reasons.map(({ code }) => code);
  }

  function voxelsAt(volume: StreamingImageVolume, index: number): number[] {
    const size = volume.dimensions[0] * volume.dimensions[1];
    return [...volume.getScalarData().subarray(index * size, (index + 1) * size)];
  }

  function sliceOf(series: SyntheticSeries, frame: number): number[] {
    return Array.from({ length: 15 }, (_, i) => series.voxel(frame, i));
  }

  it('has a regular grid with absent slices where frames are missing, and says so', async () => {
    const series = seriesAt(PLACES);
    const volume = await createVolume(series.imageIds.toReversed(), { onIrregular: 'nearest' });
    expect(volume.dimensions).toEqual([5, 3, 10]);
    expect(volume.spacing[2]).toBeCloseTo(SPACING, 9);
    expect(volume.origin).toEqual([-10, -20, 5]);
    const { warnings, absentSlices, resampledSlices, policy, leftOut, worstOffsetInMm } =
      volume.geometryReport;
    expect(policy).toBe('nearest');
    expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([
      ['missing-slices', 'warning'],
    ]);
    expect(absentSlices.map(({ imageIdIndex }) => imageIdIndex)).toEqual([4, 5]);
    expect(absentSlices.map(({ positionInMm }) => positionInMm)).toEqual([
      [-10, -20, 15],
      [-10, -20, 17.5],
    ]);
    expect([resampledSlices, leftOut]).toEqual([[], []]);
    expect(worstOffsetInMm).toBeCloseTo(0, 9);
    expect(await volume.load()).toEqual({ framesLoaded: 8, failed: [] });
    PLACES.forEach((place, frame) => {
      expect(voxelsAt(volume, place)).toEqual(sliceOf(series, frame));
    });
    expect(voxelsAt(volume, 4)).toEqual(Array(15).fill(0));
  });

  it('counts absent slices as ended, but neither as loaded nor as failed', async () => {
    const series = seriesAt(PLACES, { held: true });
    const completed = eventsOf(Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    const modified = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    const volume = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    expect(volume.frameStates.map((state) => (state === 'absent' ? 'x' : '.')).join('')).toBe(
      '....xx....',
    );
    expect([volume.framesLoaded, volume.framesProcessed]).toEqual([0, 2]);
    const callback = jasmine.createSpy('callback');
    const loading = volume.load(callback);
    expect(volume.loadStatus.loading).toBeTrue();
    volume.cancelLoading();
    await expectAsync(loading).toBeRejected();
    expect(volume.frameStates.filter((state) => state === 'absent').length).toBe(2);
    expect(volume.getImageLoadRequests().length).toBe(8);
    const again = volume.load(callback);
    await until(() => {
      series.answer();
      return volume.loadStatus.loaded;
    });
    await again;
    expect(callback.calls.allArgs()).toEqual([
      [
        {
          success: true,
          framesLoaded: 8,
          framesProcessed: 10,
          numFrames: 10,
          totalNumFrames: 10,
        },
      ],
    ]);
    expect(volume.progress).toEqual(
      jasmine.objectContaining({ framesLoaded: 8, framesAbsent: 2, framesTotal: 10 }),
    );
    expect(volume.failedFrames).toEqual([]);
    expect(completed.details.length).toBe(1);
    expect(modified.details.at(-1)).toEqual(jasmine.objectContaining({ framesProcessed: 10 }));
    expect(new Set(series.requests.map((request) => request.slice)).size).toBe(8);
  });

  it('has an imageId, metadata and an Image for an absent slice', async () => {
    const series = seriesAt(PLACES);
    const volume = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    const imageId = volume.imageIds[5] as string;
    expect(new Set(volume.imageIds).size).toBe(10);
    expect(volume.getImageIdIndex(imageId)).toBe(5);
    expect(volume.getImageURIIndex(utilities.imageIdToURI(imageId))).toBe(5);
    const plane = metaData.get('imagePlaneModule', imageId) as { imagePositionPatient: number[] };
    expect(plane).toEqual(jasmine.objectContaining({ rows: 3, columns: 5, rowPixelSpacing: 0.8 }));
    expect(plane.imagePositionPatient).toEqual([-10, -20, 17.5]);
    expect(metaData.get('generalSeriesModule', imageId)).toEqual(
      metaData.get('generalSeriesModule', series.imageIds[0] as string),
    );
    for (const type of ['sopCommonModule', 'generalImageModule', 'instance', 'frameModule']) {
      expect(metaData.get(type, imageId)).withContext(type).toBeUndefined();
    }
    const normal: Types.Point3 = [0, 0, 1];
    const closest = utilities.getClosestImageId(volume, [0, 0, 17.4], normal);
    expect(closest).toBe(imageId);

    // Cornerstone asks for the middle slice to find the first window.
    const image = await imageLoader.loadImage(imageId);
    expect([...image.getPixelData()]).toEqual(Array(15).fill(0));
    expect(image.voxelManager?.getMinMax()).toEqual({ min: 400, max: 514 });
    await volume.load();
    expect(cache.getImage(imageId)?.getPixelData().length).toBe(15);
    expect(volume.getCornerstoneImages().length).toBe(10);
    expect(volume.convertToCornerstoneImage(imageId).rows).toBe(3);
    expect(volume.voxelManager?.getRange()).toEqual([100, 814]);
  });

  it('gives back what absent slices have in the image cache', async () => {
    const volume = await createVolume(seriesAt(PLACES).imageIds, { onIrregular: 'nearest' });
    await volume.load();
    const imageId = volume.imageIds[4] as string;
    expect(cache.getImageLoadObject(imageId)).toBeDefined();
    volume.removeFromCache();
    expect(cache.getImageLoadObject(imageId)).toBeUndefined();
    expect(cache.getCacheSize()).toBe(0);
    await expectAsync(imageLoader.loadImage(imageId)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'frame-not-loaded' }),
    );
  });

  it('puts slices beside the grid at the nearest place, and says how far they were moved', async () => {
    const series = seriesAt([0, 1, 2.3, 3, 4, 5, 6.6, 7.6, 8.6]);
    const volume = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    expect(volume.dimensions[2]).toBe(10);
    expect(volume.geometryReport.absentSlices.map(({ imageIdIndex }) => imageIdIndex)).toEqual([6]);
    expect(volume.geometryReport.worstOffsetInMm).toBeCloseTo(0.4 * SPACING, 6);
    expect(volume.getImageIdIndex(series.imageIds[6] as string)).toBe(7);
  });

  it('keeps the first of several frames at one place, and names the others', async () => {
    const series = seriesAt([0, 1, 2, 3, 2, 4, 5]);
    const volume = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    expect(volume.dimensions[2]).toBe(6);
    expect(volume.imageIds).not.toContain(series.imageIds[4] as string);
    expect(volume.geometryReport.leftOut).toEqual([series.imageIds[4] as string]);
    expect((await volume.load()).framesLoaded).toBe(6);
    expect(voxelsAt(volume, 2)).toEqual(sliceOf(series, 2));
  });

  it('interpolates absent slices as soon as both neighbours are loaded', async () => {
    const series = seriesAt(PLACES, { held: true });
    const volume = await createVolume(series.imageIds, {
      onIrregular: 'resample',
      frameOrder: (count) => Array.from({ length: count }, (_, index) => index),
    });
    const { absentSlices, resampledSlices, policy } = volume.geometryReport;
    expect([policy, absentSlices]).toEqual(['resample', []]);
    expect(resampledSlices.map(({ imageIdIndex }) => imageIdIndex)).toEqual([4, 5]);
    const loading = volume.load();
    const [before, behind] = [volume.imageIds[3] as string, volume.imageIds[6] as string];
    const answer = async (imageId: string): Promise<void> => {
      const imageIdIndex = volume.imageIds.indexOf(imageId);
      await until(() => {
        series.answer(series.imageIds.indexOf(imageId));
        return volume.frameStates[imageIdIndex] === 'loaded';
      });
    };
    await answer(before);
    expect(voxelsAt(volume, 4)).toEqual(Array(15).fill(0));
    await answer(behind);
    const blend = (weight: number) =>
      Array.from({ length: 15 }, (_, i) =>
        Math.round(series.voxel(3, i) + weight * (series.voxel(4, i) - series.voxel(3, i))),
      );
    expect(voxelsAt(volume, 4)).toEqual(blend(1 / 3));
    expect(voxelsAt(volume, 5)).toEqual(blend(2 / 3));
    const texture = volume.vtkOpenGLTexture as unknown as { getUpdatedFrames(): boolean[] };
    expect(texture.getUpdatedFrames().slice(4, 6)).toEqual([true, true]);
    expect(volume.frameStates[4]).toBe('absent');
    for (const imageId of series.imageIds) {
      await answer(imageId);
    }
    expect(await loading).toEqual({ framesLoaded: 8, failed: [] });
    expect(volume.convertToCornerstoneImage(volume.imageIds[5] as string).minPixelValue).toBe(467);
  });

  it('interpolates fractions of modality values', async () => {
    const series = seriesAt(PLACES, { slope: (i) => 0.25 * (i + 1), modality: 'PT' });
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    await volume.load();
    const [before, behind] = [series.voxel(3, 7), series.voxel(4, 7)];
    expect(voxelsAt(volume, 4)[7]).toBeCloseTo(before + (behind - before) / 3, 3);
  });

  it('leaves out what lies beside a frame that failed', async () => {
    const series = seriesAt(PLACES, { held: true });
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample', retries: 0 });
    const loading = volume.load();
    await until(() => {
      series.requests.forEach((request) => {
        if (request.slice === 3) {
          request.reject(new Error('no such frame'));
        } else {
          request.resolve();
        }
      });
      return !volume.loadStatus.loading;
    });
    const { failed } = await loading;
    expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([3]);
    expect(voxelsAt(volume, 4)).toEqual(Array(15).fill(0));
    expect(volume.loadStatus.loaded).toBeFalse();
  });

  it('takes over a volume that was filled beforehand, when its slices are the same', async () => {
    const series = seriesAt(PLACES);
    await prefetchVolume(series.imageIds, { onIrregular: 'resample' });
    const blank = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    expect(blank.framesLoaded).toBe(0);
    const volume = await createVolume(series.imageIds, { onIrregular: 'resample' });
    expect(volume.framesLoaded).toBe(8);
    expect(voxelsAt(volume, 5)[0]).toBe(467);
  });

  it('is made so by default, when the registration says so', async () => {
    startCornerstone({ onIrregular: 'nearest' });
    const { imageIds } = seriesAt(PLACES);
    const volume = await createVolume(imageIds);
    expect(volume.geometryReport.policy).toBe('nearest');
    expect(await codesOfRefusal(imageIds, 'reject')).toEqual(['missing-slices']);
  });

  it('is as without the option where nothing is irregular', async () => {
    const { imageIds } = seriesAt([0, 1, 2, 3]);
    const volume = await createVolume(imageIds, { onIrregular: 'nearest' });
    const { policy, absentSlices, worstOffsetInMm, leftOut, warnings } = volume.geometryReport;
    expect([policy, worstOffsetInMm]).toEqual(['reject', 0]);
    expect([absentSlices, leftOut, warnings]).toEqual([[], [], []]);
  });

  it('is refused where a grid does not help', async () => {
    const tilted = seriesAt(PLACES, { position: (i) => [-10, -20 + i, SPACING * i] });
    expect(await codesOfRefusal(tilted.imageIds, 'nearest')).toEqual(['gantry-tilt']);
    const one = seriesAt([0]);
    expect(await codesOfRefusal(one.imageIds, 'nearest')).toEqual(['not-enough-frames']);
    await expectAsync(
      createVolume(seriesAt(PLACES).imageIds, { onIrregular: 'guess' as never }),
    ).toBeRejectedWithError(TypeError, /onIrregular.*reject, nearest, resample.*guess/);
  });
});

import { cache, eventTarget, Enums, volumeLoader } from '@cornerstonejs/core';
import { checkVolumeEligibility, isStreamingVolumeError } from '../../src/index.js';
import type { StreamingVolumeError } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { eventsOf } from '../support/events.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';

describe('Creating a volume', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startCornerstone();
    series = new SyntheticSeries({ count: 8, columns: 32, rows: 16 });
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  async function errorOf(promise: Promise<unknown>): Promise<StreamingVolumeError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isStreamingVolumeError(error)).toBeTrue();
    return error as StreamingVolumeError;
  }

  it('places the volume as the headers say, and does not change the array it is given', async () => {
    const shuffled = [3, 0, 7, 1, 6, 2, 5, 4].map((slice) => series.imageIds[slice] as string);
    const given = [...shuffled];
    const volume = await createVolume(given);
    expect(given).toEqual(shuffled);
    expect(volume.imageIds).toEqual(series.imageIds);
    expect(volume.dimensions).toEqual([32, 16, 8]);
    expect(volume.spacing).toEqual([0.7, 0.8, 2.5]);
    expect(volume.origin).toEqual([-10, -20, 0]);
    expect(volume.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(volume.imageData?.getDimensions()).toEqual([32, 16, 8]);
    expect(volume.hasPixelSpacing).toBeTrue();
    expect(volume.metadata).toEqual(
      jasmine.objectContaining({ Modality: 'CT', Rows: 16, Columns: 32, BitsStored: 16 }),
    );
    expect(cache.getVolume(volume.volumeId) as unknown).toBe(volume);
  });

  it('D7: refuses a volume that the cache cannot hold, and leaves nothing behind', async () => {
    cache.setMaxCacheSize(5 * 32 * 16 * 2);
    const volumeId = newVolumeId();
    const before = cache.getCacheSize();
    const sharedBuffers =
      typeof SharedArrayBuffer === 'function' ? spyOn(window, 'SharedArrayBuffer') : undefined;
    const failures = eventsOf(Enums.Events.VOLUME_LOADED_FAILED);
    const error = await errorOf(createVolume(series.imageIds, { volumeId }));
    expect(error.code).toBe('cache-size-exceeded');
    expect(error.volumeId).toBe(volumeId);
    expect(error.imageIds).toEqual(series.imageIds);
    // One byte is asked for to see whether memory can be shared.
    expect((sharedBuffers?.calls.allArgs() ?? []).filter(([bytes = 0]) => bytes > 1)).toEqual([]);
    expect(cache.getCacheSize()).toBe(before);
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    expect(failures.details).toEqual([{ volumeId, error }]);
    expect(series.requests.length).toBe(0);
  });

  it('evicts Images that nobody holds to make room for a volume', async () => {
    const bytes = 8 * 32 * 16 * 2;
    const others = new SyntheticSeries({ count: 2, columns: 32, rows: 16 });
    others.imageIds.forEach((imageId, slice) => {
      cache.putImageSync(imageId, others.image(slice));
    });
    cache.setMaxCacheSize(bytes + 100);
    const volume = await createVolume(series.imageIds);
    expect(others.imageIds.map((imageId) => cache.isLoaded(imageId))).toEqual([false, false]);
    expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
    others.dispose();
  });

  it('says which imageIds have no metadata', async () => {
    const error = await errorOf(createVolume([...series.imageIds, 'nobody:1', 'nobody:2']));
    expect(error.code).toBe('metadata-missing');
    expect(error.imageIds).toEqual(['nobody:1', 'nobody:2']);
    expect(error.reasons.map(({ code }) => code)).toEqual(['metadata-missing']);
  });

  it('says why imageIds are not a volume', async () => {
    const incomplete = series.imageIds.toSpliced(3, 1);
    const error = await errorOf(createVolume(incomplete));
    expect(error.code).toBe('not-a-volume');
    expect(error.reasons.map(({ code }) => code)).toEqual(['missing-slices']);
    const { eligible, reasons } = checkVolumeEligibility(incomplete);
    expect(eligible).toBeFalse();
    expect(reasons).toEqual(error.reasons);
    expect(checkVolumeEligibility(series.imageIds).reasons).toEqual([]);
  });

  it('refuses an empty list, and imageIds that are not there at all', async () => {
    const error = await errorOf(createVolume([]));
    expect(error.code).toBe('not-a-volume');
    expect(error.reasons.map(({ code }) => code)).toEqual(['not-enough-frames']);
    await expectAsync(
      volumeLoader.createAndCacheVolume(newVolumeId(), {} as never),
    ).toBeRejectedWithError(TypeError, /imageIds/);
  });

  it('refuses options that make no sense', async () => {
    await expectAsync(createVolume(series.imageIds, { maxInFlight: 0 })).toBeRejectedWithError(
      TypeError,
      /maxInFlight.*0/,
    );
  });

  it('adds no listener for good', async () => {
    const added = spyOn(eventTarget, 'addEventListener').and.callThrough();
    const removed = spyOn(eventTarget, 'removeEventListener').and.callThrough();
    await createVolume(series.imageIds);
    expect(added.calls.allArgs()).toEqual(removed.calls.allArgs());
  });
});

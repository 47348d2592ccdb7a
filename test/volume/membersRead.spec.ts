import { cache, Enums, imageLoadPoolManager, ImageVolume } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { eventsOf } from '../support/events.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('The members of a volume that Cornerstone reads', () => {
  let series: SyntheticSeries;
  let volume: StreamingImageVolume;

  beforeEach(async () => {
    startCornerstone();
    series = new SyntheticSeries({ count: 4 });
    volume = await createVolume(series.imageIds);
  });

  afterEach(() => {
    series.dispose();
    stopCornerstone();
  });

  it('are those of an ImageVolume of one time point that was derived from nothing', () => {
    expect(volume).toBeInstanceOf(ImageVolume);
    expect(volume.isDynamicVolume()).toBeFalse();
    expect(volume.hasPixelSpacing).toBeTrue();
    expect(volume.referencedVolumeId).toBeUndefined();
    expect(volume.referencedImageIds).toBeUndefined();
    expect(volume.metadata).toEqual(
      jasmine.objectContaining({
        FrameOfReferenceUID: `1.2.3.${series.scheme.slice('synthetic'.length)}`,
        Modality: 'CT',
        BitsStored: 16,
        SeriesInstanceUID: `1.2.4.${series.scheme}`,
      }),
    );
  });

  it('have nothing of a 4D volume, which tools that play clips check before they read it', () => {
    // playClip and volumeLoader ask the method, planarSliceBasis looks for the function.
    expect(volume.isDynamicVolume()).toBeFalse();
    for (const member of [
      'dimensionGroupNumber',
      'numDimensionGroups',
      'scroll',
      'getCurrentDimensionGroupImageIds',
      'flatImageIdIndexToImageIdIndex',
    ]) {
      expect(member in volume)
        .withContext(member)
        .toBeFalse();
    }
  });

  it('are in the image data that mappers and tools have instead of the volume', () => {
    const { imageData, voxelManager } = volume;
    const get = (name: string): unknown => imageData?.get(name)[name as never];
    expect(get('voxelManager')).toBe(voxelManager);
    expect(get('dataType')).toBe('Uint16Array');
    expect(get('numberOfComponents')).toBe(1);
  });

  it('find a slice by its imageId, and by its address under another scheme', async () => {
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
    const ct = await createVolume(imageIds);
    const imageId = ct.imageIds[5] as string;
    const uri = imageId.slice('wadors:'.length);
    expect(ct.getImageIdIndex(imageId)).toBe(5);
    expect(ct.getImageURIIndex(uri)).toBe(5);
    const found = cache.getVolumeContainingImageId(`wadouri:${uri}`);
    expect(found?.volume as unknown).toBe(ct);
    expect(found?.imageIdIndex).toBe(5);
    expect(cache.getVolumeContainingImageId(`${imageId}0`)).toBeUndefined();
  });

  it('let a strategy of an application order and run the requests', async () => {
    const added = eventsOf(Enums.Events.IMAGE_CACHE_IMAGE_ADDED);
    const requests = volume
      .getImageLoadRequests(3)
      .toSorted((a, b) => a.imageIdIndex - b.imageIdIndex);
    for (const request of requests) {
      const { callLoadImage, imageId, imageIdIndex, options, requestType, priority } = request;
      imageLoadPoolManager.addRequest(
        callLoadImage.bind(null, imageId, imageIdIndex, options),
        requestType,
        request.additionalDetails,
        priority,
      );
    }
    await until(() => volume.framesLoaded === 4);
    expect(series.requests.map(({ slice }) => slice)).toEqual([0, 1, 2, 3]);
    expect(volume.loadStatus.loaded).toBeTrue();
    expect(volume.framesProcessed).toBe(4);
    expect(volume.framesUpdated).toBe(4);
    expect(volume.getScalarData()[3 * 15 + 2]).toBe(series.voxel(3, 2));
    await until(() => added.details.length === 4);
    expect(series.imageIds.every((imageId) => cache.isLoaded(imageId))).toBeTrue();
  });

  it('have each frame come into the image cache once, and go with the volume', async () => {
    const added = eventsOf(Enums.Events.IMAGE_CACHE_IMAGE_ADDED);
    const removed = eventsOf(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED);
    await volume.load();
    await until(() => added.details.length >= 4);
    const came = (added.details as { image: { imageId: string } }[]).map(
      ({ image }) => image.imageId,
    );
    expect(came.toSorted()).toEqual(series.imageIds.toSorted());
    expect(removed.details).toEqual([]);
    cache.removeVolumeLoadObject(volume.volumeId);
    const went = (removed.details as { imageId: string }[]).map(({ imageId }) => imageId);
    expect(went.toSorted()).toEqual(series.imageIds.toSorted());
  });
});

import { cache, Enums, utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { createVolumeFromImages } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { Pane } from '../rendering/support/Pane.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId } from '../support/cornerstone.js';
import {
  clearRequests,
  countFrameRequests,
  dicomWebRoot,
  fetchSeries,
} from '../support/dicomWebSeries.js';
import type { DicomWebSeries } from '../support/dicomWebSeries.js';
import { itDraws } from '../support/itDraws.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const CT = 'ct-uint12';

describe('A stack viewport and a volume of one series', () => {
  let series: DicomWebSeries;

  beforeEach(async () => {
    startDrawing();
    series = await fetchSeries(dicomWebRoot(`synthetic/${CT}`) as string);
    await clearRequests();
  });

  afterEach(() => {
    stopDrawing();
  });

  async function showStack(
    imageIds: readonly string[],
    index: number,
  ): Promise<Pane<Types.IStackViewport>> {
    const pane = new Pane<Types.IStackViewport>(Enums.ViewportType.STACK);
    await pane.viewport.setStack([...imageIds], index);
    return pane;
  }

  async function loadedVolume(): Promise<StreamingImageVolume> {
    const volume = await createVolume(series.imageIds);
    await volume.load();
    await clearRequests();
    return volume;
  }

  for (const scheme of ['wadors', 'wadouri', 'dicomweb']) {
    it(`make one download of it, when the stack asks by ${scheme}`, async () => {
      const volume = await loadedVolume();
      const imageIds = volume.imageIds.map((imageId) => imageId.replace('wadors', scheme));
      const before = cache.getCacheSize();
      const pane = await showStack(imageIds, 10);
      const image = pane.viewport.getCornerstoneImage();
      expect(image.imageId).toBe(imageIds[10] as string);
      expect(image.getPixelData().buffer as unknown).toBe(volume.getScalarData().buffer);
      expect(image.getPixelData()[5]).toBe(volume.getScalarData()[10 * 64 * 48 + 5] as number);
      // Center 400, width 1600.
      expect(pane.viewport.getProperties().voiRange).toEqual({ lower: -400, upper: 1199 });
      expect([image.rowPixelSpacing, image.columnPixelSpacing]).toEqual([1.5, 0.75]);
      expect(pane.viewport.getImageData().spacing.slice(0, 2)).toEqual([0.75, 1.5]);
      expect(await countFrameRequests()).toBe(0);
      expect(cache.getCacheSize()).toBe(before);
      cache.removeVolumeLoadObject(volume.volumeId);
      expect(imageIds.some((imageId) => cache.getImageLoadObject(imageId))).toBeFalse();
    });
  }

  // Cornerstone's stack viewport reads no calibration where the CPU draws (core's StackViewport.getImageDataMetadata).
  itDraws('have the calibration that was given to the series', async () => {
    const volume = await loadedVolume();
    const imageId = volume.imageIds[10] as string;
    utilities.calibratedPixelSpacingMetadataProvider.add(imageId, {
      scale: 2,
      type: Enums.CalibrationTypes.USER,
    });
    for (const scheme of ['wadors', 'dicomweb']) {
      const { viewport } = await showStack([imageId.replace('wadors', scheme)], 0);
      expect(viewport.getImageData().calibration?.scale).withContext(scheme).toBe(2);
    }
    utilities.calibratedPixelSpacingMetadataProvider.add(imageId, undefined as never);
    expect(await countFrameRequests()).toBe(0);
  });

  it('make one download of it when the stack came first', async () => {
    const pane = await showStack(series.imageIds, 3);
    await pane.viewport.setImageIdIndex(4);
    expect(await countFrameRequests()).toBe(2);
    const volume = await createVolume(series.imageIds);
    const loaded = volume.load();
    expect(volume.framesLoaded).toBe(2);
    await loaded;
    expect(firstWrongVoxel(volume, CT)).toBe('none');
    expect(await countFrameRequests()).toBe(series.imageIds.length);
    expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
  });

  it('make no request for a volume of the Images of a whole stack', async () => {
    const pane = await showStack(series.imageIds, 0);
    for (const index of series.imageIds.keys()) {
      await pane.viewport.setImageIdIndex(index);
    }
    await clearRequests();
    const volume = await createVolumeFromImages(newVolumeId(), series.imageIds);
    expect(firstWrongVoxel(volume, CT)).toBe('none');
    expect(await countFrameRequests()).toBe(0);
    expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
  });
});

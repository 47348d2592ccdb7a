import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { encodeRle } from '../support/encodeFrames.js';
import { imageElements, slicePixels } from '../support/imageElements.js';
import { overWadors } from '../support/openSeries.js';
import { frameRequests, resetServer } from '../support/serverControls.js';
import { until } from '../support/until.js';

describe('A volume whose metadata were purged says so of each frame,', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(() => {
    stopCornerstone();
  });

  async function expectMissing(
    volume: StreamingImageVolume,
    loaded: ReturnType<StreamingImageVolume['load']>,
  ): Promise<void> {
    const { failed } = await loaded;
    expect(failed.map(({ imageId }) => imageId)).toEqual([...volume.imageIds]);
    for (const { error, imageId } of failed) {
      expect(error).toEqual(
        jasmine.objectContaining({ code: 'metadata-missing', imageIds: [imageId] }),
      );
      expect(error.message).toContain(imageId);
      expect(error.message).not.toContain('destructure');
    }
  }

  for (const format of ['ct-uint12', 'rgb-uint8', 'mr-multi-frame']) {
    it(`over wadors: ${format}`, async () => {
      const { imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
      const volume = await createVolume(imageIds, { retries: 0 });
      wadors.metaDataManager.purge();
      await expectMissing(volume, volume.load());
      expect((await frameRequests()).length).toBe(0);
    });
  }

  async function openCompressed(): Promise<string[]> {
    const pixels = (slice: number): Uint8Array =>
      encodeRle({ columns: 4, rows: 3, bits: 16, values: slicePixels(slice) });
    return overWadors(
      [0, 1, 2].map((slice) => ({
        elements: imageElements({
          series: '1.2.826.14.0',
          number: slice + 1,
          position: [0, 0, 2 * slice],
        }),
        frames: [Uint8Array.from(pixels(slice))],
      })),
    );
  }

  it('while its compressed frames are on their way to the worker of dicom-image-loader', async () => {
    stopCornerstone();
    startCornerstone({ decodeInFrameWorkers: false });
    const imageIds = await openCompressed();
    const volume = await createVolume(imageIds, { retries: 0, maxInFlight: imageIds.length });
    const loaded = volume.load();
    await until(() => volume.frameStates.every((state) => state === 'loading'));
    wadors.metaDataManager.purge();
    await expectMissing(volume, loaded);
  });

  it('unless it needs none: compressed frames that frame workers decode', async () => {
    const imageIds = await openCompressed();
    const volume = await createVolume(imageIds, { retries: 0, maxInFlight: imageIds.length });
    const loaded = volume.load();
    await until(() => volume.frameStates.every((state) => state === 'loading'));
    wadors.metaDataManager.purge();
    expect((await loaded).failed).toEqual([]);
  });

  it('unless it needs none: native frames in colour that are on their way', async () => {
    const root = dicomWebRoot('synthetic/rgb-uint8') as string;
    const { imageIds } = await fetchSeries(root);
    const volume = await createVolume(imageIds, { retries: 0, maxInFlight: imageIds.length });
    const loaded = volume.load();
    await until(() => volume.frameStates.every((state) => state === 'loading'));
    wadors.metaDataManager.purge();
    expect((await loaded).failed).toEqual([]);
  });
});

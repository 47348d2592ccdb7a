import { cache, imageLoader } from '@cornerstonejs/core';
import {
  internal,
  prefetchPart10Instance,
  wadors,
  wadouri,
} from '@cornerstonejs/dicom-image-loader';
import { createVolumeWithoutMetadata } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import type { DicomWebSeries } from '../support/dicomWebSeries.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { karmaFixtures } from '../support/karmaFixtures.js';

const SLICES = 24;

interface Part10File {
  readonly url: string;
  readonly instance: DicomWebSeries['instances'][number];
}

describe('A series of Part 10 files', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  async function findFiles(format: string): Promise<Part10File[]> {
    const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
    const files = `${String(karmaFixtures['origin'])}/data/synthetic/${format}/files`;
    return instances.map((instance) => ({
      url: `${files}/${dicomText(instance, '00080018')}.dcm`,
      instance,
    }));
  }

  async function download({ url }: Part10File): Promise<ArrayBuffer> {
    return (await fetch(url)).arrayBuffer();
  }

  async function expectEveryVoxel(imageIds: readonly string[], format: string): Promise<void> {
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(volume.dimensions).toEqual([64, 48, SLICES]);
    expect(firstWrongVoxel(volume, format)).toBe('none');
  }

  for (const format of ['ct-uint12', 'ct-int16', 'us-uint8', 'pt-slope-per-slice', 'rgb-uint8']) {
    it(`has every voxel of ${format} over wadouri, with files that are there beforehand`, async () => {
      const files = await findFiles(format);
      const imageIds = await Promise.all(
        files.map(async (file) => {
          // Of its own, as Cornerstone keeps the headers of an address for good.
          const imageId = `wadouri:${file.url}?of=prefetch`;
          await prefetchPart10Instance(imageId, await download(file));
          return imageId;
        }),
      );
      await expectEveryVoxel(imageIds, format);
    });
  }

  for (const format of ['ct-uint12', 'pt-slope-per-slice']) {
    it(`has every voxel of ${format}, of files that nobody has looked into`, async () => {
      const files = await findFiles(format);
      const imageIds = files.map(({ url }) => `wadouri:${url}?of=nobody`);
      const volume = await createVolumeWithoutMetadata(newVolumeId(), imageIds);
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(volume, format)).toBe('none');
      expect(cache.getCacheSize()).toBe(volume.sizeInBytes);
    });
  }

  it('has every voxel over wadouri, with headers from elsewhere', async () => {
    const files = await findFiles('ct-uint12');
    const imageIds = files.map(({ url, instance }) => {
      const imageId = `wadouri:${url}`;
      wadors.metaDataManager.add(imageId, instance as never);
      return imageId;
    });
    await expectEveryVoxel(imageIds, 'ct-uint12');
  });

  it('has every voxel over dicomweb:, with images that were loaded beforehand', async () => {
    const files = await findFiles('ct-uint12');
    const imageIds = files.map(({ url }) => `dicomweb:${url}?of=images`);
    await Promise.all(imageIds.map((imageId) => imageLoader.loadImage(imageId)));
    await expectEveryVoxel(imageIds, 'ct-uint12');
  });

  it('has every voxel of a file of many frames', async () => {
    const [file] = await findFiles('mr-multi-frame');
    const base = `wadouri:${file?.url}`;
    await prefetchPart10Instance(base, await download(file as Part10File));
    const imageIds = Array.from({ length: SLICES }, (_, i) => `${base}?frame=${i + 1}`);
    await expectEveryVoxel(imageIds, 'mr-multi-frame');
  });

  it('has every voxel of files from the disk', async () => {
    const files = await findFiles('ct-uint12');
    const imageIds = await Promise.all(
      files.map(async (file) =>
        wadouri.fileManager.add(new File([await download(file)], 'slice.dcm')),
      ),
    );
    await Promise.all(imageIds.map((imageId) => imageLoader.loadImage(imageId)));
    await expectEveryVoxel(imageIds, 'ct-uint12');
  });

  describe('with the data set cache of dicom-image-loader', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    it('has every voxel over wadouri', async () => {
      const files = await findFiles('ct-uint12');
      const imageIds = files.map(({ url }) => `wadouri:${url}?of=legacy`);
      await Promise.all(
        imageIds.map((imageId) =>
          wadouri.dataSetCacheManager.load(
            imageId.slice('wadouri:'.length),
            internal.xhrRequest as never,
            imageId,
          ),
        ),
      );
      await expectEveryVoxel(imageIds, 'ct-uint12');
    });
  });
});

import { cache, imageLoader, metaData } from '@cornerstonejs/core';
import { prefetchMetadata } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import {
  fileRequests,
  resetServer,
  setFaults,
  untilFileRequests,
} from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { errorOf } from '../support/errorOf.js';

const FORMAT = 'ct-uint12';
const SLICES = 24;

let useCount = 0;

async function findImageIds(query: string): Promise<string[]> {
  useCount += 1;
  const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string);
  const files = `${String(karmaFixtures['origin'])}/data/synthetic/${FORMAT}/files`;
  await resetServer();
  // Addresses of their own, as Cornerstone keeps the headers of an address for good.
  return instances.map(
    (instance) =>
      `wadouri:${files}/${dicomText(instance, '00080018')}.dcm?faults=${useCount}${query}`,
  );
}

async function sizeOf(imageId: string): Promise<number> {
  const response = await fetch(imageId.slice('wadouri:'.length));
  return (await response.arrayBuffer()).byteLength;
}

describe('A3: files that came whole with their headers, and that nobody opens,', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  it("are in the account of Cornerstone's cache, and go when it is emptied", async () => {
    const imageIds = await findImageIds('&wholeFile');
    const sizes = await Promise.all(imageIds.map(sizeOf));
    await resetServer();
    const before = cache.getCacheSize();
    await prefetchMetadata(imageIds);
    expect(cache.getCacheSize()).toBe(before + sizes.reduce((sum, size) => sum + size));
    cache.purgeCache();
    expect(cache.getCacheSize()).toBe(before);
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    expect((await fileRequests()).length).toBe(2 * SLICES);
  });

  it('take no more than is free there, the oldest of them first, and no Image goes for them', async () => {
    const imageIds = await findImageIds('&wholeFile');
    const size = await sizeOf(imageIds[0] as string);
    const images = await findImageIds('');
    const image = await imageLoader.loadAndCacheImage(images[0] as string);
    const held = cache.getCacheSize();
    cache.setMaxCacheSize(held + 4.5 * size);
    await prefetchMetadata(imageIds, { concurrency: 1 });
    expect(cache.getCacheSize()).toBeGreaterThan(held + 3.5 * size);
    expect(cache.getCacheSize()).toBeLessThanOrEqual(held + 4.5 * size);
    expect(cache.getImage(images[0] as string)).toBe(image);
    expect(imageIds.every((imageId) => metaData.get('imagePlaneModule', imageId))).toBeTrue();

    await resetServer();
    cache.setMaxCacheSize(2 ** 30);
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    // The four that came last are still there.
    expect((await fileRequests()).length).toBe(SLICES - 4);
  });

  it('are evicted for what needs the room', async () => {
    const imageIds = await findImageIds('&wholeFile');
    const others = await findImageIds('');
    const before = cache.getCacheSize();
    await prefetchMetadata(imageIds);
    const kept = cache.getCacheSize() - before;
    cache.setMaxCacheSize(cache.getCacheSize() + 1);
    const volume = await createVolume(others);
    expect(cache.getCacheSize()).toBeLessThanOrEqual(cache.getMaxCacheSize());
    expect(cache.getCacheSize() - volume.sizeInBytes).toBeLessThan(kept);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
  });

  it('go with a file that is loaded as an Image', async () => {
    const [imageId = ''] = await findImageIds('&wholeFile');
    const before = cache.getCacheSize();
    await prefetchMetadata([imageId]);
    const image = await imageLoader.loadImage(imageId);
    expect(image.getPixelData().length).toBe(64 * 48);
    expect(cache.getCacheSize()).toBe(before);
    expect((await fileRequests()).length).toBe(1);
  });

  it('are kept for a volume, and not counted twice', async () => {
    const imageIds = await findImageIds('&wholeFile');
    const before = cache.getCacheSize();
    await prefetchMetadata(imageIds);
    const volume = await createVolume(imageIds);
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect((await fileRequests()).length).toBe(SLICES);
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
  });
});

describe('Requests of headers', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  it('are repeated after a transient failure', async () => {
    const imageIds = await findImageIds('');
    await setFaults([{ match: '/files/', status: 429, times: SLICES }]);
    await prefetchMetadata(imageIds, { retryDelayMs: 0, retries: SLICES });
    expect((await fileRequests()).length).toBe(2 * SLICES);
    expect(imageIds.every((imageId) => metaData.get('imagePlaneModule', imageId))).toBeTrue();
  });

  it('are repeated for a volume as its options say', async () => {
    const imageIds = await findImageIds('');
    await setFaults([{ match: '/files/', status: 429, times: 1 }]);
    const volume = await createVolume(imageIds, { retryDelayMs: 0 });
    expect(volume.imageIds.length).toBe(SLICES);
    expect((await fileRequests()).length).toBe(SLICES + 1);

    const others = await findImageIds('');
    await setFaults([{ match: '/files/', status: 429, times: 1 }]);
    const error = await errorOf(createVolume(others, { retries: 0 }));
    expect([error.code, error.errors.length, error.errors[0]?.status]).toEqual([
      'metadata-fetch',
      1,
      429,
    ]);
  });

  it('that are not answered are aborted after their time', async () => {
    const [imageId = ''] = await findImageIds('');
    await setFaults([{ match: '/files/', hold: true }]);
    const error = await errorOf(prefetchMetadata([imageId], { timeoutMs: 1, retries: 0 }));
    expect(error.errors.map(({ code, status }) => [code, status])).toEqual([['header-fetch', 0]]);
    expect(error.message).toContain('1 ms');
    await untilFileRequests((requests) => requests.every(({ aborted }) => aborted));
    await resetServer();
    await prefetchMetadata([imageId]);
  });

  it('refuse a wrong option', async () => {
    await expectAsync(prefetchMetadata([], { retries: -1 })).toBeRejectedWithError(
      TypeError,
      /retries.*-1/,
    );
  });

  it('end an error that is huge, and its status is known', async () => {
    const [imageId = ''] = await findImageIds('');
    await setFaults([{ match: '/files/', status: 500, body: 'huge' }]);
    const error = await errorOf(prefetchMetadata([imageId], { retries: 0 }));
    expect(error.errors.map(({ code, status }) => [code, status])).toEqual([['header-fetch', 500]]);
    await untilFileRequests((requests) => requests.every(({ endedAt }) => endedAt !== null));
    expect((await fileRequests()).map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('fail with an error of this package for an address that is none', async () => {
    for (const address of ['http://[', 'http://host:port/', 'http://%/', 'http://x/%E0%A4%A']) {
      const imageId = `wadouri:${address}`;
      const error = await errorOf(prefetchMetadata([imageId], { retries: 0 }));
      expect(error.errors.map(({ code }) => code)).toEqual(['header-fetch']);
      expect(error.imageIds).toEqual([imageId]);
    }
  });
});

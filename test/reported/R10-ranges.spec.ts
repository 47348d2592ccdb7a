import { isStreamingVolumeError, prefetchMetadata } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { fileRequests, resetServer, setFaults } from '../support/serverControls.js';
import type { Fault } from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const FORMAT = 'ct-uint12';
const SLICES = 24;

let hostCount = 0;

describe('R10: a server that dislikes byte ranges', () => {
  let urls: string[];

  beforeEach(async () => {
    startCornerstone();
    await resetServer();
    const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string);
    // What is known of one origin is not known of another.
    hostCount += 1;
    const origin = new URL(String(karmaFixtures['origin']));
    const root = `http://ranges${hostCount}.localhost:${origin.port}`;
    urls = instances.map(
      (instance) => `${root}/data/synthetic/${FORMAT}/files/${dicomText(instance, '00080018')}.dcm`,
    );
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  const ofRanges = (fault: Partial<Fault>): Fault[] => [
    { match: '/files/', ofRanges: true, ...fault },
  ];

  async function seenRanges(): Promise<boolean[]> {
    return (await fileRequests()).map(({ headers }) => headers['range'] !== undefined);
  }

  for (const [name, fault, isHabit] of [
    ['416', { status: 416 }, true],
    ['400', { status: 400 }, true],
    ['403', { status: 403 }, true],
    ['405', { status: 405 }, true],
    ['406', { status: 406 }, true],
    ['501', { status: 501 }, true],
    ['500', { status: 500 }, false],
    ['503', { status: 503 }, false],
    ['a connection that is cut', { body: 'cut' }, false],
    ['another range', { range: 'other' }, true],
    ['another range, and does not say so', { range: 'unnamed' }, true],
    ['a part, as if that was all', { range: 'short' }, true],
  ] as const) {
    for (const scheme of ['wadouri', 'dicomweb']) {
      it(`and answers them with ${name} has every voxel over ${scheme}:`, async () => {
        await setFaults(ofRanges(fault));
        const imageIds = urls.map((url) => `${scheme}:${url}`);
        const [first = '', second = '', third = ''] = imageIds;

        await prefetchMetadata([first]);
        expect(await seenRanges()).toEqual([true, false]);
        await prefetchMetadata([second]);
        // What may be chance is tried once more.
        expect((await seenRanges()).slice(2)).toEqual(isHabit ? [false] : [true, false]);
        await prefetchMetadata([third]);
        expect((await seenRanges()).at(-1)).toBeFalse();
        expect((await seenRanges()).length).toBe(isHabit ? 4 : 5);

        const volume = await createVolume(imageIds);
        expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
        expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
        expect((await seenRanges()).filter(Boolean).length).toBe(isHabit ? 1 : 2);
        // Each file has come once as a whole, and once more only where the range was asked for.
        expect((await seenRanges()).length).toBe(SLICES + (isHabit ? 1 : 2));
      });
    }
  }

  for (const [status, requests] of [
    [401, 1],
    [404, 1],
    [429, 1],
    [403, 2],
    [416, 2],
    [500, 2],
  ] as const) {
    it(`and answers everything with ${status} gets that for an error`, async () => {
      await setFaults([{ match: '/files/', status }]);
      const [url = ''] = urls;
      let caught: unknown;
      try {
        await prefetchMetadata([`wadouri:${url}`], { retries: 0 });
      } catch (error) {
        caught = error;
      }
      if (!isStreamingVolumeError(caught, 'metadata-fetch')) {
        fail(`Expected metadata-fetch, got ${String(caught)}`);
        return;
      }
      const [error] = caught.errors;
      expect([error?.code, error?.status]).toEqual(['header-fetch', status]);
      expect((await seenRanges()).length).toBe(requests);
      // Nothing is known of the server's ranges by that.
      await setFaults([]);
      await prefetchMetadata([`wadouri:${url}`]);
      expect((await seenRanges()).at(-1)).toBeTrue();
    });
  }

  it('once, is asked for ranges again where that may be chance', async () => {
    const imageIds = urls.slice(0, 4).map((url) => `wadouri:${url}`);
    await setFaults(ofRanges({ status: 502, times: 1 }));
    for (const imageId of imageIds) {
      await prefetchMetadata([imageId]);
    }
    expect(await seenRanges()).toEqual([true, false, true, true, true]);
    await setFaults(ofRanges({ status: 502, times: 1 }));
    await prefetchMetadata(
      urls.slice(4, 6).map((url) => `wadouri:${url}`),
      { concurrency: 1 },
    );
    expect((await seenRanges()).slice(5)).toEqual([true, false, true]);
  });

  it('does not speak for the servers of other origins', async () => {
    await setFaults([{ match: '/files/', ofRanges: true, status: 416, times: 1 }]);
    const [url = ''] = urls;
    await prefetchMetadata([`wadouri:${url}`]);
    await prefetchMetadata([`wadouri:${url.replace('//ranges', '//other-ranges')}`]);
    expect(await seenRanges()).toEqual([true, false, true]);
  });
});

import { metaData } from '@cornerstonejs/core';
import {
  fetchFrameOfReferenceUID,
  fetchSeries,
  isStreamingVolumeError,
  listSeries,
} from '../../src/index.js';
import type { DicomWebService, DownloadProgress, SeriesSummary } from '../../src/index.js';
import { fetchBrainTruth, firstDifference, positionOf } from '../support/brainTruth.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { giveAnswers, resetServer, seenRequests, setFaults } from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const SLICES = 24;

describe('fetchSeries and listSeries', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  async function firstSeries(service: DicomWebService): Promise<SeriesSummary> {
    const [series] = await listSeries(service);
    return series as SeriesSummary;
  }

  async function expectEveryVoxel(wadoRsRoot: string, format: string): Promise<void> {
    const series = await firstSeries({ wadoRsRoot });
    expect(series.instanceCount).toBe(format === 'ct-int16' ? SLICES : 1);
    const imageIds = await fetchSeries({ wadoRsRoot, ...series });
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, format)).toBe('none');
  }

  for (const format of ['ct-int16', 'mr-multi-frame', 'nm-recon-tomo']) {
    it(`lead to a volume: ${format}`, async () => {
      await expectEveryVoxel(dicomWebRoot(`synthetic/${format}`) as string, format);
    });
  }

  it('lead to a volume of Orthanc', async () => {
    const orthanc = karmaFixtures['orthanc'] as { dicomWebRoot: string } | null;
    if (orthanc === null) {
      pending('Orthanc is not installed');
      return;
    }
    const service = { wadoRsRoot: orthanc.dicomWebRoot };
    const list = await listSeries(service);
    const ours = list.find(({ seriesDescription }) => seriesDescription === 'ct-int16');
    const imageIds = await fetchSeries({ ...service, ...(ours as SeriesSummary) });
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, 'ct-int16')).toBe('none');
  });

  it('say how far they are, send headers, and stop when they are told to', async () => {
    const service = { wadoRsRoot: `${dicomWebRoot('synthetic/ct-int16')}/` };
    const series = await firstSeries(service);
    const progress: DownloadProgress[] = [];
    const imageIds = await fetchSeries({
      ...service,
      ...series,
      onProgress: (each) => {
        progress.push(each);
      },
    });
    expect(progress.at(-1)?.loadedBytes).toBeGreaterThan(1000);
    expect(metaData.get('imagePlaneModule', imageIds[0] as string)).toBeDefined();
    const [study] = await listSeries({ ...service, studyInstanceUID: series.studyInstanceUID });
    expect(study?.seriesInstanceUID).toBe(series.seriesInstanceUID);

    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expectAsync(fetchSeries({ ...service, ...series, signal })).toBeRejectedWith(reason);
    const controller = new AbortController();
    await setFaults([{ match: '/metadata', hold: true }]);
    const fetching = fetchSeries({ ...service, ...series, signal: controller.signal });
    controller.abort(reason);
    await expectAsync(fetching).toBeRejectedWith(reason);
  });

  it('say what is wrong with an answer', async () => {
    const service = { wadoRsRoot: dicomWebRoot('synthetic/ct-int16') as string };
    const series = await firstSeries(service);
    const fetching = (): Promise<unknown> =>
      fetchSeries({ ...service, ...series, retries: 0 }).catch((error: unknown) => error);
    await setFaults([{ match: '/metadata', status: 500 }]);
    const failed = await fetching();
    expect(isStreamingVolumeError(failed, 'series-fetch') && failed.status).toBe(500);
    await setFaults([{ match: '/metadata', status: 404 }]);
    const missing = await fetching();
    expect(isStreamingVolumeError(missing, 'series-fetch') && missing.status).toBe(404);
    await setFaults([{ match: '/metadata', body: 'html' }]);
    expect(isStreamingVolumeError(await fetching(), 'series-body')).toBeTrue();
  });

  it('read what a server sends page by page', async () => {
    const wadoRsRoot = dicomWebRoot('synthetic-together') as string;
    const whole = await listSeries({ wadoRsRoot });
    expect(whole.length).toBe(5);
    await resetServer();
    await setFaults([
      { match: '/series(\\?|$)', pageSize: 2 },
      { match: '/metadata', pageSize: 10 },
    ]);
    const paged = await listSeries({ wadoRsRoot });
    expect(paged).toEqual(whole);
    const series = paged.find((each) => each.seriesDescription === 'ct-int16') as SeriesSummary;
    const imageIds = await fetchSeries({ wadoRsRoot, ...series });
    expect(new Set(imageIds).size).toBe(SLICES);
    const requests = await seenRequests();
    const queries = (match: RegExp): string[] =>
      requests.filter(({ path }) => match.test(path)).map(({ path }) => path.split('?')[1] ?? '');
    const offsets = queries(/\/series(\?|$)/).map((query) =>
      new URLSearchParams(query).get('offset'),
    );
    expect(offsets).toEqual([null, '2', '4']);
    expect(queries(/\/metadata/)).toEqual(['', 'offset=10', 'offset=20']);
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, 'ct-int16')).toBe('none');
  });

  it('ask once for the metadata of a series, and for each list, where nothing is paged', async () => {
    const wadoRsRoot = dicomWebRoot('synthetic/ct-int16') as string;
    const series = await firstSeries({ wadoRsRoot });
    await fetchSeries({ wadoRsRoot, ...series });
    expect((await seenRequests()).length).toBe(3);
  });

  it('name the frame of reference of each series', async () => {
    const wadoRsRoot = dicomWebRoot('synthetic-together') as string;
    const list = await listSeries({ wadoRsRoot });
    for (const series of list) {
      const [imageId = ''] = await fetchSeries({ wadoRsRoot, ...series });
      const { frameOfReferenceUID } = metaData.get('imagePlaneModule', imageId) as {
        frameOfReferenceUID: string;
      };
      expect(series.frameOfReferenceUID).toBe(frameOfReferenceUID);
      expect(await fetchFrameOfReferenceUID({ wadoRsRoot, ...series })).toBe(frameOfReferenceUID);
    }
  });

  it('end with a server that says there is more and knows no offset', async () => {
    const wadoRsRoot = dicomWebRoot('synthetic/ct-int16') as string;
    const series = await firstSeries({ wadoRsRoot });
    const path = `studies/${series.studyInstanceUID}/series/${series.seriesInstanceUID}/metadata`;
    const { pathname } = new URL(`${wadoRsRoot}/${path}`);
    const body = new Uint8Array(await (await fetch(`${wadoRsRoot}/${path}`)).arrayBuffer());
    const headers = { 'Content-Type': 'application/dicom+json', Warning: '299 more' };
    await resetServer();
    await giveAnswers(
      [pathname, `${pathname}?offset=${SLICES}`].map((each) => ({ path: each, headers, body })),
    );
    expect((await fetchSeries({ wadoRsRoot, ...series })).length).toBe(SLICES);
    expect((await seenRequests()).length).toBe(2);
  });
});

describe('A static tree of files', () => {
  const trees = Object.entries(karmaFixtures['staticTrees'] as Record<string, string>);

  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  for (const [name, wadoRsRoot] of trees) {
    it(`leads to a volume: ${name}`, async () => {
      const [series, ...others] = await listSeries({ wadoRsRoot });
      expect(others).toEqual([]);
      expect(series?.seriesInstanceUID).not.toBe('');
      const imageIds = await fetchSeries({ wadoRsRoot, ...(series as SeriesSummary) });
      const volume = await createVolume(imageIds);
      expect(await volume.load()).toEqual({ framesLoaded: imageIds.length, failed: [] });
      const format = name.replace(/^\w+\/synthetic\//, '');
      if (format !== name) {
        expect(firstWrongVoxel(volume, format)).toBe('none');
        return;
      }
      const truth = await fetchBrainTruth();
      expect(volume.imageIds.length).toBe(20);
      volume.imageIds.forEach((imageId, slice) => {
        expect(firstDifference(volume, slice, truth.get(positionOf(imageId)) ?? [])).toBe(-1);
      });
    });
  }

  it('says that a series is not there', async () => {
    const [, wadoRsRoot] = trees[0] as [string, string];
    const uids = { studyInstanceUID: '1.2', seriesInstanceUID: '1.3' };
    const outcome: unknown = await fetchSeries({ wadoRsRoot, ...uids }).catch(
      (error: unknown) => error,
    );
    expect(isStreamingVolumeError(outcome, 'series-fetch') && outcome.status).toBe(404);
  });
});

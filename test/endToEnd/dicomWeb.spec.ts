import { metaData } from '@cornerstonejs/core';
import { fetchSeries, isStreamingVolumeError, listSeries } from '../../src/index.js';
import type { DicomWebService, DownloadProgress, SeriesSummary } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { resetServer, setFaults } from '../support/serverControls.js';
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
    expect(series.instanceCount).toBe(format === 'mr-multi-frame' ? 1 : SLICES);
    const imageIds = await fetchSeries({ wadoRsRoot, ...series });
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, format)).toBe('none');
  }

  for (const format of ['ct-int16', 'mr-multi-frame']) {
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
      fetchSeries({ ...service, ...series }).catch((error: unknown) => error);
    await setFaults([{ match: '/metadata', status: 500 }]);
    const failed = await fetching();
    expect(isStreamingVolumeError(failed, 'series-fetch') && failed.status).toBe(500);
    await setFaults([{ match: '/metadata', status: 404 }]);
    const missing = await fetching();
    expect(isStreamingVolumeError(missing, 'series-fetch') && missing.status).toBe(404);
    await setFaults([{ match: '/metadata', body: 'html' }]);
    expect(isStreamingVolumeError(await fetching(), 'series-body')).toBeTrue();
  });

  it('reads what a server sends page by page, and the compressed files of a static tree', async () => {
    const wadoRsRoot = dicomWebRoot('synthetic/ct-int16') as string;
    const series = await firstSeries({ wadoRsRoot });
    const uids = `studies/${series.studyInstanceUID}/series/${series.seriesInstanceUID}`;
    const all = (await (await fetch(`${wadoRsRoot}/${uids}/metadata`)).json()) as unknown[];
    // oxlint-disable-next-line typescript/unbound-method -- it is called with a request as `this`
    const { open } = XMLHttpRequest.prototype;
    const opened = spyOn(XMLHttpRequest.prototype, 'open').and.callThrough();
    const [head, tail] = [all.slice(0, 10), all.slice(10)].map((part) => dataUrl(part));
    opened.and.callFake(function (this: XMLHttpRequest, method: string, url: string | URL) {
      const page = String(url).includes('offset=10') ? tail : head;
      Object.defineProperty(this, 'getResponseHeader', {
        value: (name: string) => (name === 'Warning' && page === head ? '299 more' : null),
      });
      open.call(this, method, page as string, true);
    });
    const imageIds = await fetchSeries({ wadoRsRoot, ...series });
    expect(imageIds.length).toBe(SLICES);
    opened.and.callThrough();

    const packed = new Blob([JSON.stringify(all)])
      .stream()
      .pipeThrough(new CompressionStream('gzip'));
    const bytes = await new Response(packed).arrayBuffer();
    const tree = 'https://static.example/tree';
    opened.and.callFake(function (this: XMLHttpRequest) {
      open.call(this, 'GET', `${wadoRsRoot}/nothing/here`, true);
    });
    const fetched = spyOn(window, 'fetch').and.callFake(async (input) =>
      typeof input === 'string' && input.endsWith('/metadata.gz')
        ? new Response(bytes.slice(0))
        : new Response(null, { status: 404 }),
    );
    const fromTree = await fetchSeries({ wadoRsRoot: tree, ...series });
    opened.and.callThrough();
    fetched.and.callThrough();
    expect(fetched.calls.count()).toBe(1);
    expect(fromTree).toEqual(imageIds.map((imageId) => imageId.replace(wadoRsRoot, tree)));
  });
});

function dataUrl(json: unknown): string {
  return `data:application/json,${encodeURIComponent(JSON.stringify(json))}`;
}

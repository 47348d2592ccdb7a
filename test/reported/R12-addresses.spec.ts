import { cache, imageLoader, metaData } from '@cornerstonejs/core';
import { prefetchPart10Instance, wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { parsePart10ImageId } from '../../src/headers/part10/part10Files.js';
import { fetchSeries as fetchMetadata, prefetchMetadata } from '../../src/index.js';
import { frameUrl } from '../../src/pixels/wadors/fetchFrame.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import {
  fileRequests,
  frameRequests,
  resetServer,
  seenRequests,
} from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const SLICES = 24;
const MULTI_FRAME = 'mr-multi-frame';

let useCount = 0;

/** imageIds with FRAME for the number of the frame, and the query of the address that is to go out. */
const FORMS: readonly (readonly [behindPath: string, query: string])[] = [
  ['?frame=FRAME', ''],
  ['&frame=FRAME', ''],
  ['?frame=FRAME&sig=abc', '?sig=abc'],
  ['?sig=abc&frame=FRAME', '?sig=abc'],
  ['?a=1&frame=FRAME&sig=abc', '?a=1&sig=abc'],
  ['?a=1&frame=FRAME&sig=ab%26c%3D&b', '?a=1&sig=ab%26c%3D&b'],
  ['?keyframe=7&frame=FRAME&timeframe=8', '?keyframe=7&timeframe=8'],
  ['?frame=FRAME&frame=9', '?frame=9'],
  ['?frame=all&frame=FRAME', '?frame=all'],
  ['?a=%3Fframe%3D5&frame=FRAME', '?a=%3Fframe%3D5'],
  ['?fr%61me=5&frame=FRAME&b=+%20', '?fr%61me=5&b=+%20'],
  ['?sig=abc?frame=FRAME', '?sig=abc'],
  ['?a=1?b=2&frame=FRAME?c=3', '?a=1?b=2?c=3'],
  ['?frame=FRAME#page=2', ''],
  ['?frame=FRAME&sig=abc#frame=9', '?sig=abc'],
  ['?sig=abc#frame=FRAME', '?sig=abc'],
];

describe('R12: the address of an imageId', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  /** The path of the file of many frames, for each use another one. */
  async function multiFrameFile(): Promise<{ url: string; path: string; instance: object }> {
    useCount += 1;
    const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${MULTI_FRAME}`) as string);
    const [instance = {}] = instances;
    // A path is as good with a dot in it, and another address.
    const dots = '/.'.repeat(useCount);
    const path = `/data/synthetic/${MULTI_FRAME}/files/${dicomText(instance, '00080018')}.dcm`;
    await resetServer();
    return { url: `${String(karmaFixtures['origin'])}${dots}${path}`, path, instance };
  }

  const framesOf = (base: string, form: string): string[] =>
    Array.from({ length: SLICES }, (_, i) => base + form.replace('FRAME', String(i + 1)));

  async function sentQueries(path: string): Promise<string[]> {
    const queries = (await fileRequests()).map((request) => request.path.replace(path, ''));
    return [...new Set(queries)];
  }

  async function expectEveryVoxel(imageIds: readonly string[]): Promise<void> {
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, MULTI_FRAME)).toBe('none');
  }

  for (const scheme of ['wadouri', 'dicomweb']) {
    for (const [form, query] of FORMS) {
      it(`goes out without the frame of ${scheme}:file${form}, and else unchanged`, async () => {
        const { url, path } = await multiFrameFile();
        await expectEveryVoxel(framesOf(`${scheme}:${url}`, form));
        expect(await sentQueries(path)).toEqual([query]);
      });
    }
  }

  it('refuses a frame 0: frames are numbered from 1', async () => {
    const { url } = await multiFrameFile();
    const imageIds = [`wadouri:${url}?frame=0`, `wadouri:${url}?frame=1`];
    await prefetchMetadata(imageIds);
    const loaded = imageLoader.loadImage(imageIds[0] as string, { skipCreateImage: true } as never);
    await expectAsync(loaded).toBeRejectedWith(
      jasmine.objectContaining({ code: 'frame-body', imageIds: [imageIds[0]] }),
    );
  });

  for (const form of ['?frame=FRAME&sig=abc', '?keyframe=7&frame=FRAME', '?frame=FRAME&frame=9']) {
    const query = FORMS.find(([each]) => each === form)?.[1] ?? '?keyframe=7';

    it(`goes out so with headers from elsewhere (${form})`, async () => {
      const { url, path, instance } = await multiFrameFile();
      const imageIds = framesOf(`wadouri:${url}`, form);
      for (const index of imageIds.keys()) {
        const frames = `wadors:${url}/frames/${index + 1}`;
        wadors.metaDataManager.add(frames, instance as never);
      }
      const provide = (type: string, imageId: unknown): unknown => {
        const index = imageIds.indexOf(String(imageId));
        return index < 0 ? undefined : metaData.get(type, `wadors:${url}/frames/${index + 1}`);
      };
      metaData.addProvider(provide, 20_000);
      await expectEveryVoxel(imageIds);
      metaData.removeProvider(provide);
      expect(await sentQueries(path)).toEqual([query]);
    });

    it(`goes out so for single images, that nobody has looked into (${form})`, async () => {
      const { url, path } = await multiFrameFile();
      const imageId = framesOf(`wadouri:${url}`, form)[5] as string;
      const right = framesOf(`wadouri:${url}`, '?frame=FRAME')[5] as string;
      const image = await imageLoader.loadImage(imageId);
      expect(image.imageId).toBe(imageId);
      expect(await sentQueries(path)).toEqual([query]);
      const expected = await imageLoader.loadImage(right);
      expect(Array.from(image.getPixelData())).toEqual(Array.from(expected.getPixelData()));
      cache.purgeCache();
    });

    it(`is that of files which are there beforehand (${form})`, async () => {
      const { url } = await multiFrameFile();
      const bytes = await (await fetch(url)).arrayBuffer();
      await prefetchPart10Instance(`wadouri:${url}${query}`, bytes);
      await expectEveryVoxel(framesOf(`wadouri:${url}`, form));
    });

    it(`is the number of a file from the disk (${form})`, async () => {
      const { url } = await multiFrameFile();
      const bytes = await (await fetch(url)).arrayBuffer();
      const base = wadouri.fileManager.add(new File([bytes], 'many.dcm'));
      await expectEveryVoxel(framesOf(base, form));
    });
  }

  it('tells the files of one path apart by what stands behind the frame', async () => {
    const { url, path } = await multiFrameFile();
    await prefetchMetadata([`wadouri:${url}?frame=1&id=1`, `wadouri:${url}?frame=1&id=2`]);
    expect((await sentQueries(path)).toSorted()).toEqual(['?id=1', '?id=2']);
  });

  for (const [imageId, url, frameNumber] of [
    ['wadouri:https://h/f.dcm', 'https://h/f.dcm', 1],
    ['wadouri:https://h/frame=3/f.dcm', 'https://h/frame=3/f.dcm', 1],
    ['wadouri:https://h/a&frame=3/f.dcm?b', 'https://h/a&frame=3/f.dcm?b', 1],
    ['wadouri:https://h/f.dcm?frame=', 'https://h/f.dcm?frame=', 1],
    ['wadouri:https://h/f.dcm?frame=2x', 'https://h/f.dcm?frame=2x', 1],
    ['wadouri:https://h/f.dcm?Frame=2', 'https://h/f.dcm?Frame=2', 1],
    ['wadouri:https://h/f.dcm?frames=2', 'https://h/f.dcm?frames=2', 1],
    ['wadouri:https://h/f.dcm?&frame=12&', 'https://h/f.dcm?&', 12],
    ['wadouri:https://h/f.dcm?a=b#c&frame=12', 'https://h/f.dcm?a=b#c', 12],
    ['dicomfile:3&frame=2', '3', 2],
    [
      'dicomweb:https://h/wado?requestType=WADO&frame=2&x=y',
      'https://h/wado?requestType=WADO&x=y',
      2,
    ],
  ] as const) {
    it(`is ${url} in ${imageId}`, () => {
      const parsed = parsePart10ImageId(imageId);
      expect([parsed?.url, parsed?.frameNumber]).toEqual([url, frameNumber]);
    });
  }

  for (const frameWorkers of [undefined, 0]) {
    it(`goes out as it is over wadors: (frameWorkers: ${frameWorkers ?? 'default'})`, async () => {
      startCornerstone(frameWorkers === undefined ? {} : { frameWorkers });
      const { imageIds, instances } = await fetchSeries(
        dicomWebRoot('synthetic/ct-uint12') as string,
      );
      await resetServer();
      const query = '?a=%3Fb%20c&frame=9&frames/7&sig=x%2By?z';
      const signed = imageIds.map((imageId, index) => {
        const each = `${imageId}${query}#there`;
        wadors.metaDataManager.add(each, instances[index] as never);
        return each;
      });
      const volume = await createVolume(signed);
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(volume, 'ct-uint12')).toBe('none');
      const sent = (await frameRequests()).map(({ path }) => path.replace(/^.*\/frames\/1/, ''));
      expect(sent).toEqual(new Array(SLICES).fill(query));
    });
  }

  for (const [imageId, retrieveOptions, url] of [
    ['wadors:https://h/i/1/frames/1', { urlArguments: 'a=1' }, 'https://h/i/1/frames/1?a=1'],
    ['wadors:https://h/i/1/frames/1?b', { urlArguments: 'a=1' }, 'https://h/i/1/frames/1?b&a=1'],
    ['wadors:https://h/i/1/frames/1#b?', { urlArguments: 'a=1' }, 'https://h/i/1/frames/1?a=1#b?'],
    ['wadors:https://h/i/1/frames/1', { framesPath: '/$&$1/' }, 'https://h/i/1/$&$1/1'],
    ['wadors:https://h/i/1/frames/1?x=$&', {}, 'https://h/i/1/frames/1?x=$&'],
  ] as const) {
    it(`is ${url} for ${imageId} with ${JSON.stringify(retrieveOptions)}`, () => {
      expect(frameUrl(imageId, { retrieveOptions })).toBe(url);
    });
  }

  it('of a DICOMweb service keeps its query', async () => {
    const root = dicomWebRoot('synthetic/ct-uint12') as string;
    const { instances } = await fetchSeries(root);
    const [instance = {}] = instances;
    await resetServer();
    const imageIds = await fetchMetadata({
      wadoRsRoot: `${root}/?sig=a%2Fb&x=?y`,
      studyInstanceUID: dicomText(instance, '0020000D'),
      seriesInstanceUID: dicomText(instance, '0020000E'),
    });
    expect(imageIds.every((each) => each.endsWith('/frames/1?sig=a%2Fb&x=?y'))).toBeTrue();
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, 'ct-uint12')).toBe('none');
    const paths = (await seenRequests()).map(({ path }) => path);
    expect(paths.length).toBe(SLICES + 1);
    expect(paths.filter((path) => !path.endsWith('?sig=a%2Fb&x=?y'))).toEqual([]);
  });
});

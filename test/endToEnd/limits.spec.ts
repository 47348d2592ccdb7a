import {
  fetchSeries,
  listSeries,
  prefetchMetadata,
  registerStreamingImageVolumeLoader,
} from '../../src/index.js';
import type { FrameTraceDetail, StreamingVolumeError } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { encodePart10 } from '../support/encodePart10.js';
import { errorOf, textsOf } from '../support/errorOf.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { serveSeries } from '../support/servedSeries.js';
import { giveAnswers, resetServer, seenRequests, setFaults } from '../support/serverControls.js';

const origin = String(karmaFixtures['origin']);
const uids = { studyInstanceUID: '1.1', seriesInstanceUID: '1.2' };
const JSON_PATH = '/made/studies/1.1/series/1.2/metadata';

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Answers requests of a service that is made up, `http://pacs.test`. */
function answerPacs(answer: (url: string) => Response): void {
  const { fetch } = globalThis;
  spyOn(globalThis, 'fetch').and.callFake((input, init) =>
    input instanceof Request && input.url.startsWith('http://pacs.test/')
      ? Promise.resolve(answer(input.url))
      : fetch(input, init),
  );
}

describe('Data that exceed a limit', () => {
  beforeEach(async () => {
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  for (const [place, frameWorkers] of [
    ['the page', 0],
    ['workers', 2],
  ] as const) {
    it(`fail where ${place} fetch a frame, once and without its token`, async () => {
      startCornerstone({ frameWorkers, limits: { frameBytes: 3 } });
      const imageIds = await serveSeries({
        columns: 2,
        rows: 2,
        bitsAllocated: 8,
        body: Uint8Array.of(1, 2, 3, 4),
        contentType: 'application/octet-stream',
        query: '?token=secret',
      });
      const volume = await createVolume(imageIds, { retries: 2, retryDelayMs: 1 });
      const { failed } = await volume.load();
      expect(failed.map(({ error }) => error.code)).toEqual(imageIds.map(() => 'limit-exceeded'));
      expect(failed.map(({ error }) => error.imageIds)).toEqual(imageIds.map((id) => [id]));
      const texts = failed.map(({ error }) => textsOf(error)).join('\n');
      expect(texts).toContain('frameBytes');
      expect(texts).not.toContain('secret');
      expect((await seenRequests()).length).toBe(imageIds.length);
    });

    it(`leave room for frames that ${place} fetch and that are as long as the limit`, async () => {
      startCornerstone({ frameWorkers, limits: { frameBytes: 4 } });
      const imageIds = await serveSeries({
        columns: 2,
        rows: 2,
        bitsAllocated: 8,
        body: Uint8Array.of(1, 2, 3, 4),
        contentType: 'application/octet-stream',
      });
      const volume = await createVolume(imageIds);
      expect((await volume.load()).failed).toEqual([]);
    });
  }

  for (const [name, ending, body] of [
    ['as it comes', '', async () => new TextEncoder().encode(JSON.stringify(['x'.repeat(9000)]))],
    ['when it is inflated', '.gz', () => gzip(JSON.stringify([{ x: 'x'.repeat(9000) }]))],
  ] as const) {
    it(`are JSON ${name}`, async () => {
      startCornerstone({ limits: { jsonBytes: 5000 } });
      await giveAnswers([
        { path: `${JSON_PATH}${ending}?token=secret`, headers: {}, body: await body() },
      ]);
      const wadoRsRoot = `${origin}/made?token=secret`;
      const error = await errorOf(fetchSeries({ wadoRsRoot, ...uids, retries: 0 }));
      expect(error.code).toBe('limit-exceeded');
      expect(textsOf(error)).toContain('jsonBytes');
      expect(textsOf(error)).not.toContain('secret');
    });
  }

  for (const [name, read] of [
    ['the metadata of a series', fetchSeries],
    ['a list of series', listSeries],
  ] as const) {
    it(`are the pages of ${name}, of which a server has always one more`, async () => {
      startCornerstone({ limits: { jsonBytes: 20_000 } });
      let bytes = 0;
      answerPacs(() => {
        const entries = Array.from({ length: 100 }, (_, index) => ({
          '00080018': { Value: [`1.${bytes}.${index}`] },
          '0020000E': { Value: [`1.${bytes}.${index}`] },
        }));
        const body = JSON.stringify(entries);
        bytes += body.length;
        // The end of what would go on for ever.
        return bytes > 500_000 ? new Response('[]') : new Response(body, { status: 206 });
      });
      const error = await errorOf(read({ wadoRsRoot: 'http://pacs.test', ...uids, retries: 0 }));
      expect(error.code).toBe('limit-exceeded');
      expect(error.message).toContain('jsonBytes');
      expect(bytes).toBeLessThan(40_000);
    });
  }

  it('are the pages of a list of all studies with their series, which are short each', async () => {
    startCornerstone({ limits: { jsonBytes: 2000 } });
    answerPacs((url) => {
      const entry = (tag: string, index: number): object => ({ [tag]: { Value: [`1.${index}`] } });
      const isOfStudies = url.endsWith('/studies');
      const entries = isOfStudies
        ? Array.from({ length: 20 }, (_, index) => entry('0020000D', index))
        : Array.from({ length: 20 }, (_, index) => entry('0020000E', index));
      return new Response(JSON.stringify(entries));
    });
    const error = await errorOf(listSeries({ wadoRsRoot: 'http://pacs.test', retries: 0 }));
    expect(error.code).toBe('limit-exceeded');
  });

  it('are a file of a static tree as it comes', async () => {
    startCornerstone({ limits: { jsonBytes: 5000 } });
    const body = new TextEncoder().encode(JSON.stringify([{ x: 'x'.repeat(9000) }]));
    await giveAnswers([{ path: `${JSON_PATH}.json`, headers: {}, body }]);
    const wadoRsRoot = `${origin}/made`;
    const error = await errorOf(fetchSeries({ wadoRsRoot, ...uids, retries: 0 }));
    expect(error.code).toBe('limit-exceeded');
  });

  it('are a header that goes on', async () => {
    startCornerstone({ limits: { headerBytes: 100_000 } });
    const long = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(300_000) } as const;
    const pixels = { tag: 0x7fe00010, vr: 'OW', value: [1, 2] } as const;
    const body = await encodePart10([long, pixels], 'explicit');
    await giveAnswers([{ path: '/long.dcm?token=secret', headers: {}, body, ranges: true }]);
    const error = await errorOf(prefetchMetadata([`wadouri:${origin}/long.dcm?token=secret`]));
    expect(error.errors.map(({ code }) => code)).toEqual(['limit-exceeded']);
    expect(textsOf(error)).toContain('headerBytes');
    expect(textsOf(error)).not.toContain('secret');
    expect((await seenRequests()).length).toBe(1);
  });

  it('are a file that a server sends whole', async () => {
    startCornerstone({ limits: { fileBytes: 1000 } });
    const body = await encodePart10(
      [{ tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(3000) }],
      'explicit',
    );
    await giveAnswers([{ path: '/whole.dcm', headers: {}, body }]);
    const error = await errorOf(prefetchMetadata([`wadouri:${origin}/whole.dcm`]));
    expect(error.errors.map(({ code }) => code)).toEqual(['limit-exceeded']);
    expect(textsOf(error)).toContain('fileBytes');
  });

  it('are the frames of one instance', async () => {
    startCornerstone({ limits: { framesPerFile: 9 } });
    const instance = {
      '00080018': { vr: 'UI', Value: ['1.3'] },
      '00280008': { vr: 'IS', Value: [10] },
      '00280010': { vr: 'US', Value: [2] },
    };
    const body = new TextEncoder().encode(JSON.stringify([instance]));
    await giveAnswers([{ path: JSON_PATH, headers: {}, body }]);
    const error = await errorOf(fetchSeries({ wadoRsRoot: `${origin}/made`, ...uids }));
    expect([error.code, error.message]).toEqual([
      'series-body',
      jasmine.stringContaining('up to 9'),
    ]);
  });

  it('are the frames of all instances of a series together', async () => {
    startCornerstone({ limits: { framesPerFile: 9 } });
    const instances = ['1.3', '1.4', '1.5'].map((uid) => ({
      '00080018': { vr: 'UI', Value: [uid] },
      '00280008': { vr: 'IS', Value: [4] },
      '00280010': { vr: 'US', Value: [2] },
    }));
    const encoded = (entries: object[]): Uint8Array<ArrayBuffer> =>
      new TextEncoder().encode(JSON.stringify(entries));
    const fetchMade = (): Promise<string[]> =>
      fetchSeries({ wadoRsRoot: `${origin}/made`, ...uids });
    await giveAnswers([{ path: JSON_PATH, headers: {}, body: encoded(instances.slice(1)) }]);
    expect((await fetchMade()).length).toBe(8);
    await giveAnswers([{ path: JSON_PATH, headers: {}, body: encoded(instances) }]);
    const error = await errorOf(fetchMade());
    expect([error.code, error.message]).toEqual([
      'limit-exceeded',
      jasmine.stringMatching(/^A series has more than 9 frames\. Raise limits\.framesPerFile /),
    ]);
  });

  for (const wrong of [null, 3, { frameBytes: -1 }, { frameBytes: '1' }, { frames: 1 }]) {
    it(`are refused as ${JSON.stringify(wrong)}`, () => {
      expect(() => {
        registerStreamingImageVolumeLoader({ limits: wrong as never });
      }).toThrowError(TypeError, /limits/);
    });
  }
});

describe('What is shown and logged', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
    performance.clearMeasures();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
    performance.clearMeasures();
  });

  it('has no token of the address of a service', async () => {
    await setFaults([{ match: '/made/', status: 500 }]);
    const wadoRsRoot = `${origin.replace('//', '//doctor:pass@')}/made?token=secret`;
    const failed = await errorOf(listSeries({ wadoRsRoot, retries: 0 }));
    expect(failed.code).toBe('series-fetch');
    await resetServer();
    await giveAnswers([
      { path: '/made/studies?token=secret', headers: {}, body: new TextEncoder().encode('<p>') },
    ]);
    const refused = await errorOf(listSeries({ wadoRsRoot, retries: 0 }));
    expect(refused.code).toBe('series-body');
    for (const error of [failed, refused]) {
      expect(textsOf(error)).toContain('/made/studies');
      expect(textsOf(error)).not.toMatch(/secret|pass@|doctor/);
    }
  });

  it('has nothing of a query with blanks in the address of a service', async () => {
    const wadoRsRoot = `${origin}/none?name=Doe Jane`;
    for (const error of [
      await errorOf(listSeries({ wadoRsRoot, retries: 0 })),
      await errorOf(fetchSeries({ wadoRsRoot, ...uids, retries: 0 })),
    ]) {
      expect(textsOf(error)).toContain('/none/studies');
      expect(textsOf(error)).not.toContain('Jane');
    }
  });

  it('has no token of an imageId, in errors and in the trace', async () => {
    const imageIds = await serveSeries({
      columns: 2,
      rows: 2,
      bitsAllocated: 8,
      body: Uint8Array.of(1, 2, 3, 4),
      query: '?token=secret',
    });
    await setFaults([{ match: '/frames/1', status: 403, times: 1 }]);
    const volume = await createVolume(imageIds, { trace: true, retries: 0 });
    const { failed } = await volume.load();
    expect(failed.length).toBe(1);
    expect(textsOf(failed[0]?.error as StreamingVolumeError)).not.toContain('secret');
    const details = (performance.getEntriesByType('measure') as PerformanceMeasure[])
      .filter(({ name }) => name.startsWith('streaming-volume:'))
      .map(({ detail }) => detail as FrameTraceDetail);
    expect(new Set(details.map(({ sliceIndex }) => sliceIndex))).toEqual(new Set([0, 1, 2]));
    expect(JSON.stringify(details)).toContain('/frames/1');
    expect(JSON.stringify(details)).not.toContain('secret');
  });
});

describe('Names of the prototype in what servers send', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  it('are no attributes of every object', async () => {
    const text =
      '[{"__proto__":{"polluted":1,"00080018":{"vr":"UI","Value":["9"]}},"constructor":{"prototype":{"polluted":1}},' +
      '"0020000D":{"vr":"UI","Value":["__proto__"]},"0020000E":{"vr":"UI","Value":["constructor"]}}]';
    const body = new TextEncoder().encode(text);
    const headers = { 'Content-Type': 'application/dicom+json' };
    const fields = '00200052,00200105,00080021,00080031'.split(',');
    const query = fields.map((tag) => `includefield=${tag}`).join('&');
    await giveAnswers([
      { path: '/made/studies', headers, body },
      { path: `/made/studies/__proto__/series?${query}`, headers, body },
      { path: JSON_PATH, headers, body },
    ]);
    const list = await listSeries({ wadoRsRoot: `${origin}/made` });
    expect(
      list.map(({ studyInstanceUID, seriesInstanceUID }) => [studyInstanceUID, seriesInstanceUID]),
    ).toEqual([['__proto__', 'constructor']]);
    expect(await fetchSeries({ wadoRsRoot: `${origin}/made`, ...uids })).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.prototype).not.toEqual(jasmine.objectContaining({ polluted: 1 }));
  });
});

import { fetchFrameOfReferenceUID, fetchSeries, listSeries } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import {
  giveAnswers,
  releaseAnswers,
  resetServer,
  seenRequests,
  setFaults,
} from '../support/serverControls.js';
import type { GivenAnswer } from '../support/serverControls.js';
import { errorOf } from '../support/errorOf.js';

const STUDIES = 99;
const METADATA = '/made/studies/1.1/series/1.2/metadata';
const uids = { studyInstanceUID: '1.1', seriesInstanceUID: '1.2' };

/** Answers of a service that is made up, below `/made`. */
function json(path: string, value: unknown, headers: Record<string, string> = {}): GivenAnswer {
  return {
    path,
    headers: { 'Content-Type': 'application/dicom+json', ...headers },
    body: new TextEncoder().encode(JSON.stringify(value)),
  };
}

/** What is asked for besides of each series. */
const FIELDS = ['00200052', '00200105', '00080021', '00080031'];
const SERIES_QUERY = `?${FIELDS.map((tag) => `includefield=${tag}`).join('&')}`;

const study = (number: number): object => ({ '0020000D': { vr: 'UI', Value: [`1.1.${number}`] } });
const instance = (frames: number | string): object => ({
  '00080018': { vr: 'UI', Value: ['1.3'] },
  '00280008': { vr: 'IS', Value: [frames] },
  '00280010': { vr: 'US', Value: [2] },
});

describe('A DICOMweb service that fails', () => {
  const wadoRsRoot = `${String(karmaFixtures['origin'])}/made`;

  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  const paths = async (): Promise<string[]> => (await seenRequests()).map(({ path }) => path);

  it('A6: with 404, and then with a static file without CORS, fails with series-fetch', async () => {
    await giveAnswers([json(METADATA, [])]);
    await setFaults([
      { match: `${METADATA}$`, status: 404 },
      { match: '\\.gz$', cors: false },
    ]);
    const error = await errorOf(fetchSeries({ wadoRsRoot, ...uids }));
    expect([error.code, error.status]).toEqual(['series-fetch', 404]);
    // The other names would fail too.
    expect(await paths()).toEqual([METADATA, `${METADATA}.gz`]);
  });

  it('A6: with a page, and then with a static file without CORS, fails with series-body', async () => {
    await giveAnswers([json('/made/studies', [])]);
    await setFaults([
      { match: '/studies$', body: 'html' },
      { match: '\\.gz$', cors: false },
    ]);
    expect((await errorOf(listSeries({ wadoRsRoot }))).code).toBe('series-body');
  });

  for (const root of ['http://[', 'http://host:port', 'http://%']) {
    it(`by an address that is none fails with series-fetch: ${root}`, async () => {
      for (const failing of [listSeries, fetchSeries]) {
        const error = await errorOf(failing({ wadoRsRoot: root, ...uids }));
        expect([error.code, error.status]).toEqual(['series-fetch', undefined]);
        expect(error.message).toContain(root);
      }
      expect((await errorOf(listSeries({ wadoRsRoot: root }))).code).toBe('series-fetch');
    });
  }

  it('by a header that cannot be sent fails with series-fetch', async () => {
    const headers = { Authorization: 'Bearer \u{1F511}' };
    expect((await errorOf(listSeries({ wadoRsRoot, headers }))).code).toBe('series-fetch');
    expect(await paths()).toEqual([]);
  });

  for (const [name, value] of Object.entries({
    null: null,
    'an object': { studies: [] },
    'a list of null': [null],
    'a list of texts': ['1.1'],
    'a list of lists': [[]],
    'a number': 7,
  })) {
    it(`by an answer that is ${name} fails with series-body`, async () => {
      await giveAnswers([json('/made/studies', value), json(METADATA, value)]);
      expect((await errorOf(listSeries({ wadoRsRoot }))).code).toBe('series-body');
      expect((await errorOf(fetchSeries({ wadoRsRoot, ...uids }))).code).toBe('series-body');
    });
  }

  it('by attributes without values gives empty texts', async () => {
    const odd = { '0020000D': null, '0020000E': { Value: null }, '00080060': { Value: [null] } };
    await giveAnswers([json(`/made/studies/1.1/series${SERIES_QUERY}`, [odd])]);
    const [series] = await listSeries({ wadoRsRoot, studyInstanceUID: '1.1' });
    expect([series?.seriesInstanceUID, series?.modality]).toEqual(['', '']);
  });

  for (const [name, element] of [
    ['Value is a text', '"00180088":{"Value":"x"}'],
    ['Value is an object', '"00180088":{"Value":{"a":1}}'],
    ['value is an object without a text', '"00180088":{"Value":[{"toString":1,"valueOf":1}]}'],
    ['Value is a number', '"00280008":{"Value":5}'],
    ['places are empty', '"00180088":null,"00540022":null,"00080060":null'],
    ['functional groups are a text', '"52009229":"x"'],
  ] as const) {
    it(`by an element whose ${name} gives an imageId all the same`, async () => {
      const body = `[{"00080018":{"Value":["1.3"]},${element},"00280010":{"Value":[2]}}]`;
      await giveAnswers([{ ...json(METADATA, []), body: new TextEncoder().encode(body) }]);
      expect((await fetchSeries({ wadoRsRoot, ...uids })).length).toBe(1);
    });
  }

  for (const [name, value] of [
    ['an object without a text', '{"toString":1,"valueOf":1}'],
    ['a list in lists', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ] as const) {
    it(`by a number of frames that is ${name} fails with series-body`, async () => {
      const body = `[{"00080018":{"Value":["1.3"]},"00280008":{"Value":[${value}]},"00280010":{"Value":[2]}}]`;
      await giveAnswers([{ ...json(METADATA, []), body: new TextEncoder().encode(body) }]);
      const error = await errorOf(fetchSeries({ wadoRsRoot, ...uids }));
      expect(error.code).toBe('series-body');
    });
  }

  for (const frames of [2 ** 33, '1e308', 2.5]) {
    it(`by an instance that claims ${frames} frames fails with series-body`, async () => {
      await giveAnswers([json(METADATA, [instance(frames)])]);
      const error = await errorOf(fetchSeries({ wadoRsRoot, ...uids }));
      expect(error.code).toBe('series-body');
      expect(error.message).toContain('instances/1.3');
    });
  }

  it('ends listSeries, which aborts the requests under way and sends no others', async () => {
    const numbers = Array.from({ length: STUDIES }, (_, index) => index + 1);
    await giveAnswers([json('/made/studies', numbers.map(study))]);
    await giveAnswers(
      numbers.map((number) => json(`/made/studies/1.1.${number}/series${SERIES_QUERY}`, [])),
    );
    // Three of six connections of the browser are left to ask the server.
    await setFaults([
      { match: '/1\\.1\\.[123]/series', hold: true, times: 3 },
      { match: '/1\\.1\\.4/series', status: 401 },
      { match: '/1\\.1\\.[56]/series', hold: true },
    ]);
    expect((await errorOf(listSeries({ wadoRsRoot }))).status).toBe(401);
    const sent = (await seenRequests()).filter(({ path }) => path.includes('/series?'));
    expect(sent.length).toBeLessThanOrEqual(6);
    // Before the answers are released: they would come before an abort that is still on its way to the server.
    let requests = await seenRequests();
    while (requests.some(({ endedAt }) => endedAt === null)) {
      requests = await seenRequests();
    }
    await releaseAnswers();
    requests = await seenRequests();
    const series = requests.filter(({ path }) => path.includes('/series?'));
    expect(series.length).toBe(sent.length);
    expect(series.filter(({ aborted }) => aborted).length).toBe(sent.length - 1);
  });

  for (const status of [401, 403]) {
    it(`with ${status} gets the credentials once`, async () => {
      const service = { wadoRsRoot, headers: { Authorization: 'Bearer token' } };
      await giveAnswers([
        {
          path: METADATA,
          status,
          headers: { 'Content-Type': 'text/html' },
          body: new Uint8Array(),
        },
      ]);
      const error = await errorOf(fetchSeries({ ...service, ...uids }));
      expect([error.code, error.status]).toEqual(['series-fetch', status]);
      expect((await seenRequests()).map(({ headers }) => headers['authorization'])).toEqual([
        'Bearer token',
      ]);
    });
  }

  it('with 403 for a static file gets no credentials for the next one', async () => {
    const service = { wadoRsRoot, headers: { Authorization: 'Bearer token' } };
    await giveAnswers([json(METADATA, [])]);
    await setFaults([
      { match: `${METADATA}$`, status: 404 },
      { match: '\\.gz$', status: 403 },
    ]);
    expect((await errorOf(fetchSeries({ ...service, ...uids }))).status).toBe(404);
    expect(await paths()).toEqual([METADATA, `${METADATA}.gz`]);
  });

  it('with 403 as JSON is no static tree', async () => {
    await giveAnswers([{ ...json('/made/studies', { message: 'no' }), status: 403 }]);
    expect((await errorOf(listSeries({ wadoRsRoot }))).status).toBe(403);
    expect(await paths()).toEqual(['/made/studies']);
  });

  for (const fault of [
    { status: 503 },
    { status: 429 },
    { body: 'cut' },
    { cors: false },
  ] as const) {
    it(`for a moment is asked again: ${JSON.stringify(fault)}`, async () => {
      await giveAnswers([
        json('/made/studies', [study(1)]),
        json(`/made/studies/1.1.1/series${SERIES_QUERY}`, [{ '0020000E': { Value: ['1.2'] } }]),
        json(METADATA, [instance(3)]),
      ]);
      const retryDelayMs = 0;
      await setFaults([{ match: '/studies$', times: 2, ...fault }]);
      expect((await listSeries({ wadoRsRoot, retryDelayMs })).length).toBe(1);
      await setFaults([{ match: '/1.1.1/series\\?', times: 3, ...fault }]);
      expect((await listSeries({ wadoRsRoot, retryDelayMs })).length).toBe(1);
      await setFaults([{ match: '/metadata$', times: 1, ...fault }]);
      expect((await fetchSeries({ wadoRsRoot, retryDelayMs, ...uids })).length).toBe(3);
      const sent = await paths();
      expect(sent.filter((path) => path === METADATA).length).toBe(2);
      expect(sent.length).toBe(3 + 1 + 1 + 4 + 2);

      await setFaults([{ match: '/metadata$', ...fault }]);
      await resetRequests();
      await errorOf(fetchSeries({ wadoRsRoot, retryDelayMs, retries: 2, ...uids }));
      expect((await paths()).length).toBe(3);
    });
  }

  it('refuses a wrong option', async () => {
    const service = { wadoRsRoot, retries: -1 };
    await expectAsync(listSeries(service)).toBeRejectedWithError(TypeError, /retries.*-1/);
    await expectAsync(fetchSeries({ ...service, ...uids })).toBeRejectedWithError(TypeError, /-1/);
  });

  it('is asked for no header that it does not expose', async () => {
    // Chromium writes "Refused to get unsafe header" on the console for each.
    const asked: string[] = [];
    // oxlint-disable-next-line typescript/unbound-method -- called with its `this`
    const { getResponseHeader } = XMLHttpRequest.prototype;
    spyOn(XMLHttpRequest.prototype, 'getResponseHeader').and.callFake(function (
      this: XMLHttpRequest,
      name: string,
    ) {
      if (!this.getAllResponseHeaders().includes(`${name.toLowerCase()}:`)) {
        asked.push(name);
      }
      return getResponseHeader.call(this, name);
    });
    await giveAnswers([
      json('/made/studies', [study(1)]),
      json(`/made/studies/1.1.1/series${SERIES_QUERY}`, []),
      json(METADATA, [instance(3)]),
    ]);
    await listSeries({ wadoRsRoot });
    await fetchSeries({ wadoRsRoot, ...uids });
    await setFaults([{ match: '/made', status: 400 }]);
    await errorOf(listSeries({ wadoRsRoot }));
    expect(asked).toEqual([]);
  });
});

describe('listSeries', () => {
  const wadoRsRoot = `${String(karmaFixtures['origin'])}/made`;
  const PLAIN = '/made/studies/1.1/series';
  const entry = {
    '0020000E': { vr: 'UI', Value: ['1.2'] },
    '00080060': { vr: 'CS', Value: ['PT'] },
  };
  const service = { wadoRsRoot, studyInstanceUID: '1.1', retryDelayMs: 0 };

  beforeEach(resetServer);
  afterEach(resetServer);

  const paths = async (): Promise<string[]> => (await seenRequests()).map(({ path }) => path);

  it('asks once for what fusion needs, which the server may not know', async () => {
    const stated = {
      '00200052': { vr: 'UI', Value: ['9.9'] },
      '00200105': { vr: 'IS', Value: [12] },
      '00080021': { vr: 'DA', Value: ['20240229'] },
      '00080031': { vr: 'TM', Value: ['103000'] },
    };
    const other = { '0020000E': { vr: 'UI', Value: ['1.3'] }, '00200105': { Value: [2.5] } };
    await giveAnswers([json(`${PLAIN}${SERIES_QUERY}`, [{ ...entry, ...stated }, other])]);
    const list = await listSeries(service);
    expect(
      list.map(({ frameOfReferenceUID, timePointCount, seriesDate, seriesTime }) => [
        frameOfReferenceUID,
        timePointCount,
        seriesDate,
        seriesTime,
      ]),
    ).toEqual([
      ['9.9', 12, '20240229', '103000'],
      ['', 0, '', ''],
    ]);
    expect((await paths()).length).toBe(1);
  });

  for (const status of [400, 404, 422, 500, 501]) {
    it(`asks without these attributes where the server refuses them with ${status}`, async () => {
      await giveAnswers([
        { ...json(`${PLAIN}${SERIES_QUERY}`, { message: 'unknown attribute' }), status },
        json(PLAIN, [entry], { Warning: '299 more' }),
        json(`${PLAIN}?offset=1`, []),
      ]);
      const [series] = await listSeries(service);
      expect([series?.modality, series?.frameOfReferenceUID]).toEqual(['PT', '']);
      // Not for the next page either.
      expect(await paths()).toEqual([`${PLAIN}${SERIES_QUERY}`, PLAIN, `${PLAIN}?offset=1`]);
    });
  }

  it('asks without these attributes where it gets a page for them', async () => {
    const html = { 'Content-Type': 'text/html' };
    await giveAnswers([
      { path: `${PLAIN}${SERIES_QUERY}`, headers: html, body: new TextEncoder().encode('<p>') },
      json(PLAIN, [entry]),
    ]);
    expect((await listSeries(service)).length).toBe(1);
    expect(await paths()).toEqual([`${PLAIN}${SERIES_QUERY}`, PLAIN]);
  });

  it('says what is wrong with a server that refuses both', async () => {
    await giveAnswers([json(`${PLAIN}${SERIES_QUERY}`, []), json(PLAIN, [])]);
    await setFaults([{ match: '/series', status: 400 }]);
    expect((await errorOf(listSeries(service))).status).toBe(400);
  });

  it('does not change an address with a query of its own', async () => {
    await giveAnswers([json(`${PLAIN}?signature=abc`, [entry])]);
    const signed = `${wadoRsRoot}?signature=abc`;
    expect((await listSeries({ ...service, wadoRsRoot: signed })).length).toBe(1);
    expect(await paths()).toEqual([`${PLAIN}?signature=abc`]);
  });

  it('may be followed by fetchFrameOfReferenceUID, which reads one instance', async () => {
    const instances = `${PLAIN}/1.2/instances`;
    const list = `${instances}?limit=1&includefield=00200052`;
    const listed = { '00080018': { vr: 'UI', Value: ['1.2.3'] } };
    const stated = { '00200052': { vr: 'UI', Value: ['9.9'] } };
    await giveAnswers([
      json(list, [listed]),
      json(`${instances}/1.2.3/metadata`, [{ ...listed, ...stated }]),
    ]);
    const series = { ...service, seriesInstanceUID: '1.2' };
    expect(await fetchFrameOfReferenceUID(series)).toBe('9.9');
    expect(await paths()).toEqual([list, `${instances}/1.2.3/metadata`]);
    await giveAnswers([json(list, [{ ...listed, ...stated }])]);
    expect(await fetchFrameOfReferenceUID(series)).toBe('9.9');
    expect((await paths()).length).toBe(3);
    await giveAnswers([json(list, [])]);
    expect(await fetchFrameOfReferenceUID(series)).toBe('');
    await setFaults([{ match: '/instances', status: 404 }]);
    expect((await errorOf(fetchFrameOfReferenceUID(series))).status).toBe(404);
  });
});

/** Forgets the requests so far; faults and given answers stay. */
async function resetRequests(): Promise<void> {
  await fetch(`${String(karmaFixtures['origin'])}/__requests/clear`, { method: 'POST' });
}

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDicomWebServer } from '../../demo/server/index.mjs';
import { element, writePart10 } from '../../demo/server/writePart10.mjs';

const COMMON = { studyUID: '1.2.3', rows: 2, columns: 3 };
const NATIVE = Buffer.from([1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);
const FRAME_1 = Buffer.from([0xff, 0xd8, 1, 2, 3, 4]);
const FRAME_2 = Buffer.from([0xff, 0xd8, 5, 6]);
const JPEG_LS = '1.2.840.10008.1.2.4.80';

/** @type {string} */
let folder;
/** @type {import('../../demo/server/index.mjs').DicomWebServer} */
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-test-'));
  const native = writePart10({
    ...COMMON,
    seriesUID: '1.2.3.1',
    sopUID: '1.2.3.1.1',
    modality: 'CT',
    slope: 2,
    intercept: -3.5,
    position: [1, 2.5, -3],
    attributes: {
      '00080005': element('CS', 'ISO_IR 192'),
      '00080006': { vr: 'SQ', Value: [{ '00080100': element('SH', 'code') }] },
      '00100010': element('PN', { Alphabetic: 'Müller^Eva' }),
      '00280009': element('AT', '00181063'),
      '00090010': element('LO', 'PRIVATE'),
      '00091001': { vr: 'UN', InlineBinary: 'AQI=' },
    },
    pixelData: NATIVE,
  });
  const encapsulated = writePart10({
    ...COMMON,
    seriesUID: '1.2.3.2',
    sopUID: '1.2.3.2.1',
    modality: 'MR',
    frames: 2,
    transferSyntaxUID: JPEG_LS,
    pixelData: [FRAME_1, FRAME_2],
  });
  await writeFile(join(folder, 'native.dcm'), native);
  await writeFile(join(folder, 'copy.dcm'), native);
  await writeFile(join(folder, 'encapsulated.dcm'), encapsulated);
  await writeFile(join(folder, 'notes.txt'), 'not DICOM');
  await writeFile(join(folder, 'codec.wasm'), 'wasm');
  server = await startDicomWebServer({
    folders: [folder],
    staticFolder: folder,
    testControls: true,
  });
});

after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** @type {(path: string) => Promise<any>} */
const getJson = async (path) => (await fetch(server.url(path))).json();

/** @param {() => boolean | undefined} condition */
const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

/** @param {string} path */
const frameUrl = (path) => server.url(`/dicomweb/studies/1.2.3/series/${path}`);

test('lists the series with their number of instances, a duplicate counted once', async () => {
  const series = await getJson('/dicomweb/series');
  assert.deepEqual(
    series.map((/** @type {any} */ each) => [
      each['0020000E'].Value[0],
      each['00080060'].Value[0],
      each['00201209'].Value[0],
    ]),
    [
      ['1.2.3.1', 'CT', 1],
      ['1.2.3.2', 'MR', 1],
    ],
  );
  const [only, ...others] = await getJson('/dicomweb/series?Modality=MR');
  assert.equal(only['0020000E'].Value[0], '1.2.3.2');
  assert.deepEqual(others, []);
});

test('gives metadata in the DICOM JSON model', async () => {
  const [json] = await getJson('/dicomweb/studies/1.2.3/series/1.2.3.1/metadata');
  assert.deepEqual(json['00200032'], { vr: 'DS', Value: [1, 2.5, -3] });
  assert.deepEqual(json['00280010'], { vr: 'US', Value: [2] });
  assert.deepEqual(json['00281052'], { vr: 'DS', Value: [-3.5] });
  assert.deepEqual(json['00100010'], { vr: 'PN', Value: [{ Alphabetic: 'Müller^Eva' }] });
  assert.deepEqual(json['00280009'], { vr: 'AT', Value: ['00181063'] });
  assert.deepEqual(json['00091001'], { vr: 'UN', InlineBinary: 'AQI=' });
  assert.deepEqual(json['00080006'].Value[0]['00080100'], { vr: 'SH', Value: ['code'] });
  assert.deepEqual(json['00083002'], { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] });
  assert.equal(json['7FE00010'], undefined);
});

test('sends a native frame with its transfer syntax and length', async () => {
  const answer = await fetch(frameUrl('1.2.3.1/instances/1.2.3.1.1/frames/1'));
  const type = answer.headers.get('content-type') ?? '';
  const boundary = /boundary="(.+)"/.exec(type)?.[1];
  const body = Buffer.from(await answer.arrayBuffer());
  const head =
    `--${boundary}\r\nContent-Type: application/octet-stream; ` +
    'transfer-syntax=1.2.840.10008.1.2.1\r\nContent-Length: 12\r\n\r\n';
  const expected = [Buffer.from(head), NATIVE, Buffer.from(`\r\n--${boundary}--\r\n`)];
  assert.deepEqual(body, Buffer.concat(expected));
});

test('sends each encapsulated frame as it is stored', async () => {
  for (const [number, expected] of [FRAME_1, FRAME_2].entries()) {
    const url = frameUrl(`1.2.3.2/instances/1.2.3.2.1/frames/${number + 1}?singlePart`);
    const answer = await fetch(url);
    const type = answer.headers.get('content-type');
    assert.equal(type, `application/octet-stream; transfer-syntax=${JPEG_LS}`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), expected);
  }
});

test('answers 404 for what is not there', async () => {
  for (const path of [
    '/dicomweb/studies/9.9/series',
    '/dicomweb/studies/1.2.3/series/9.9/metadata',
    '/dicomweb/studies/1.2.3/series/1.2.3.1/instances/9.9/metadata',
    '/dicomweb/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1/frames/2',
    '/dicomweb/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1/frames/0',
    '/files/9.9.dcm',
    '/missing.html',
  ]) {
    assert.equal((await fetch(server.url(path))).status, 404, path);
  }
});

test('serves files with byte ranges', async () => {
  const url = server.url('/files/1.2.3.1.1.dcm');
  const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
  /** @type {(range: string) => Promise<Response>} */
  const get = (range) => fetch(url, { headers: { range } });
  const part = await get('bytes=128-131');
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 128-131/${whole.length}`);
  assert.equal(await part.text(), 'DICM');
  const tail = Buffer.from(await (await get('bytes=-12')).arrayBuffer());
  assert.deepEqual(tail, NATIVE);
  const beyond = await get(`bytes=${whole.length}-`);
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get('content-range'), `bytes */${whole.length}`);
  const head = await fetch(url, { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), String(whole.length));
});

test('allows every origin, and isolates', async () => {
  const answer = await fetch(server.url('/codec.wasm'));
  assert.equal(answer.headers.get('content-type'), 'application/wasm');
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
  assert.equal(answer.headers.get('cross-origin-embedder-policy'), 'require-corp');
  assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin');
  const preflight = await fetch(server.url('/dicomweb/series'), {
    method: 'OPTIONS',
    headers: { 'access-control-request-headers': 'authorization' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization');
});

test('refuses paths that leave the static folder', async () => {
  const port = Number(new URL(server.origin).port);
  for (const path of ['/../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/etc/passwd']) {
    const status = await new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject).end();
    });
    assert.ok(status === 403 || status === 404, `${path}: ${status}`);
  }
});

test('says that a folder holds no DICOM', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'server-test-'));
  await writeFile(join(empty, 'a.txt'), 'text');
  await assert.rejects(startDicomWebServer({ folders: [empty] }), /No DICOM files in .*1 files/);
  await assert.rejects(
    startDicomWebServer({ folders: [join(empty, 'none')] }),
    /No such file or folder/,
  );
  await rm(empty, { recursive: true });
});

test(
  'holds an answer until it is released, and logs a client that goes away',
  { timeout: 20_000 },
  async () => {
    const path = '1.2.3.1/instances/1.2.3.1.1/frames/1?singlePart';
    server.requests.clear();
    server.controls.setFaults([{ match: '/frames/', hold: true }]);
    const held = fetch(frameUrl(path));
    await server.requests.waitFor('/frames/', 1);
    const abort = new AbortController();
    const given = fetch(frameUrl(path), { signal: abort.signal });
    await server.requests.waitFor('/frames/', 2);
    const [first, second] = server.requests.entries;
    assert.deepEqual([first?.status, second?.status], [null, null]);
    abort.abort();
    await assert.rejects(given, { name: 'AbortError' });
    await until(() => second?.aborted);
    assert.equal(server.controls.release(), 1);
    assert.deepEqual(Buffer.from(await (await held).arrayBuffer()), NATIVE);
    assert.equal(first?.aborted, false);
    server.controls.setFaults([]);
  },
);

test('damages answers as told, and only so often', async () => {
  const url = frameUrl('1.2.3.1/instances/1.2.3.1.1/frames/1?singlePart');
  const post = (/** @type {unknown} */ faults) =>
    fetch(server.url('/__faults'), { method: 'POST', body: JSON.stringify(faults) });
  await post([
    { match: '/frames/1', status: 503, times: 1 },
    { match: '/frames/1', body: 'truncate', times: 1 },
    { match: '/frames/1', body: 'html', times: 1 },
    { match: '/frames/1', body: 'garbage', times: 1 },
    { match: '/frames/1', body: 'cut', times: 1 },
  ]);
  assert.equal((await fetch(url)).status, 503);
  assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), NATIVE.subarray(0, 6));
  assert.match(await (await fetch(url)).text(), /^<!doctype html>/);
  const garbage = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.equal(garbage.length, NATIVE.length);
  assert.notDeepEqual(garbage, NATIVE);
  await assert.rejects(fetch(url).then((answer) => answer.arrayBuffer()));
  assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), NATIVE);
});

test('sends lists page by page when told, and says when there is more', async () => {
  const path = '/dicomweb/series';
  const all = await getJson(path);
  assert.ok(all.length > 1);
  server.controls.setFaults([{ match: '/series', pageSize: 1 }]);
  const first = await fetch(server.url(path));
  assert.match(first.headers.get('warning') ?? '', /^299 /);
  assert.deepEqual(await first.json(), all.slice(0, 1));
  const last = await fetch(server.url(`${path}?offset=${all.length - 1}`));
  assert.equal(last.headers.get('warning'), null);
  assert.deepEqual(await last.json(), all.slice(-1));
  server.controls.setFaults([]);
});

test('counts requests', async () => {
  await fetch(server.url('/__requests/clear'), { method: 'POST' });
  await getJson('/dicomweb/series');
  await getJson('/dicomweb/series?limit=1');
  await fetch(server.url('/dicomweb/series'), { method: 'OPTIONS' });
  assert.equal((await getJson('/__requests/count?match=series$')).count, 1);
  assert.equal((await getJson('/__requests/count?match=series')).count, 2);
  assert.equal((await getJson('/__requests/count?match=series&method=OPTIONS')).count, 1);
  const [first] = await getJson('/__requests');
  assert.equal(first.path, '/dicomweb/series');
  assert.equal(first.status, 200);
  assert.equal(first.aborted, false);
});

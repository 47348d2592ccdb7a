import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { startBenchServer } from '../../bench/server/startBenchServer.mjs';

const HEADERS = { Authorization: 'Bearer token', Accept: 'multipart/related' };

/**
 * @param {Readonly<Record<string, string>>} [frameHeaders]
 * @param {Partial<import('../../bench/server/startBenchServer.mjs').Connection>} [connection]
 * @returns {ReturnType<typeof startBenchServer>}
 */
const start = (frameHeaders, connection) =>
  startBenchServer({
    isolated: true,
    protocol: 'http/1.1',
    ...connection,
    ...(frameHeaders && { frameHeaders }),
    pageFolder: import.meta.dirname,
    series: { measured: new BenchSeries(2, 1) },
  });

describe('the server of the measurements', () => {
  /** @type {Awaited<ReturnType<typeof start>>} */
  let server;
  /** @type {string} */
  let frameUrl;

  before(async () => {
    server = await start(HEADERS);
    frameUrl = `${server.origin}/series/measured/instances/1.2.1/frames/1`;
  });

  after(() => server.close());

  test('sends no frame without the headers that it wants, and does not count it', async () => {
    server.traffic.start();
    /** @type {Array<Record<string, string>>} */
    const lacking = [{}, { Accept: HEADERS.Accept }, { ...HEADERS, Authorization: 'no' }];
    for (const headers of lacking) {
      const response = await fetch(frameUrl, { headers });
      assert.equal(response.status, 401);
      await response.arrayBuffer();
    }
    assert.deepEqual(server.traffic.figures, { requests: 0, framesSent: 0, bytesSent: 0 });
  });

  test('sends a frame with them', async () => {
    server.traffic.start();
    const response = await fetch(frameUrl, { headers: HEADERS });
    assert.equal(response.status, 200);
    const { byteLength } = await response.arrayBuffer();
    assert.equal(byteLength, new BenchSeries(2, 1).frame(0)?.body.length);
    assert.equal(server.traffic.figures.requests, 1);
  });

  test('has an archive of another origin, whose frames a page may read, where a suite asks for one', async () => {
    assert.equal(server.archiveOrigin, server.origin);
    const other = await start(undefined, { hasOwnArchive: true });
    try {
      assert.notEqual(other.archiveOrigin, other.origin);
      const path = '/series/measured/instances/1.2.1/frames/1';
      const response = await fetch(`${other.archiveOrigin}${path}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), '*');
      assert.equal(response.headers.get('Cross-Origin-Resource-Policy'), 'cross-origin');
      await response.arrayBuffer();
      assert.equal(other.traffic.figures.requests, 1);
    } finally {
      await other.close();
    }
  });

  test('sends what is not measured to everybody', async () => {
    for (const path of ['/series/measured/metadata', '/series/measured/truth']) {
      assert.equal((await fetch(`${server.origin}${path}`)).status, 200);
    }
    const missing = await fetch(`${server.origin}/series/measured/instances/1.2.9/frames/1`);
    assert.equal(missing.status, 404);
  });

  test('wants nothing of itself', async () => {
    const open = await start();
    try {
      const response = await fetch(`${open.origin}/series/measured/instances/1.2.1/frames/1`);
      assert.equal(response.status, 200);
    } finally {
      await open.close();
    }
  });
});

describe('ranges of a frame', () => {
  const whole = /** @type {Buffer} */ (new BenchSeries(2, 1).frame(0)?.body);
  const link = { bytesPerSecond: 1e9, latencyMs: 1 };

  for (const connection of [{ servesRanges: true }, { servesRanges: true, link }, {}]) {
    const title = Object.keys(connection).join(' and ') || 'neither';
    test(`are sent with the connection's options ${title}`, async () => {
      const server = await start(undefined, connection);
      try {
        const url = `${server.origin}/series/measured/instances/1.2.1/frames/1`;
        const get = async (/** @type {string} */ range) => {
          const response = await fetch(url, { headers: { Range: range } });
          return { response, body: Buffer.from(await response.arrayBuffer()) };
        };
        const first = await get('bytes=0-99');
        if (!connection.servesRanges) {
          assert.equal(first.response.status, 200);
          assert.ok(first.body.equals(whole));
          return;
        }
        assert.equal(first.response.status, 206);
        assert.equal(first.response.headers.get('Content-Range'), `bytes 0-99/${whole.length}`);
        assert.equal(server.traffic.figures.framesSent, 0);
        const rest = await get('bytes=100-');
        assert.ok(Buffer.concat([first.body, rest.body]).equals(whole));
        assert.deepEqual(server.traffic.figures, {
          requests: 2,
          framesSent: 1,
          bytesSent: whole.length,
        });
        assert.equal((await get(`bytes=${whole.length}-`)).response.status, 416);
        assert.ok((await get('bytes=-5')).body.equals(whole));
      } finally {
        await server.close();
      }
    });
  }
});

describe('the series of time points', () => {
  test('has the positions of one time point again in the next', () => {
    const { metadata, frameCount } = new BenchSeries(6, 1, { size: 32, timePoints: 2 });
    assert.equal(frameCount, 6);
    const valuesOf = (/** @type {string} */ tag) =>
      metadata.map((instance) => /** @type {number[]} */ (instance[tag]?.Value ?? []).at(-1));
    assert.deepEqual(valuesOf('00200032'), [0, 2, 4, 0, 2, 4]);
    assert.deepEqual(valuesOf('00200100'), [1, 1, 1, 2, 2, 2]);
  });
});

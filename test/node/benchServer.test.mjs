import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BenchSeries } from '../../bench/server/BenchSeries.mjs';
import { startBenchServer } from '../../bench/server/startBenchServer.mjs';

const HEADERS = { Authorization: 'Bearer token', Accept: 'multipart/related' };

/**
 * @param {Readonly<Record<string, string>>} [frameHeaders]
 * @returns {ReturnType<typeof startBenchServer>}
 */
const start = (frameHeaders) =>
  startBenchServer({
    isolated: true,
    protocol: 'http/1.1',
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

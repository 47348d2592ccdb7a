import { HttpError, plainRequest } from '../../../src/base/transport/plainRequest.js';
import { karmaFixtures } from '../../support/karmaFixtures.js';
import { createVolume } from '../../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { setHooks } from '../../support/hookSets.js';
import { serveSeries } from '../../support/servedSeries.js';
import {
  frameRequests,
  giveAnswers,
  resetServer,
  seenRequests,
  setFaults,
} from '../../support/serverControls.js';

const PATH = '/given/answer';

describe('plainRequest', () => {
  const origin = String(karmaFixtures['origin']);
  const body = new TextEncoder().encode('body');

  beforeEach(async () => {
    await resetServer();
    await giveAnswers([{ path: PATH, headers: { 'Content-Type': 'text/plain' }, body }]);
  });

  afterEach(async () => {
    await resetServer();
  });

  async function failureOf(promise: Promise<unknown>): Promise<HttpError> {
    const error: unknown = await promise.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HttpError);
    return error as HttpError;
  }

  it('gives the body, and says how much of it has come', async () => {
    const received: unknown[] = [];
    const response = await plainRequest(
      `${origin}${PATH}`,
      { 'X-Own': 'yes' },
      {
        onReceived: (each) => received.push(each),
      },
    );
    expect(new TextDecoder().decode(response.bytes)).toBe('body');
    expect(response.headers.get('Content-Type')).toBe('text/plain');
    expect(received.at(-1)).toEqual({ loadedBytes: 4, totalBytes: 4 });
    expect((await seenRequests())[0]?.headers['x-own']).toBe('yes');
  });

  it('sends Authorization to the origin that was asked for, and to no other by a redirect', async () => {
    const other = origin.replace('//127.0.0.1', '//elsewhere.localhost');
    await giveAnswers([
      { path: '/moved', status: 302, headers: { Location: `${other}${PATH}` }, body },
    ]);
    await plainRequest(`${origin}/moved`, { Authorization: 'Bearer token' });
    const seen = (await seenRequests()).map(({ path, headers }) => [
      path,
      headers['authorization'],
    ]);
    expect(seen).toEqual([
      ['/moved', 'Bearer token'],
      [PATH, undefined],
    ]);
  });

  for (const frameWorkers of [0, 2]) {
    it(`the same holds for frames that ${frameWorkers > 0 ? 'workers' : 'the page'} fetch`, async () => {
      startCornerstone({ frameWorkers });
      const takeHooksBack = setHooks({
        beforeSend: () => ({ Authorization: 'Bearer token' }),
      });
      const other = origin.replace('//127.0.0.1', '//elsewhere.localhost');
      const imageIds = await serveSeries({
        columns: 2,
        rows: 2,
        bitsAllocated: 8,
        body: Uint8Array.of(1, 2, 3, 4),
        contentType: 'application/octet-stream',
        redirectTo: other,
      });
      try {
        const volume = await createVolume(imageIds);
        expect((await volume.load()).failed).toEqual([]);
        const seen = (await frameRequests()).map(
          ({ path, headers }) => `${path.startsWith('/moved')} ${headers['authorization']}`,
        );
        expect(seen.toSorted()).toEqual([
          ...imageIds.map(() => 'false Bearer token'),
          ...imageIds.map(() => 'true undefined'),
        ]);
      } finally {
        takeHooksBack();
        stopCornerstone();
      }
    });
  }

  it('sends the user and the password of an address', async () => {
    const address = origin.replace('//', '//%C3%A9va:p%40ss@');
    await plainRequest(`${address}${PATH}`, {});
    await plainRequest(`${address}${PATH}`, { authorization: 'Bearer token' });
    const sent = (await seenRequests()).map(({ headers }) => headers['authorization']);
    expect(sent).toEqual([`Basic ${btoa('\u00c3\u00a9va:p@ss')}`, 'Bearer token']);
  });

  it('reads 64 KiB of the body of an error, and no more', async () => {
    await setFaults([{ match: PATH, status: 500, body: 'huge' }]);
    const received: number[] = [];
    const failing = plainRequest(
      `${origin}${PATH}`,
      {},
      {
        onReceived: ({ loadedBytes }) => received.push(loadedBytes),
      },
    );
    expect((await failureOf(failing)).status).toBe(500);
    expect(received.at(-1)).toBe(64 * 1024);
    let entry = (await seenRequests())[0];
    while (entry?.endedAt === null) {
      [entry] = await seenRequests();
    }
    expect(entry?.aborted).toBeTrue();
  });

  for (const url of [
    'http://[',
    'http://host:port/',
    'http://%',
    '//',
    'http://%E0%A4%A:x@host/',
  ]) {
    it(`says that it cannot be sent to ${url}`, async () => {
      const error = await failureOf(plainRequest(url, {}));
      expect([error.status, error.message]).toEqual([undefined, jasmine.stringContaining('sent')]);
    });
  }

  it('says that a header cannot be sent', async () => {
    const error = await failureOf(plainRequest(origin, { 'not a name': 'x' }));
    expect([error.status, error.message]).toEqual([undefined, jasmine.stringContaining('sent')]);
  });

  it('says of a header that cannot be sent nothing of its value', async () => {
    const error = await failureOf(
      plainRequest(`${origin}/x?signature=secret`, { Authorization: 'Bearer secret\u0107' }),
    );
    expect(error.message).toContain('sent');
    expect(error.message).not.toContain('secret');
  });

  it('says that no response came, or not all of it', async () => {
    await setFaults([{ match: PATH, cors: false }]);
    expect((await failureOf(plainRequest(`${origin}${PATH}`, {}))).status).toBe(0);
    await setFaults([{ match: PATH, body: 'cut' }]);
    expect((await failureOf(plainRequest(`${origin}${PATH}`, {}))).status).toBe(0);
  });

  it('ends with its signal', async () => {
    await setFaults([{ match: PATH, hold: true }]);
    const controller = new AbortController();
    const reason = new Error('enough');
    const sent = plainRequest(`${origin}${PATH}`, {}, { signal: controller.signal });
    controller.abort(reason);
    await expectAsync(sent).toBeRejectedWith(reason);
  });
});

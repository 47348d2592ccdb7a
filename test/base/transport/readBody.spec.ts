import { HttpError, readBody } from '../../../src/base/transport/plainRequest.js';

const LIMIT = { bytes: 5, errorBytes: 5, tooLong: () => new Error('too long') };

describe('A body that is longer than its limit', () => {
  it('is not read where its header says so', async () => {
    let pulls = 0;
    const source = {
      pull(controller: ReadableStreamDefaultController<Uint8Array>) {
        pulls += 1;
        controller.enqueue(new Uint8Array(10));
        controller.close();
      },
    };
    const body = new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
    const response = new Response(body, { headers: { 'Content-Length': '10' } });
    await expectAsync(readBody(response, LIMIT, () => undefined)).toBeRejectedWithError('too long');
    expect(pulls).toBe(0);
  });

  it('is refused where a browser does not stream it', async () => {
    const response = {
      status: 200,
      headers: new Headers(),
      body: null,
      arrayBuffer: () => Promise.resolve(new ArrayBuffer(10)),
    } as unknown as Response;
    await expectAsync(readBody(response, LIMIT, () => undefined)).toBeRejectedWithError('too long');
  });
});

describe('HttpError', () => {
  it('has no query in its message', () => {
    expect(new HttpError('at http://a/?token=secret', 0).message).toBe('at http://a/');
  });
});

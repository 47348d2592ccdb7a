import type { FetchRequest } from '../../../src/pixels/worker/frameMessages.js';
import { receiveResponse } from '../../../src/pixels/worker/receiveResponse.js';
import { ResponseMemory } from '../../../src/pixels/worker/ResponseMemory.js';

const PIECE = 16 * 1024;
/** 64 MB. */
const PIECES = 4096;
const ERROR: ResponseInit = { status: 503, headers: { 'Retry-After': '7' } };

describe('A response that is longer than it may be', () => {
  let sent: number;
  let isCancelled: boolean;

  function respond(pieces: number, init: ResponseInit = ERROR): void {
    sent = 0;
    isCancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent += 1;
          controller.enqueue(new Uint8Array(PIECE).fill(0x41));
          if (sent === pieces) {
            controller.close();
          }
        },
        cancel() {
          isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    spyOn(globalThis, 'fetch').and.resolveTo(new Response(body, init));
  }

  async function receive(tellsHead: FetchRequest['tellsHead'], memory: ResponseMemory) {
    const source: FetchRequest = {
      url: 'http://pacs.test/frames/1',
      headers: [],
      credentials: 'same-origin',
      timeoutMs: 0,
      tellsHead,
      maxBytes: 2 * PIECE,
      maxErrorBytes: 64 * 1024,
    };
    memory.begin(PIECE);
    const { fault } = await receiveResponse(
      source,
      'wadors:http://pacs.test/frames/1?token=secret',
      memory,
      new AbortController().signal,
      {
        onHead: () => undefined,
        onReceived: () => undefined,
      },
    );
    return fault as { readonly status?: number; readonly body?: ArrayBuffer | null } | undefined;
  }

  for (const tellsHead of ['never', 'at the end'] as const) {
    it(`is read up to 64 KB where it is an error, and the page is told of heads ${tellsHead}`, async () => {
      respond(PIECES);
      const memory = new ResponseMemory();
      const fault = await receive(tellsHead, memory);
      expect(fault).toEqual(jasmine.objectContaining({ status: 503, retryAfter: '7' }));
      expect(sent * PIECE).toBeLessThanOrEqual(128 * 1024);
      expect(isCancelled).toBeTrue();
      expect(memory.bytes.length).toBeLessThanOrEqual(64 * 1024);
      expect(fault?.body?.byteLength).toBe(tellsHead === 'never' ? undefined : 64 * 1024);
    });
  }

  for (const [how, headers] of [
    ['by its header', { 'Content-Length': String(3 * PIECE) }],
    ['when it comes', {}],
  ] as const) {
    it(`is refused ${how} where it is none, with an error that names the frame and no token`, async () => {
      respond(4, { status: 200, headers });
      const memory = new ResponseMemory();
      const fault = await receive('never', memory);
      expect(fault as unknown).toEqual({
        kind: 'frame',
        code: 'limit-exceeded',
        message: jasmine.stringContaining('wadors:http://pacs.test/frames/1)'),
      });
      expect(JSON.stringify(fault)).not.toContain('secret');
      expect(isCancelled).toBeTrue();
      expect(memory.bytes.length).toBeLessThanOrEqual(2 * PIECE);
    });
  }

  it('of just as many bytes as it may have is taken', async () => {
    respond(2, { status: 200 });
    const memory = new ResponseMemory();
    expect(await receive('never', memory)).toBeUndefined();
    expect(memory.bytes.length).toBe(2 * PIECE);
  });

  it('is read to its end where it is a short error, so that its connection can be used again', async () => {
    respond(2);
    const fault = await receive('at the end', new ResponseMemory());
    expect(fault?.body?.byteLength).toBe(2 * PIECE);
    expect(isCancelled).toBeFalse();
  });
});

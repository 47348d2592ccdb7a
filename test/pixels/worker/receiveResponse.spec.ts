import type { FetchRequest } from '../../../src/pixels/worker/frameMessages.js';
import { receiveResponse } from '../../../src/pixels/worker/receiveResponse.js';
import { ResponseMemory } from '../../../src/pixels/worker/ResponseMemory.js';

const PIECE = 16 * 1024;
/** 64 MB. */
const PIECES = 4096;

describe('A response that says that something went wrong', () => {
  let sent: number;
  let isCancelled: boolean;

  function respond(pieces: number): void {
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
    spyOn(globalThis, 'fetch').and.resolveTo(
      new Response(body, { status: 503, headers: { 'Retry-After': '7' } }),
    );
  }

  async function receive(tellsHead: FetchRequest['tellsHead'], memory: ResponseMemory) {
    const source: FetchRequest = {
      url: 'http://pacs.test/frames/1',
      headers: [],
      credentials: 'same-origin',
      timeoutMs: 0,
      tellsHead,
    };
    memory.begin(PIECE);
    const { fault } = await receiveResponse(source, memory, new AbortController().signal, {
      onHead: () => undefined,
      onReceived: () => undefined,
    });
    return fault as { readonly status?: number; readonly body?: ArrayBuffer | null };
  }

  for (const tellsHead of ['never', 'at the end'] as const) {
    it(`is read up to 64 KB and given up then, where the page is told of heads ${tellsHead}`, async () => {
      respond(PIECES);
      const memory = new ResponseMemory();
      const fault = await receive(tellsHead, memory);
      expect(fault).toEqual(jasmine.objectContaining({ status: 503, retryAfter: '7' }));
      expect(sent * PIECE).toBeLessThanOrEqual(128 * 1024);
      expect(isCancelled).toBeTrue();
      expect(memory.bytes.length).toBeLessThanOrEqual(64 * 1024);
      expect(fault.body?.byteLength).toBe(tellsHead === 'never' ? undefined : 64 * 1024);
    });
  }

  it('is read to its end where it is short, so that its connection can be used again', async () => {
    respond(2);
    const fault = await receive('at the end', new ResponseMemory());
    expect(fault.body?.byteLength).toBe(2 * PIECE);
    expect(isCancelled).toBeFalse();
  });
});

import { internal } from '@cornerstonejs/dicom-image-loader';
import { fetchFrameRange } from '../../../src/pixels/wadors/frameRanges.js';
import type { FrameBytes } from '../../../src/pixels/wadors/frameRanges.js';
import { rangeOf } from '../../../src/pixels/wadors/retrieveOptions.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { serveSeries } from '../../support/servedSeries.js';
import {
  frameRequests,
  giveAnswers,
  resetServer,
  setFaults,
} from '../../support/serverControls.js';

const BODY = Uint8Array.from({ length: 100 }, (_, i) => i);

describe('fetchFrameRange', () => {
  let target: { readonly url: string; readonly imageId: string; readonly signal: AbortSignal };

  beforeEach(async () => {
    await resetServer();
    startCornerstone();
    const size = { columns: 5, rows: 10, bitsAllocated: 16, slices: 1 };
    const [imageId = ''] = await serveSeries({ ...size, body: BODY, ranges: true, etag: '"1"' });
    const url = imageId.slice('wadors:'.length);
    target = { url, imageId, signal: new AbortController().signal };
  });

  afterEach(async () => {
    stopCornerstone();
    await resetServer();
  });

  const sent = async (): Promise<(string | undefined)[]> =>
    (await frameRequests()).map(({ headers }) => headers['range']);

  it('continues behind the bytes so far, and requests nothing twice', async () => {
    let received = await fetchFrameRange(undefined, 30, target);
    expect([received.bytes.length, received.isComplete, received.total]).toEqual([30, false, 100]);
    received = await fetchFrameRange(received, 20, target);
    received = await fetchFrameRange(received, 60, target);
    received = await fetchFrameRange(received, undefined, target);
    received = await fetchFrameRange(received, undefined, target);
    expect(received.isComplete).toBeTrue();
    expect([...received.bytes]).toEqual([...BODY]);
    expect(await sent()).toEqual(['bytes=0-29', 'bytes=30-59', 'bytes=60-']);
  });

  it('takes a range for all that is longer than the response', async () => {
    const received = await fetchFrameRange(undefined, 1000, target);
    expect(received.isComplete).toBeTrue();
    expect([...received.bytes]).toEqual([...BODY]);
    expect((await sent()).length).toBe(1);
  });

  it('requests all bytes in one go without a range', async () => {
    const received = await fetchFrameRange(undefined, undefined, target);
    expect([...received.bytes]).toEqual([...BODY]);
    expect(await sent()).toEqual([undefined]);
  });

  it('begins anew at another address', async () => {
    const received = await fetchFrameRange(undefined, 30, {
      ...target,
      url: `${target.url}?other`,
    }).catch(() => undefined);
    expect(received).toBeUndefined();
    const first = await fetchFrameRange(undefined, 30, target);
    const other = { ...first, url: 'elsewhere' };
    expect((await fetchFrameRange(other, 30, target)).bytes.length).toBe(30);
    expect((await sent()).slice(1)).toEqual(['bytes=0-29', 'bytes=0-29']);
  });

  it('requests the whole response once more when its version has changed', async () => {
    const received = await fetchFrameRange(undefined, 30, target);
    const path = new URL(target.url).pathname;
    const changed = BODY.toReversed();
    await giveAnswers([{ path, headers: { ETag: '"2"' }, body: changed, ranges: true }]);
    const whole = await fetchFrameRange(received, 60, target);
    expect([...whole.bytes]).toEqual([...changed]);
    expect(await sent()).toEqual(['bytes=0-29', 'bytes=30-59', undefined]);
  });

  it('asks its own origin for the same version', async () => {
    const headers: Record<string, string>[] = [];
    const options = internal.getOptions() as { beforeSend?: unknown };
    const { beforeSend } = options;
    options.beforeSend = (_xhr: unknown, _imageId: string, given: Record<string, string>) => {
      headers.push(given);
      return given;
    };
    const received: FrameBytes = {
      ...(await fetchFrameRange(undefined, 30, target)),
      url: '/context.html',
    };
    await fetchFrameRange(received, 60, { ...target, url: '/context.html' });
    options.beforeSend = beforeSend;
    expect(headers.slice(0, 2).map((each) => [each['Range'], each['If-Range']])).toEqual([
      ['bytes=0-29', undefined],
      ['bytes=30-59', '"1"'],
    ]);
  });

  it('keeps the bytes so far for another try after an error', async () => {
    const received = await fetchFrameRange(undefined, 30, target);
    await setFaults([{ match: '/frames/', status: 500, times: 1 }]);
    await expectAsync(fetchFrameRange(received, undefined, target)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'frame-fetch', status: 500 }),
    );
    const whole = await fetchFrameRange(received, undefined, target);
    expect([...whole.bytes]).toEqual([...BODY]);
    expect(await sent()).toEqual(['bytes=0-29', 'bytes=30-', 'bytes=30-']);
  });

  it('takes no range of more bytes than it says', async () => {
    const headers = { 'Content-Range': 'bytes 0-3/10', 'Content-Type': 'image/jls' };
    const url = `${new URL(target.url).origin}/longer-range`;
    await giveAnswers([{ path: '/longer-range', status: 206, headers, body: new Uint8Array(8) }]);
    const other = { ...target, url, imageId: `wadors:${url}` };
    expect((await fetchFrameRange(undefined, 4, other)).isComplete).toBeTrue();
  });
});

describe('rangeOf', () => {
  it('counts as Cornerstone does: initialChunkSize, and rangeIndex times chunkSize more', () => {
    const end = (retrieveOptions: Record<string, unknown>) =>
      rangeOf('wadors:none', { retrieveOptions })?.end;
    expect(end({ rangeIndex: 0, initialChunkSize: 1000 })).toBe(1000);
    expect(end({ rangeIndex: 2, initialChunkSize: 1000, chunkSize: 10 })).toBe(1020);
    expect(end({ rangeIndex: 1, chunkSize: () => 10 })).toBe(131082);
    expect(end({ rangeIndex: -1 })).toBeUndefined();
    expect(rangeOf('wadors:none', { retrieveOptions: { rangeIndex: -1 } })).toBeDefined();
    expect(rangeOf('wadors:none', { retrieveOptions: { streaming: true } })).toBeUndefined();
  });
});

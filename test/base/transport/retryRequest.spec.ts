import { HttpError } from '../../../src/base/transport/plainRequest.js';
import { retryRequest } from '../../../src/base/transport/request.js';
import type { RequestAttempt } from '../../../src/base/transport/request.js';

/** One try, which the spec ends by hand. */
interface Try extends RequestAttempt {
  readonly succeed: (body: string) => void;
  readonly fail: (cause: unknown) => void;
}

describe('retryRequest', () => {
  let tries: Try[];
  /** Backoffs that were waited for, in ms; each is over at once. */
  let backoffs: number[];
  let timers: { run: () => void; readonly delay: number; isCancelled: boolean }[];

  const timer = (run: () => void, delay: number): (() => void) => {
    const started = { run, delay, isCancelled: false };
    timers.push(started);
    return () => {
      started.isCancelled = true;
    };
  };
  const attempt = (given: RequestAttempt): Promise<string> =>
    new Promise((resolve, reject) => {
      tries.push({ ...given, succeed: resolve, fail: reject });
    });

  beforeEach(() => {
    [tries, backoffs, timers] = [[], [], []];
    const later = setTimeout;
    spyOn(window, 'setTimeout').and.callFake(((run: () => void, delay: number) => {
      backoffs.push(delay);
      return later(run);
    }) as never);
    spyOn(Math, 'random').and.returnValue(1);
  });

  async function tryNumber(count: number): Promise<Try> {
    while (tries.length < count) {
      await new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.addEventListener('message', resolve);
        channel.port1.start();
        channel.port2.postMessage(undefined);
      });
    }
    return tries[count - 1] as Try;
  }

  it('tries again after transient failures, with a backoff that doubles', async () => {
    const sent = retryRequest(attempt, { retryDelayMs: 100, timer });
    (await tryNumber(1)).fail(new HttpError('busy', 503));
    (await tryNumber(2)).fail(new HttpError('no response', 0));
    (await tryNumber(3)).fail(new HttpError('too early', 425));
    (await tryNumber(4)).succeed('body');
    expect(await sent).toBe('body');
    expect(backoffs).toEqual([100, 200, 400]);
  });

  it('waits as long as Retry-After says, and no longer than the longest backoff', async () => {
    const sent = retryRequest(attempt, { maxRetryDelayMs: 5000, timer });
    (await tryNumber(1)).fail(new HttpError('wait', 429, new Headers({ 'Retry-After': '3' })));
    (await tryNumber(2)).fail(new HttpError('wait', 503, new Headers({ 'Retry-After': '60' })));
    (await tryNumber(3)).succeed('body');
    await sent;
    expect(backoffs).toEqual([3000, 5000]);
  });

  it('rejects with the failure of the last try', async () => {
    const last = new HttpError('busy', 503);
    const sent = retryRequest(attempt, { retries: 1, timer });
    (await tryNumber(1)).fail(new HttpError('busy', 503));
    (await tryNumber(2)).fail(last);
    await expectAsync(sent).toBeRejectedWith(last);
    expect(tries.length).toBe(2);
  });

  for (const cause of [
    new HttpError('gone', 404),
    new HttpError('forbidden', 403),
    new HttpError('not sent', undefined),
    new TypeError('a fault of ours'),
    'text',
  ]) {
    it(`does not repeat what stays as it is: ${String(cause)}`, async () => {
      const sent = retryRequest(attempt, { timer });
      (await tryNumber(1)).fail(cause);
      await expectAsync(sent).toBeRejectedWith(cause);
      expect([tries.length, backoffs]).toEqual([1, []]);
    });
  }

  it('aborts a try for which nothing arrives, and begins another', async () => {
    const sent = retryRequest(attempt, { timeoutMs: 7000, timer });
    const first = await tryNumber(1);
    first.onReceived();
    expect(timers.map(({ delay, isCancelled }) => [delay, isCancelled])).toEqual([
      [7000, true],
      [7000, false],
    ]);
    timers.at(-1)?.run();
    expect(first.signal.aborted).toBeTrue();
    first.fail(first.signal.reason);
    const second = await tryNumber(2);
    expect(second.signal.aborted).toBeFalse();
    second.succeed('body');
    await sent;
    second.onReceived();
    expect(timers.every(({ isCancelled }, index) => isCancelled || index === 1)).toBeTrue();
  });

  it('says for how long nothing arrived', async () => {
    const sent = retryRequest(attempt, { timeoutMs: 7000, retries: 0, timer });
    const first = await tryNumber(1);
    timers[0]?.run();
    first.fail(first.signal.reason);
    await expectAsync(sent).toBeRejectedWithError(HttpError, /7000 ms/);
  });

  it('ends with the signal: a try, and a backoff', async () => {
    const reason = new Error('enough');
    const trying = new AbortController();
    const sent = retryRequest(attempt, { signal: trying.signal, timer });
    const first = await tryNumber(1);
    trying.abort(reason);
    expect(first.signal.reason).toBe(reason);
    first.fail(new HttpError('no response', 0));
    await expectAsync(sent).toBeRejectedWith(reason);

    const waiting = new AbortController();
    (window.setTimeout as unknown as jasmine.Spy).and.callFake(() => {
      queueMicrotask(() => {
        waiting.abort(reason);
      });
      return 0;
    });
    const again = retryRequest(attempt, { signal: waiting.signal, timer });
    (await tryNumber(2)).fail(new HttpError('busy', 503));
    await expectAsync(again).toBeRejectedWith(reason);
    expect(tries.length).toBe(2);
  });
});

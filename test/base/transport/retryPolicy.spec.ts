import {
  checkRetryOptions,
  isTransientStatus,
  parseRetryAfter,
  retryDelay,
} from '../../../src/base/transport/retryPolicy.js';

describe('retryDelay', () => {
  const policy = { retries: 5, delayMs: 100, maxDelayMs: 1000 };

  it('doubles with each try, up to the longest wait', () => {
    const delays = [1, 2, 3, 4, 5, 6].map((attempt) => retryDelay(attempt, policy, undefined, 1));
    expect(delays).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('leaves half of the wait to chance', () => {
    expect(retryDelay(2, policy, undefined, 0)).toBe(100);
    expect(retryDelay(2, policy, undefined, 0.5)).toBe(150);
  });

  it('does what the server asks for, within the longest wait', () => {
    expect(retryDelay(1, policy, 700, 0)).toBe(700);
    expect(retryDelay(4, policy, 0, 1)).toBe(0);
    expect(retryDelay(1, policy, 60_000, 0)).toBe(1000);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it('takes seconds', () => {
    expect(parseRetryAfter(' 120 ', now)).toBe(120_000);
    expect(parseRetryAfter('0', now)).toBe(0);
  });

  it('takes a date, and no time in the past', () => {
    expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(parseRetryAfter('Wed, 31 Dec 2025 23:59:00 GMT', now)).toBe(0);
  });

  it('makes nothing of a header that is missing or says nothing', () => {
    for (const header of [null, '', 'soon', '-5']) {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    }
  });
});

describe('isTransientStatus', () => {
  it('takes what may pass: no response, 408, 425, 429 and most of 5xx', () => {
    const statuses = [0, 200, 400, 401, 403, 404, 408, 416, 425, 429, 500, 501, 502, 503, 504, 505];
    const transient = statuses.filter(isTransientStatus);
    expect(transient).toEqual([0, 408, 425, 429, 500, 502, 503, 504]);
  });
});

describe('checkRetryOptions', () => {
  it('names the wrong option', () => {
    for (const name of ['retries', 'retryDelayMs', 'maxRetryDelayMs', 'timeoutMs']) {
      for (const value of [-1, Number.NaN, '3', null]) {
        expect(() => {
          checkRetryOptions({ [name]: value });
        }).toThrowError(TypeError, new RegExp(`${name}.*${String(value)}`));
      }
    }
    checkRetryOptions({ retries: 0, retryDelayMs: Infinity, timeoutMs: undefined });
  });
});

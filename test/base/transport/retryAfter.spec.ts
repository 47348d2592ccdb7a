import { parseRetryAfter } from '../../../src/base/transport/request.js';

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

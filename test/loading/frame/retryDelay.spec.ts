import { retryDelay } from '../../../src/loading/frame/retryFrame.js';

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

import { callApplication } from '../../src/base/callApplication.js';

describe('callApplication', () => {
  const error = new Error('of the application');
  const failing = (): never => {
    throw error;
  };

  it('gives what the function returns', () => {
    expect(callApplication((a: number, b: number) => a + b, 1, 2)).toBe(3);
  });

  it('reports what it throws, and goes on', () => {
    const report = spyOn(window, 'reportError');
    expect(callApplication(failing)).toBeUndefined();
    expect(report).toHaveBeenCalledOnceWith(error);
  });

  it('leaves it uncaught where there is no reportError, as in Node and jsdom', () => {
    const report: unknown = Reflect.get(window, 'reportError');
    const later = spyOn(window, 'queueMicrotask');
    Reflect.set(window, 'reportError', undefined);
    try {
      expect(callApplication(failing)).toBeUndefined();
    } finally {
      Reflect.set(window, 'reportError', report);
    }
    expect(later.calls.count()).toBe(1);
    expect(later.calls.argsFor(0)[0]).toThrow(error);
  });
});

import { lazyPart, presentPart } from '../../src/base/lazyPart.js';
import { errorOf } from '../support/errorOf.js';

describe('A part of the package with a script of its own', () => {
  it('is not fetched before it is wanted, and then once for all callers', async () => {
    let imports = 0;
    const lazy = lazyPart('the part', async () => {
      imports += 1;
      return 'part';
    });
    expect(lazy.part).toBeUndefined();
    expect(imports).toBe(0);
    expect(await Promise.all([lazy.fetch(), lazy.fetch()])).toEqual(['part', 'part']);
    expect(await lazy.fetch()).toBe('part');
    expect(lazy.part).toBe('part');
    expect(imports).toBe(1);
  });

  it('fails with an error that says what to do, and is fetched again by the next caller', async () => {
    const reasons = [new TypeError('Failed to fetch dynamically imported module: /a.js?t=secret')];
    const lazy = lazyPart('the part', async () => {
      const reason = reasons.pop();
      if (reason) {
        throw reason;
      }
      return 'part';
    });
    const errors = await Promise.all([errorOf(lazy.fetch()), errorOf(lazy.fetch())]);
    for (const error of errors) {
      expect(error.code).toBe('script-fetch');
      expect(error.message).toMatch(/the part .*\/a\.js\).*try again/);
      expect(error.message).not.toContain('secret');
      expect(error.cause).toBeInstanceOf(TypeError);
    }
    expect(lazy.part).toBeUndefined();
    expect(await lazy.fetch()).toBe('part');
  });

  it('is there at once where it is in the script of its user', async () => {
    const present = presentPart('part');
    expect(present.part).toBe('part');
    expect(await present.fetch()).toBe('part');
  });
});

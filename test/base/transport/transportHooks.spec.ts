import { internal } from '@cornerstonejs/dicom-image-loader';
import { applicationHooks, transportHooks } from '../../../src/base/transport/transportHooks.js';
import type { TransportHooks } from '../../../src/base/transport/transportHooks.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';

type LoaderOptions = Parameters<typeof internal.setOptions>[0];

const HOOKS = [
  'open',
  'beforeSend',
  'beforeProcessing',
  'errorInterceptor',
  'onloadstart',
  'onloadend',
  'onreadystatechange',
  'onprogress',
] as const;

describe('applicationHooks', () => {
  let before: TransportHooks;

  beforeEach(() => {
    startCornerstone();
    before = { ...transportHooks() };
  });

  afterEach(() => {
    const none = HOOKS.map((name) => [name, undefined]);
    internal.setOptions({ ...(Object.fromEntries(none) as object), ...before } as LoaderOptions);
    stopCornerstone();
  });

  it('are none behind an init without any', () => {
    expect(applicationHooks()).toEqual([]);
  });

  for (const hook of HOOKS) {
    it(`has an application's ${hook}`, () => {
      internal.setOptions({ [hook]: () => undefined });
      expect(applicationHooks()).toEqual([hook]);
    });
  }

  it('does not take a function for the default because it reads like it', () => {
    internal.setOptions({
      open(xhr, url) {
        xhr.open('get', url, true);
      },
      beforeSend: async () => {
        // As the default.
      },
      beforeProcessing(xhr) {
        return Promise.resolve(xhr.response as ArrayBuffer);
      },
    });
    expect(applicationHooks()).toEqual(['open', 'beforeSend', 'beforeProcessing']);
  });

  it('takes every function for a hook where the defaults are not known', () => {
    expect(applicationHooks(undefined)).toEqual([]);
    expect(applicationHooks({})).toEqual(['open', 'beforeSend', 'beforeProcessing']);
  });
});

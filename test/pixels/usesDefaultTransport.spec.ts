import { internal } from '@cornerstonejs/dicom-image-loader';
import { usesDefaultTransport } from '../../src/pixels/usesDefaultTransport.js';

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
];

describe('usesDefaultTransport', () => {
  let before: LoaderOptions;

  beforeEach(() => {
    before = { ...internal.getOptions() };
  });

  afterEach(() => {
    const none = HOOKS.map((name) => [name, undefined]);
    internal.setOptions({ ...(Object.fromEntries(none) as LoaderOptions), ...before });
  });

  it("knows dicom-image-loader's own functions", () => {
    expect(usesDefaultTransport()).toBeTrue();
  });

  for (const hook of HOOKS) {
    it(`sees an application's ${hook}`, () => {
      internal.setOptions({ [hook]: jasmine.createSpy(hook) });
      expect(usesDefaultTransport()).toBeFalse();
    });
  }

  it('sees what an application does beyond the defaults', () => {
    for (const hooks of [
      { beforeSend: async () => ({ Authorization: 'Bearer token' }) },
      { beforeSend: (xhr: XMLHttpRequest) => void xhr },
      { beforeSend: Promise.resolve.bind(Promise) },
      {
        open(xhr: XMLHttpRequest, url: string) {
          xhr.open('get', url, true);
          xhr.withCredentials = true;
        },
      },
      {
        open(xhr: XMLHttpRequest, url: string) {
          xhr.open('post', url, true);
        },
      },
      { beforeProcessing: (xhr: XMLHttpRequest) => Promise.resolve(xhr.response as string) },
    ]) {
      internal.setOptions({ ...before, ...(hooks as LoaderOptions) });
      expect(usesDefaultTransport())
        .withContext(String(Object.values(hooks)[0]))
        .toBeFalse();
    }
  });

  it('knows the defaults when a minifier has been at them', async () => {
    // As text, because this file goes through a compiler itself.
    const minified = `export default {
      open(e,t){e.open("get",t,!0)},beforeSend:async()=>{},
      beforeProcessing(e){return Promise.resolve(e.response)} }`;
    const address = `data:text/javascript,${encodeURIComponent(minified)}`;
    const module = (await import(/* webpackIgnore: true */ address)) as { default: LoaderOptions };
    internal.setOptions(module.default);
    expect(internal.getOptions().open).toBe(module.default.open);
    expect(usesDefaultTransport()).toBeTrue();
  });
});

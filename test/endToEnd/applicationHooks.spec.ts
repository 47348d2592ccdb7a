import { internal } from '@cornerstonejs/dicom-image-loader';
import type { StreamingImageVolume } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { HOOK_SETS, setHooks } from '../support/hookSets.js';
import { frameRequests, resetServer, setFaults } from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';

const FORMAT = 'ct-uint12';
const SLICES = 24;
const ALL = { framesLoaded: SLICES, failed: [] };

type LoaderOptions = Parameters<typeof internal.setOptions>[0];

/** What a hook of dicom-image-loader may get. */
interface HookArguments {
  readonly xhr: XMLHttpRequest;
  readonly event: ProgressEvent<XMLHttpRequest>;
  readonly params: {
    readonly imageId: string;
    readonly url: string;
    readonly deferred: { resolve: (body: ArrayBuffer) => void; reject: (error: unknown) => void };
  };
}

const OHIF_ACCEPT = 'multipart/related; type="application/octet-stream"';

describe('Hooks of an application', () => {
  let imageIds: string[];
  let takeHooksBack: () => void;
  /** Addresses of frames that the page itself asks for. */
  let askedByPage: string[];

  beforeEach(async () => {
    startCornerstone();
    takeHooksBack = setHooks({});
    ({ imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string));
    await resetServer();
    askedByPage = [];
    // oxlint-disable-next-line typescript/unbound-method -- called with its `this`
    const open = XMLHttpRequest.prototype.open as (...args: unknown[]) => void;
    spyOn(XMLHttpRequest.prototype, 'open').and.callFake(function (
      this: XMLHttpRequest,
      ...args: unknown[]
    ) {
      askedByPage.push(...[String(args[1])].filter((url) => url.includes('/frames/')));
      open.apply(this, args);
    });
  });

  afterEach(async () => {
    takeHooksBack();
    await resetServer();
    stopCornerstone();
  });

  /** Loads the series with these hooks, and sees that nothing is missing or asked for twice. */
  async function loadWith(hooks: object): Promise<StreamingImageVolume> {
    internal.setOptions(hooks);
    const volume = await createVolume(imageIds);
    expect(volume.transport).toBeUndefined();
    expect(await volume.load()).toEqual(ALL);
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    expect((await frameRequests()).length).toBe(SLICES);
    return volume;
  }

  function expectWorkers({ transport }: StreamingImageVolume): void {
    expect(transport?.thread).toBe('worker');
    expect(askedByPage).toEqual([]);
  }

  it('that are none need no look, and frame workers fetch', async () => {
    const volume = await loadWith({});
    expectWorkers(volume);
    expect(volume.transport?.reason).toBe('frame workers fetch');
  });

  it("of OHIF's kind get what they ask for, and frame workers fetch", async () => {
    const errorInterceptor = jasmine.createSpy('errorInterceptor');
    const seen: unknown[] = [];
    const volume = await loadWith({
      beforeSend: async (xhr: XMLHttpRequest, imageId: string, headers: object) => {
        seen.push([xhr instanceof XMLHttpRequest, imageId, headers]);
        await Promise.resolve();
        return { Authorization: `Bearer ${imageId}`, Accept: OHIF_ACCEPT };
      },
      errorInterceptor,
    });
    expectWorkers(volume);
    expect(volume.transport?.reason).toContain('beforeSend, errorInterceptor');
    expect(seen.length).toBe(SLICES);
    const accept = 'multipart/related; type=application/octet-stream; transfer-syntax=*';
    expect(seen).toContain([true, imageIds[3], { Accept: accept }]);
    expect(errorInterceptor).not.toHaveBeenCalled();
    for (const { path, headers } of await frameRequests()) {
      expect(headers['accept']).toBe(OHIF_ACCEPT);
      expect(headers['authorization']).toMatch(new RegExp(`^Bearer .*${path}$`));
    }
  });

  const nothing = (): void => undefined;

  for (const { name, hooks, fallsBackFor } of HOOK_SETS) {
    const by = fallsBackFor === undefined ? 'frame workers' : 'the page';
    it(`are served by ${by}: ${name}`, async () => {
      const volume = await loadWith(hooks);
      if (fallsBackFor === undefined) {
        expectWorkers(volume);
      } else {
        expect(volume.transport?.thread).toBe('main thread');
        expect(volume.transport?.reason).toContain(fallsBackFor);
        expect(askedByPage.length).toBe(SLICES);
      }
    });
  }

  it('send the headers that they set, return or take away', async () => {
    await loadWith({
      beforeSend: (xhr: XMLHttpRequest, _: string, headers: Record<string, string | null>) => {
        xhr.setRequestHeader('X-Set', 'yes');
        headers['X-Default'] = 'yes';
        return { 'X-Returned': 'yes', Accept: null };
      },
    });
    for (const { headers } of await frameRequests()) {
      expect(headers).toEqual(
        jasmine.objectContaining({ 'x-set': 'yes', 'x-default': 'yes', 'x-returned': 'yes' }),
      );
      expect(headers['accept']).toBe('*/*');
    }
  });

  it('see the events of each request in order, with what is known of it', async () => {
    const told = new Map<string, unknown[]>();
    const note = (imageId: string, what: unknown): void => {
      told.set(imageId, [...(told.get(imageId) ?? []), what]);
    };
    const hook =
      (name: string) =>
      ({ target }: { target: XMLHttpRequest }, { imageId }: HookArguments['params']): void => {
        note(imageId, [name, target.readyState, target.status]);
      };
    const responses: ArrayBuffer[] = [];
    const volume = await loadWith({
      beforeSend: (xhr: XMLHttpRequest, imageId: string) => {
        xhr.addEventListener('load', () => {
          responses.push(xhr.response as ArrayBuffer);
          note(imageId, [
            'load',
            xhr.getResponseHeader('Content-Type')?.split(';')[0],
            xhr.responseURL,
          ]);
        });
      },
      onloadstart: hook('loadstart'),
      onloadend: hook('loadend'),
      onreadystatechange: hook('readystatechange'),
    });
    expectWorkers(volume);
    expect(told.size).toBe(SLICES);
    for (const [imageId, events] of told) {
      expect(events).toEqual([
        ['loadstart', 1, 0],
        ['readystatechange', 2, 200],
        ['readystatechange', 3, 200],
        ['readystatechange', 4, 200],
        ['load', 'multipart/related', imageId.slice('wadors:'.length)],
        ['loadend', 4, 200],
      ]);
    }
    expect(responses.every(({ byteLength }) => byteLength > 64 * 48 * 2)).toBeTrue();
  });

  it('hear at the end of a request how much has come', async () => {
    const told: unknown[] = [];
    const sizes: unknown[] = [];
    const sizeOf = ({ lengthComputable, loaded, total }: ProgressEvent): unknown => [
      lengthComputable,
      loaded,
      total,
    ];
    const volume = await loadWith({
      beforeSend: (xhr: XMLHttpRequest) => {
        xhr.addEventListener('load', (event) => {
          const { byteLength } = xhr.response as ArrayBuffer;
          sizes.push([true, byteLength, byteLength]);
          told.push(sizeOf(event));
        });
      },
      onloadend: (event: ProgressEvent) => {
        expect(sizeOf(event)).toEqual(told.at(-1));
      },
    });
    expectWorkers(volume);
    expect(told.length).toBe(SLICES);
    expect(told).toEqual(sizes);
  });

  it('may change the response in beforeProcessing, and keep it', async () => {
    const kept: ArrayBuffer[] = [];
    const volume = await loadWith({
      beforeProcessing: async ({ response }: { response: ArrayBuffer }) => {
        const envelope = new Uint8Array(response);
        await Promise.resolve();
        kept.push(response);
        // A view that is not the whole of its memory.
        const padded = new Uint8Array(envelope.length + 8);
        padded.set(envelope, 8);
        return padded.subarray(8);
      },
    });
    expectWorkers(volume);
    expect(kept.length).toBe(SLICES);
    expect(kept.every(({ byteLength }) => byteLength > 0)).toBeTrue();
  });

  for (const [name, beforeProcessing, message] of [
    ['rejects', () => Promise.reject(new Error('cannot be decrypted')), 'cannot be decrypted'],
    [
      'throws',
      () => {
        throw new Error('cannot be decrypted');
      },
      'cannot be decrypted',
    ],
    ['gives no bytes', () => Promise.resolve('text'), 'text'],
  ] as [string, () => unknown, string][]) {
    it(`fail the frame when beforeProcessing ${name}`, async () => {
      const errorInterceptor = jasmine.createSpy('errorInterceptor');
      internal.setOptions({ beforeProcessing, errorInterceptor } as unknown as LoaderOptions);
      const volume = await createVolume(imageIds);
      const { failed } = await volume.load();
      expect(failed.length).toBe(SLICES);
      expect(failed[0]?.error.message).toContain(message);
      expect(failed[0]?.error.message).toContain(failed[0]?.imageId);
      expect(errorInterceptor.calls.count()).toBe(name === 'gives no bytes' ? 0 : SLICES);
    });
  }

  it('may settle a request themselves', async () => {
    const stored = await Promise.all(
      imageIds.map(async (imageId) => {
        const url = `${imageId.slice('wadors:'.length)}?singlePart=1`;
        const accept = { Accept: 'application/octet-stream' };
        return (await fetch(url, { headers: accept })).arrayBuffer();
      }),
    );
    await resetServer();
    await setFaults([{ match: '/frames/', hold: true }]);
    internal.setOptions({
      onloadstart: (_event: unknown, params: unknown) => {
        const { imageId, deferred } = params as HookArguments['params'];
        deferred.resolve(stored[imageIds.indexOf(imageId)] as ArrayBuffer);
      },
    });
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual(ALL);
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    expect(stored.every(({ byteLength }) => byteLength === 64 * 48 * 2)).toBeTrue();
  });

  it('hear once of a request that fails for want of a network', async () => {
    const errors: { request: XMLHttpRequest; status: number }[] = [];
    const ended = jasmine.createSpy('onloadend');
    internal.setOptions({
      errorInterceptor: (error: unknown) => {
        errors.push(error as (typeof errors)[0]);
      },
      onloadend: ended,
    });
    await setFaults([{ match: '/frames/', body: 'cut', times: 1 }]);
    const volume = await createVolume(imageIds, { retryDelayMs: 0 });
    expect(await volume.load()).toEqual(ALL);
    expect(errors.map(({ status, request }) => [status, request.readyState])).toEqual([[0, 4]]);
    expect(ended.calls.count()).toBe(SLICES + 1);
    const brokenOff = ended.calls.allArgs().filter(([{ loaded }]) => loaded === 0);
    expect(brokenOff.length).toBe(1);
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
  });

  it('may give a request no time, and abort it', async () => {
    const timedOut = jasmine.createSpy('timeout');
    const tries = new Map<string, number>();
    internal.setOptions({
      beforeSend: async (xhr: XMLHttpRequest, imageId: string) => {
        const attempt = (tries.get(imageId) ?? 0) + 1;
        tries.set(imageId, attempt);
        if (imageId === imageIds[5] && attempt === 1) {
          xhr.timeout = 1;
          xhr.addEventListener('timeout', timedOut);
        } else if (imageId === imageIds[5]) {
          await setFaults([]);
        }
        if (imageId === imageIds[9] && attempt === 1) {
          xhr.addEventListener('loadstart', () => {
            xhr.abort();
          });
        }
      },
    });
    await setFaults([{ match: pathOf(imageIds[5]), hold: true }]);
    const volume = await createVolume(imageIds, { retryDelayMs: 0 });
    expect(await volume.load()).toEqual(ALL);
    expect(timedOut.calls.count()).toBe(1);
    expect([...tries.values()].reduce((sum, count) => sum + count)).toBe(SLICES + 2);
    expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    expectWorkers(volume);
  });

  it('are not told of an error when a load is cancelled', async () => {
    const errorInterceptor = jasmine.createSpy('errorInterceptor');
    internal.setOptions({ errorInterceptor });
    await setFaults([{ match: '/frames/', hold: true }]);
    const volume = await createVolume(imageIds);
    const loaded = volume.load();
    volume.cancelLoading();
    await expectAsync(loaded).toBeRejected();
    await resetServer();
    expect(await volume.load()).toEqual(ALL);
    expect(errorInterceptor).not.toHaveBeenCalled();
  });

  it('are each called once, also when the page has to take over', async () => {
    const beforeSend = jasmine.createSpy('beforeSend').and.callFake((xhr: XMLHttpRequest) => {
      xhr.upload.addEventListener('progress', nothing);
    });
    const ended = jasmine.createSpy('onloadend');
    await loadWith({ beforeSend, onloadend: ended });
    expect(beforeSend.calls.count()).toBe(SLICES);
    expect(ended.calls.count()).toBe(SLICES);
    const asked = beforeSend.calls.allArgs().map(([, imageId]) => imageId as string);
    expect(asked.toSorted()).toEqual(imageIds.toSorted());
  });

  it('that look too late at what a worker has, are served by the page from then on', async () => {
    let first: XMLHttpRequest | undefined;
    const hooks = {
      beforeSend: (xhr: XMLHttpRequest) => {
        first ??= xhr;
      },
    };
    expectWorkers(await loadWith(hooks));
    expect(first?.response).toBeNull();
    await resetServer();
    stopCornerstone();
    startCornerstone();
    const { transport } = await loadWith(hooks);
    expect(transport?.thread).toBe('main thread');
    expect(transport?.reason).toContain('response');
    expect(askedByPage.length).toBe(SLICES);
  });

  function pathOf(imageId: string | undefined): string {
    const { pathname } = new URL((imageId as string).slice('wadors:'.length));
    return `${pathname.replaceAll('.', '\\.')}$`;
  }
});

for (const [place, frameWorkers] of [
  ['on the main thread', 0],
  ['in workers', 2],
] as const) {
  describe(`A token that runs out while frames are fetched ${place}`, () => {
    let imageIds: string[];
    let takeHooksBack: () => void;

    beforeEach(async () => {
      startCornerstone({ frameWorkers });
      takeHooksBack = setHooks({});
      ({ imageIds } = await fetchSeries(dicomWebRoot(`synthetic/${FORMAT}`) as string));
      await resetServer();
    });

    afterEach(async () => {
      takeHooksBack();
      await resetServer();
      stopCornerstone();
    });

    it('is asked for again, and one request tries it for all', async () => {
      let token = 0;
      const beforeSend = jasmine.createSpy('beforeSend').and.callFake(async () => {
        token += 1;
        return { Authorization: `Bearer ${token}` };
      });
      internal.setOptions({ beforeSend });
      await setFaults([{ match: '/frames/', status: 401, times: 5 }]);
      // As many retries as refusals: one frame may meet them all before the server answers the frames beside it.
      const volume = await createVolume(imageIds, {
        maxInFlight: 3,
        authRetryDelayMs: 0,
        retries: 5,
      });
      expect(await volume.load()).toEqual(ALL);
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
      const requests = await frameRequests();
      // The five that were refused, and one for each frame.
      expect(requests.length).toBe(SLICES + 5);
      expect(beforeSend.calls.count()).toBe(SLICES + 5);
      const tokens = requests.map(({ headers }) => headers['authorization']);
      expect(new Set(tokens).size).toBe(SLICES + 5);
    });

    it('fails the frames after the tries, of which the rest is not requested', async () => {
      await setFaults([{ match: '/frames/', status: 401 }]);
      const volume = await createVolume(imageIds, {
        maxInFlight: 3,
        authRetryDelayMs: 0,
        retries: 2,
      });
      const { framesLoaded, failed } = await volume.load();
      expect(framesLoaded).toBe(0);
      expect(failed.length).toBe(SLICES);
      // Three at once and two tries. One frame more where the first has failed in all its tries before the server
      // answers the two beside it: a refusal of one frame alone says nothing of others.
      const { length } = await frameRequests();
      expect([3 + 2, 3 + 2 + 1]).toContain(length);
      for (const { error, imageId } of failed) {
        expect([error.code, error.status]).toEqual(['frame-fetch', 401]);
        expect(error.imageIds).toEqual([imageId]);
        expect(error.message).toContain(imageId);
      }
      await resetServer();
      expect(await volume.retryFailedFrames()).toEqual(ALL);
      expect(firstWrongVoxel(volume, FORMAT)).toBe('none');
    });

    it('is not what a 403 means: that is final', async () => {
      await setFaults([{ match: '/frames/', status: 403 }]);
      const volume = await createVolume(imageIds, { authRetryDelayMs: 0 });
      expect((await volume.load()).failed.length).toBe(SLICES);
      expect((await frameRequests()).length).toBe(SLICES);
    });
  });
}

import type { FrameRequest } from '../../../src/pixels/worker/frameMessages.js';
import {
  createFrameWorker,
  defaultFrameWorkers,
  FrameWorkerPool,
} from '../../../src/pixels/worker/FrameWorkerPool.js';
import type { FrameWorkersOptions } from '../../../src/pixels/worker/FrameWorkerPool.js';
import { dicomWebRoot, fetchSeries } from '../../support/dicomWebSeries.js';
import {
  frameRequests,
  resetServer,
  setFaults,
  untilFrameRequests,
} from '../../support/serverControls.js';
import { until } from '../../support/until.js';

const NEVER = new AbortController().signal;

describe('FrameWorkerPool', () => {
  let request: FrameRequest;
  let created: Worker[];
  let workers: FrameWorkerPool;

  beforeEach(async () => {
    const { imageIds } = await fetchSeries(dicomWebRoot('synthetic/ct-uint12') as string);
    const imageId = imageIds[0] as string;
    request = {
      source: {
        url: imageId.slice('wadors:'.length),
        headers: [],
        credentials: 'same-origin',
        timeoutMs: 0,
        tellsHead: 'never',
        maxBytes: 64 * 1024,
        maxErrorBytes: 64 * 1024,
      },
      wants: 'frame',
      imageId,
      nativeLength: 64 * 48 * 2,
      storedSyntax: undefined,
      layout: {
        valueCount: 64 * 48,
        bitsAllocated: 16,
        bitsStored: 12,
        highBit: 11,
        isSigned: false,
        isFloat: false,
      },
      isOnScreen: false,
      output: { type: 'Int16Array', length: 64 * 48, rescale: { slope: 1, intercept: 0 } },
    };
    created = [];
    await resetServer();
  });

  afterEach(async () => {
    workers.close();
    await resetServer();
  });

  function open(options: FrameWorkersOptions): void {
    workers = new FrameWorkerPool({
      createWorker: () => {
        const worker = createFrameWorker();
        created.push(worker);
        return worker;
      },
      ...options,
    });
  }

  async function fetchFrame(signal = NEVER) {
    const onReceived = jasmine.createSpy('onReceived');
    const onHead = (): void => undefined;
    const options = { signal, ownerSignal: NEVER, onReceived, onHead };
    const outcome = await workers.fetch(request, options);
    return { outcome, received: onReceived.calls.mostRecent()?.args[0] as { loaded: number } };
  }

  it('starts when a frame is wanted, and ends when there is none any more', async () => {
    open({ count: 2, idleMs: 0 });
    expect(workers.size).toBe(0);
    const { outcome, received } = await fetchFrame();
    expect(outcome?.type).toBe('pixels');
    expect(received.loaded).toBeGreaterThan(request.nativeLength);
    expect(created.length).toBe(2);
    await until(() => workers.size === 0);
    expect((await fetchFrame()).outcome?.type).toBe('pixels');
    expect(created.length).toBe(4);
  });

  it('gives each worker its part', async () => {
    open({ count: 2 });
    workers.start();
    const asked = created.map((worker) => spyOn(worker, 'postMessage').and.callThrough());
    await Promise.all([fetchFrame(), fetchFrame(), fetchFrame(), fetchFrame()]);
    expect(asked.map(({ calls }) => calls.count())).toEqual([2, 2]);
  });

  it('ends what is under way before it closes', async () => {
    open({ count: 1 });
    const asked = fetchFrame();
    workers.close();
    expect((await asked).outcome?.type).toBe('pixels');
    expect(workers.size).toBe(0);
    expect((await fetchFrame()).outcome).toBeUndefined();
  });

  it('takes the request back from the server after an abort', async () => {
    open({ count: 1 });
    await setFaults([{ match: '/frames/', hold: true }]);
    const controller = new AbortController();
    const asked = fetchFrame(controller.signal);
    await untilFrameRequests((requests) => requests.length === 1);
    controller.abort('enough');
    await expectAsync(asked).toBeRejectedWith('enough');
    await untilFrameRequests(([seen]) => seen?.aborted === true);
    expect((await frameRequests()).length).toBe(1);
  });

  describe('does without', () => {
    afterEach(() => {
      expect(workers.isOpen).toBeFalse();
      expect(workers.size).toBe(0);
    });

    it('when none are wanted', async () => {
      open({ count: 0 });
      expect((await fetchFrame()).outcome).toBeUndefined();
      expect(created).toEqual([]);
    });

    it('when the page may have none', async () => {
      const createWorker = jasmine.createSpy('createWorker').and.throwError('refused');
      open({ count: 2, createWorker });
      expect((await fetchFrame()).outcome).toBeUndefined();
      expect((await fetchFrame()).outcome).toBeUndefined();
      expect(createWorker.calls.count()).toBe(1);
    });

    it('when their script is not there', async () => {
      open({ count: 2, createWorker: () => new Worker('/nowhere.js', { type: 'module' }) });
      expect((await fetchFrame()).outcome).toBeUndefined();
    });

    it('when they do not say that they run', async () => {
      const silent = URL.createObjectURL(new Blob([''], { type: 'text/javascript' }));
      open({ count: 1, startLimitMs: 0, createWorker: () => new Worker(silent) });
      expect((await fetchFrame()).outcome).toBeUndefined();
      URL.revokeObjectURL(silent);
    });

    it('when one breaks', async () => {
      open({ count: 2 });
      await setFaults([{ match: '/frames/', hold: true }]);
      const asked = fetchFrame();
      await untilFrameRequests((requests) => requests.length === 1);
      created[1]?.dispatchEvent(new ErrorEvent('error', { cancelable: true }));
      expect((await asked).outcome).toBeUndefined();
    });
  });

  describe('decodes compressed frames', () => {
    /** JPEG-LS of two pixels, cut off: a codec that is there rejects it. */
    const compressed = (decoding: FrameRequest['decoding']): FrameRequest => ({
      ...request,
      source: { body: new ArrayBuffer(8), transferSyntax: '1.2.840.10008.1.2.4.80' },
      decoding,
    });
    const job = { signal: NEVER, ownerSignal: NEVER };

    it('with more workers than fetch, as soon as all are busy', async () => {
      spyOnProperty(navigator, 'hardwareConcurrency').and.returnValue(4);
      open({});
      const decoding = workers.decodingFrom(undefined);
      const outcomes = [1, 2, 3, 4, 5, 6].map(async () => workers.fetch(compressed(decoding), job));
      expect(workers.size).toBe(4);
      for (const outcome of await Promise.all(outcomes)) {
        const fault = jasmine.objectContaining({ kind: 'frame', code: 'frame-decode' });
        expect(outcome).toEqual({ type: 'failed', fault: fault as never });
      }
    });

    it('unless the codec is not there, and leaves its transfer syntax to others from then on', async () => {
      open({ count: 1 });
      const syntax = '1.2.840.10008.1.2.4.80';
      expect(workers.whyUndecoded(syntax)).toBeUndefined();
      const decoding = workers.decodingFrom('/nowhere/');
      const outcome = await workers.fetch(compressed(decoding), job);
      expect(outcome).toEqual(jasmine.objectContaining({ type: 'bytes' }) as never);
      expect(workers.whyUndecoded(syntax)).toContain('the codec could not be loaded');
      expect(workers.decodingFrom(undefined)?.except).toEqual([syntax]);
    });

    it('unless the application does not want it', () => {
      open({ count: 1, decodes: false });
      expect(workers.decodingFrom(undefined)).toBeUndefined();
      expect(workers.whyUndecoded('1.2.840.10008.1.2.5')).toContain('decodeInFrameWorkers');
    });
  });

  it('are at most as many as cores, and eight', () => {
    open({ count: 0 });
    expect([1, 2, 16].map(defaultFrameWorkers)).toEqual([1, 2, 8]);
  });
});

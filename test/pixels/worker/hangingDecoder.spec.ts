import { StreamingVolumeError } from '../../../src/base/errors.js';
import type {
  FrameOutcome,
  FrameRequest,
  GivenFrame,
} from '../../../src/pixels/worker/frameMessages.js';
import type { FrameJobOptions } from '../../../src/pixels/worker/FrameWorkerClient.js';
import { FrameWorkerPool } from '../../../src/pixels/worker/FrameWorkerPool.js';
import type { FrameWorkersOptions } from '../../../src/pixels/worker/FrameWorkerPool.js';
import { FakeFrameWorker, PIXELS } from '../../support/FakeFrameWorker.js';

const NEVER = new AbortController().signal;
describe('A frame whose decoder does not return', () => {
  let made: FakeFrameWorker[];
  let timers: Set<{ readonly run: () => void; readonly milliseconds: number }>;
  let time: number;
  let workers: FrameWorkerPool;

  beforeEach(() => {
    made = [];
    timers = new Set();
    time = 0;
    open({ count: 2 });
  });

  afterEach(() => {
    workers.close();
  });

  function open(options: FrameWorkersOptions): void {
    workers = new FrameWorkerPool({
      createWorker: () => {
        made.push(new FakeFrameWorker());
        made.at(-1)?.report({ type: 'ready' });
        return made.at(-1) as unknown as Worker;
      },
      clock: {
        now: () => time,
        timer: (run, milliseconds) => {
          const timer = { run, milliseconds };
          timers.add(timer);
          return () => timers.delete(timer);
        },
      },
      idleMs: 0,
      ...options,
    });
  }

  /** Lets the timers run that are set now. */
  function runTimers(): void {
    const due = [...timers];
    timers.clear();
    for (const { run, milliseconds } of due) {
      time += milliseconds;
      run();
    }
  }

  function requestOf(imageId: string, more: Partial<FrameRequest> = {}): FrameRequest {
    return {
      source: { body: new ArrayBuffer(8), contentType: '' },
      wants: 'frame',
      imageId,
      nativeLength: 8,
      storedSyntax: '1.2.840.10008.1.2.4.201',
      layout: {
        valueCount: 4,
        bitsAllocated: 16,
        bitsStored: 16,
        highBit: 15,
        isSigned: false,
        isFloat: false,
      },
      isOnScreen: false,
      decoding: { wasmBasePath: undefined, except: [] },
      output: { type: 'Int16Array', length: 4, rescale: { slope: 1, intercept: 0 } },
      ...more,
    };
  }

  function ask(
    imageId: string,
    options: Partial<FrameJobOptions> = {},
    more: Partial<FrameRequest> = {},
  ): Promise<FrameOutcome | undefined> {
    const asked = workers.fetch(requestOf(imageId, more), {
      signal: NEVER,
      ownerSignal: NEVER,
      ...options,
    });
    // A spec that fails elsewhere is to tell that alone.
    asked.catch(() => undefined);
    return asked;
  }

  const timeout = (imageId: string): StreamingVolumeError =>
    new StreamingVolumeError('frame-timeout', 'late', { imageIds: [imageId] });

  /** Lets the first worker begin to decode `bad`, which is then aborted. */
  function hang(reason: unknown = timeout('bad')): Promise<FrameOutcome | undefined> {
    const controller = new AbortController();
    const asked = ask('bad', { signal: controller.signal });
    made.find(({ frames }) => frames.includes('bad'))?.decodes('bad');
    controller.abort(reason);
    return asked;
  }

  function endHung(): void {
    runTimers();
    runTimers();
  }

  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      await Promise.resolve();
    }
  };

  it('ends its worker after an abort without an answer, and no other', async () => {
    const asked = hang();
    await expectAsync(asked).toBeRejectedWithError(StreamingVolumeError, /late/);
    runTimers();
    expect(made.map(({ isTerminated }) => isTerminated)).toEqual([false, false]);
    runTimers();
    expect(made.map(({ isTerminated }) => isTerminated)).toEqual([true, false, false]);
    expect(workers.isOpen).toBeTrue();
    expect(workers.size).toBe(2);
  });

  it('leaves the others to the other worker, however many that one has', async () => {
    void hang();
    await settle();
    const asked = ['a', 'b', 'c'].map(async (imageId) => ask(imageId));
    expect(made.map(({ frames }) => frames)).toEqual([['bad'], ['a', 'b', 'c']]);
    ['a', 'b', 'c'].forEach((imageId) => made[1]?.ends(imageId));
    expect(await Promise.all(asked)).toEqual([PIXELS, PIXELS, PIXELS]);
  });

  it('leaves them to the other worker before the abort too, once it takes long', () => {
    void ask('bad');
    made[0]?.decodes('bad');
    time = 10_000;
    void ask('a');
    void ask('b');
    expect(made.map(({ frames }) => frames)).toEqual([['bad'], ['a', 'b']]);
  });

  it('has the frames beside it made by another worker', async () => {
    const asked = ask('before');
    const other = ask('other');
    const later = ask('later');
    expect(made.map(({ frames }) => frames)).toEqual([['before', 'later'], ['other']]);
    made[0]?.ends('before');
    void hang();
    endHung();
    await settle();
    expect(made.map(({ frames }) => frames)).toEqual([
      ['before', 'later', 'bad'],
      ['other'],
      ['later'],
    ]);
    // What the lost worker has still said does not count.
    made[0]?.ends('later', { type: 'failed', fault: { kind: 'other', cause: 0 } });
    made[2]?.ends('later');
    made[1]?.ends('other');
    expect(await Promise.all([asked, other, later])).toEqual([PIXELS, PIXELS, PIXELS]);
  });

  it('leaves them to one more worker where there is no other', async () => {
    open({ count: 1 });
    void hang();
    const asked = ['a', 'b'].map(async (imageId) => ask(imageId));
    expect(made.map(({ frames }) => frames)).toEqual([['bad'], ['a', 'b']]);
    ['a', 'b'].forEach((imageId) => made[1]?.ends(imageId));
    expect(await Promise.all(asked)).toEqual([PIXELS, PIXELS]);
    endHung();
    expect(made.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
    expect(workers.size).toBe(1);
  });

  it('starts no worker where it is given up for another reason', () => {
    open({ count: 1 });
    void hang('scrolled');
    void ask('a');
    expect(made.map(({ frames }) => frames)).toEqual([['bad', 'a']]);
  });

  it('is not tried again', async () => {
    void hang();
    const again = ask('bad');
    await settle();
    expect(made[1]?.frames).toEqual([]);
    endHung();
    const failed = jasmine.objectContaining({
      kind: 'frame',
      code: 'frame-timeout',
      message: jasmine.stringContaining('bad'),
    });
    expect(await again).toEqual({ type: 'failed', fault: failed as never });
    expect(await ask('bad')).toEqual({ type: 'failed', fault: failed as never });
    expect(made.flatMap(({ frames }) => frames)).toEqual(['bad']);
  });

  it('is tried again where it was not late, but unwanted', async () => {
    void hang('cancelled');
    endHung();
    expect(made[0]?.isTerminated).toBeTrue();
    void ask('bad');
    await settle();
    expect(made.slice(1).flatMap(({ frames }) => frames)).toEqual(['bad']);
  });

  it('keeps its next try waiting no longer than that is wanted', async () => {
    void hang();
    const controller = new AbortController();
    const again = ask('bad', { signal: controller.signal });
    controller.abort('enough');
    await expectAsync(again).toBeRejectedWith('enough');
  });

  for (const [what, answer] of [
    ['gives the frame up', (worker?: FakeFrameWorker) => worker?.givesUp('bad')],
    ['ends it', (worker?: FakeFrameWorker) => worker?.ends('bad')],
  ] as const) {
    it(`loses no worker that ${what}, and is tried again`, async () => {
      void hang();
      const again = ask('bad');
      runTimers();
      answer(made[0]);
      expect(timers.size).toBe(0);
      await settle();
      made[0]?.ends('bad');
      expect(await again).toEqual(PIXELS);
      expect(made.map(({ isTerminated }) => isTerminated)).toEqual([false, false]);
    });
  }

  it('is told from one that waits behind a long decoding', async () => {
    void ask('long');
    const controller = new AbortController();
    void ask('other');
    void ask('unwanted', { signal: controller.signal });
    made[0]?.decodes('long');
    controller.abort(timeout('unwanted'));
    expect(timers.size).toBe(0);
    made[0]?.ends('long');
    // It was sent before the worker read the abort.
    made[0]?.decodes('unwanted');
    endHung();
    expect(made[0]?.isTerminated).toBeTrue();
  });

  it('counts a frame that was given up until the worker has', async () => {
    const controller = new AbortController();
    const unwanted = ask('unwanted', { signal: controller.signal });
    void ask('other');
    controller.abort('unwanted');
    await expectAsync(unwanted).toBeRejectedWith('unwanted');
    expect(timers.size).toBe(0);
    made[1]?.ends('other');
    void ask('next');
    expect(made[1]?.frames).toEqual(['other', 'next']);
    made[0]?.givesUp('unwanted');
    void ask('last');
    expect(made[0]?.frames).toEqual(['unwanted', 'last']);
  });

  it('does not end with idle workers: it would be tried again', async () => {
    const asked = hang();
    await expectAsync(asked).toBeRejected();
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    expect(made[0]?.isTerminated).toBeFalse();
    endHung();
    expect(made[0]?.isTerminated).toBeTrue();
    expect(await ask('bad')).toEqual(jasmine.objectContaining({ type: 'failed' }) as never);
  });

  it('leaves nothing running where the pool is closed', async () => {
    const asked = hang();
    await expectAsync(asked).toBeRejected();
    workers.close();
    await settle();
    expect(workers.size).toBe(0);
    expect(made.every(({ isTerminated }) => isTerminated)).toBeTrue();
    expect(timers.size).toBe(0);
  });

  it('closes the pool where no other worker can be started', async () => {
    let count = 0;
    open({
      count: 1,
      createWorker: () => {
        count += 1;
        if (count > 1) {
          throw new Error('refused');
        }
        made.push(new FakeFrameWorker());
        return made.at(-1) as unknown as Worker;
      },
    });
    const beside = ask('beside');
    void hang();
    endHung();
    expect(await beside).toBeUndefined();
    expect(workers.isOpen).toBeFalse();
  });

  describe('has a frame beside it sent anew', () => {
    const memory = (): FrameRequest['output'] => ({
      type: 'Int16Array',
      length: 4,
      rescale: { slope: 1, intercept: 0 },
      memory: { buffer: new SharedArrayBuffer(8), byteOffset: 0 },
    });
    const isShared = typeof SharedArrayBuffer !== 'undefined';

    /** Asks for a frame in the first worker, which then hangs. */
    async function sendAnew(
      options: Partial<FrameJobOptions>,
      more: Partial<FrameRequest>,
      before = (): void => undefined,
    ): Promise<FrameRequest | undefined> {
      open({ count: 1 });
      void ask('beside', options, more);
      void hang();
      before();
      endHung();
      await settle();
      return made.at(-1)?.requestOf('beside');
    }

    it('without the memory that was lost with the worker', async () => {
      const spare = new ArrayBuffer(8);
      const output = { ...requestOf('beside').output, spare } as FrameRequest['output'];
      const request = await sendAnew({}, { output });
      expect(spare.byteLength).toBe(0);
      expect(request?.output).toEqual({ ...requestOf('beside').output, spare: undefined } as never);
    });

    const sourceOf = (request: FrameRequest | undefined): GivenFrame =>
      request?.source as GivenFrame;

    it('with its bytes', async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      const source = { body: bytes.slice().buffer, transferSyntax: '1.2.840.10008.1.2.4.201' };
      const request = await sendAnew({ copyBody: () => bytes.slice().buffer }, { source });
      expect(new Uint8Array(sourceOf(request).body)).toEqual(bytes);
    });

    it('unless its bytes are gone', async () => {
      open({ count: 1 });
      const source = { body: new ArrayBuffer(4), transferSyntax: '1.2.840.10008.1.2.4.201' };
      const asked = ask('beside', {}, { source });
      void hang();
      endHung();
      expect(await asked).toBeUndefined();
    });

    if (isShared) {
      it('with its slot', async () => {
        const output = memory();
        expect((await sendAnew({}, { output }))?.output?.memory).toBeDefined();
      });

      it('without its slot where its volume has gone', async () => {
        const owner = new AbortController();
        const options = { ownerSignal: owner.signal };
        const request = await sendAnew(options, { output: memory() }, () => {
          owner.abort();
        });
        expect(request?.output?.memory).toBeUndefined();
        expect(request?.output?.length).toBe(4);
      });

      it('without its slot where the page shows its beginning there', async () => {
        open({ count: 1 });
        void ask('beside', {}, { output: memory(), partial: {} as never });
        made.at(-1)?.shows('beside');
        const controller = new AbortController();
        void ask('bad', { signal: controller.signal });
        made.at(-1)?.decodes('bad');
        controller.abort(timeout('bad'));
        endHung();
        await settle();
        const request = made.at(-1)?.requestOf('beside');
        expect(request?.output?.memory).toBeUndefined();
        expect(request?.partial).toBeUndefined();
      });
    }
  });
});

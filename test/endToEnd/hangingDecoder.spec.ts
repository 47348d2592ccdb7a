import { StreamingVolumeError } from '../../src/base/errors.js';
import type { FrameOutcome, FrameReport } from '../../src/pixels/worker/frameMessages.js';
import { createFrameWorker, FrameWorkerPool } from '../../src/pixels/worker/FrameWorkerPool.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { addWadorsSeries } from '../support/pixelSeries.js';
import frames from '../support/signedCodecFrames.json';
import { until } from '../support/until.js';

const COUNT = frames.columns * frames.rows;
const VALUES = Array.from({ length: COUNT }, (_, i) => ((i * 37) % 41) * 50 - 1000);
const HTJ2K = '1.2.840.10008.1.2.4.201';
const NEVER = new AbortController().signal;
const WHOLE = Uint8Array.from(atob(frames.htSigned16), (character) => character.charCodeAt(0));
/** OpenJPH 2.4.11 does not return from it. */
const DAMAGED = WHOLE.slice();
DAMAGED[44] = 55;

/** The codec that came with 5.6.8 returns from this one. */
const describeHere = karmaFixtures.coreVersion === '5.6.8' ? xdescribe : describe;

describeHere('A frame that OpenJPH does not return from', () => {
  it('costs its worker, and no other frame', async () => {
    const timers: (() => void)[] = [];
    const created: Worker[] = [];
    const workers = new FrameWorkerPool({
      count: 1,
      createWorker: () => {
        created.push(createFrameWorker());
        return created.at(-1) as Worker;
      },
      clock: {
        now: () => 0,
        timer: (run) => {
          timers.push(run);
          return () => undefined;
        },
      },
    });
    const fetchFrame = (
      imageId: string,
      bytes: Uint8Array,
      signal = NEVER,
    ): Promise<FrameOutcome | undefined> => {
      const copyBody = (): ArrayBuffer => bytes.slice().buffer;
      const request = {
        source: { body: copyBody(), transferSyntax: HTJ2K },
        wants: 'frame',
        imageId,
        nativeLength: 2 * COUNT,
        storedSyntax: HTJ2K,
        layout: {
          valueCount: COUNT,
          bitsAllocated: 16,
          bitsStored: 16,
          highBit: 15,
          isSigned: true,
          isFloat: false,
        },
        isOnScreen: false,
        decoding: workers.decodingFrom(undefined),
        output: { type: 'Int16Array', length: COUNT, rescale: { slope: 1, intercept: 0 } },
      } as const;
      return workers.fetch(request, { signal, ownerSignal: NEVER, copyBody });
    };
    const voxelsOf = (outcome: FrameOutcome | undefined): number[] =>
      outcome?.type === 'pixels' ? Array.from(outcome.values ?? []) : [];

    expect(voxelsOf(await fetchFrame('first', WHOLE))).toEqual(VALUES);
    let isDecoding = false;
    created[0]?.addEventListener('message', ({ data }: MessageEvent<readonly FrameReport[]>) => {
      isDecoding ||= data.some(({ type }) => type === 'decoding');
    });
    const late = new StreamingVolumeError('frame-timeout', 'late', { imageIds: ['damaged'] });
    const controller = new AbortController();
    const damaged = fetchFrame('damaged', DAMAGED, controller.signal);
    await until(() => isDecoding);
    controller.abort(late);
    await expectAsync(damaged).toBeRejectedWith(late);
    const beside = [fetchFrame('beside', WHOLE), fetchFrame('last', WHOLE)];
    const again = fetchFrame('damaged', DAMAGED);
    const terminate = spyOn(created[0] as Worker, 'terminate').and.callThrough();
    await until(() => timers.length === 1);
    timers.pop()?.();
    expect(terminate).not.toHaveBeenCalled();
    timers.pop()?.();
    expect(terminate).toHaveBeenCalledTimes(1);
    expect((await Promise.all(beside)).map(voxelsOf)).toEqual([VALUES, VALUES]);
    expect(await again).toEqual(jasmine.objectContaining({ type: 'failed' }) as never);
    expect(created.length).toBe(2);
    expect(workers.isOpen).toBeTrue();
    workers.close();
    expect(workers.size).toBe(0);
  });

  for (const [frameWorkers, hooks] of [
    [1, {}],
    [2, { beforeProcessing: async ({ response }: XMLHttpRequest) => response as ArrayBuffer }],
  ] as const) {
    const names = Object.keys(hooks).join();
    it(`is an error of its own, with ${frameWorkers} frame workers and hooks [${names}]`, async () => {
      startCornerstone({ frameWorkers });
      const takeHooksBack = setHooks(hooks);
      const format = {
        rows: frames.rows,
        columns: frames.columns,
        bitsAllocated: 16,
        bitsStored: 16,
        highBit: 15,
        pixelRepresentation: 1,
      } as const;
      const bodies = Array.from({ length: 12 }, (_, i) => (i === 6 ? DAMAGED : WHOLE));
      const imageIds = addWadorsSeries(format, bodies, { syntax: HTJ2K });
      // The frames beside it are late with it, and may be often where the machine is slow.
      const volume = await createVolume(imageIds, {
        retries: 20,
        retryDelayMs: 0,
        frameTimeoutMs: 500,
        maxInFlight: 3,
      });
      const { failed } = await volume.load();
      expect(failed.map(({ imageIdIndex }) => imageIdIndex)).toEqual([6]);
      expect(failed[0]?.error.code).toBe('frame-timeout');
      expect(failed[0]?.error.message).toContain(imageIds[6]);
      expect(failed[0]?.error.message).toContain('did not return');
      expect(failed[0]?.attempts).toBeLessThan(20);
      const voxels = Array.from(volume.getScalarData());
      for (let slice = 0; slice < 12; slice++) {
        const expected = slice === 6 ? VALUES.map(() => 0) : VALUES;
        expect(voxels.slice(slice * COUNT, (slice + 1) * COUNT)).toEqual(expected);
      }
      expect(volume.transport?.thread).toBe('worker');
      takeHooksBack();
      stopCornerstone();
    });
  }
});

import { FrameScheduler } from '../../../src/loading/schedule/FrameScheduler.js';
import type { FrameSchedulerOptions } from '../../../src/loading/schedule/FrameScheduler.js';

interface Started {
  readonly index: number;
  readonly signal: AbortSignal;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A scheduler whose starts a test ends by hand. */
class SchedulerBench {
  readonly started: Started[] = [];
  readonly controller = new AbortController();
  readonly scheduler: FrameScheduler;
  outcome: 'open' | 'resolved' | { rejected: unknown } = 'open';

  constructor(options: Partial<FrameSchedulerOptions> = {}) {
    this.scheduler = new FrameScheduler({
      maxInFlight: 2,
      start: (index, signal) =>
        new Promise<void>((resolve, reject) => {
          this.started.push({ index, signal, resolve, reject });
        }),
      ...options,
    });
  }

  run(order: readonly number[]): void {
    this.outcome = 'open';
    this.scheduler.run(order, this.controller.signal).then(
      () => {
        this.outcome = 'resolved';
      },
      (error: unknown) => {
        this.outcome = { rejected: error };
      },
    );
  }

  get startedIndices(): number[] {
    return this.started.map(({ index }) => index);
  }

  of(index: number): Started {
    const found = this.started.find((one) => one.index === index);
    if (!found) {
      throw new Error(`Frame ${index} was not started`);
    }
    return found;
  }

  async end(...frameIndices: number[]): Promise<void> {
    frameIndices.forEach((index) => this.of(index).resolve());
    await settled();
  }
}

/** Lets every promise reaction that is due run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

/** An outside pool that calls what a test tells it to, by the order in which it came. */
function handPool() {
  const runs: (() => Promise<void>)[] = [];
  return {
    schedule: (run: () => Promise<void>) => void runs.push(run),
    scheduled: () => runs.length,
    call: (place: number): Promise<void> =>
      runs[place]?.() ?? Promise.reject(new Error(`${place} is not scheduled`)),
  };
}

describe('FrameScheduler', () => {
  it('keeps so many in flight, in order, and resolves when the last has ended', async () => {
    const bench = new SchedulerBench();
    bench.run([3, 1, 4, 0, 2]);
    expect(bench.startedIndices).toEqual([3, 1]);
    await bench.end(1);
    expect(bench.startedIndices).toEqual([3, 1, 4]);
    await bench.end(3, 4);
    expect(bench.startedIndices).toEqual([3, 1, 4, 0, 2]);
    await bench.end(2);
    expect(bench.outcome).toBe('open');
    await bench.end(0);
    expect(bench.outcome).toBe('resolved');
  });

  it('has at most maxInFlight frames in flight, whatever ends first', async () => {
    for (const maxInFlight of [1, 3, 50]) {
      const bench = new SchedulerBench({ maxInFlight });
      bench.run(Array.from({ length: 20 }, (_, index) => index));
      const ended = new Set<Started>();
      while (ended.size < 20) {
        expect(bench.started.length - ended.size).toBe(Math.min(maxInFlight, 20 - ended.size));
        const inFlight = bench.started.filter((one) => !ended.has(one));
        const latest = inFlight.at(-1);
        if (!latest) {
          break;
        }
        ended.add(latest);
        latest.resolve();
        await settled();
      }
      expect(bench.outcome).toBe('resolved');
    }
  });

  it('resolves at once for an empty order', async () => {
    const bench = new SchedulerBench();
    bench.run([]);
    await settled();
    expect(bench.outcome).toBe('resolved');
  });

  it('starts a frame that the order has twice once', async () => {
    const bench = new SchedulerBench({ maxInFlight: 5 });
    bench.run([1, 0, 1]);
    expect(bench.startedIndices).toEqual([1, 0]);
    await bench.end(0, 1);
    expect(bench.outcome).toBe('resolved');
  });

  it('can run again, but not twice at once', async () => {
    const bench = new SchedulerBench();
    const { scheduler, controller } = bench;
    bench.run([0]);
    await expectAsync(scheduler.run([1], controller.signal)).toBeRejectedWithError(
      'Cannot run the scheduler: an earlier run goes on',
    );
    await bench.end(0);
    bench.run([5]);
    expect(bench.startedIndices).toEqual([0, 5]);
    await bench.end(5);
    expect(bench.outcome).toBe('resolved');
  });

  it('refuses a limit that is not a positive integer', () => {
    for (const maxInFlight of [0, -1, 1.5, Number.NaN, Infinity]) {
      expect(() => new SchedulerBench({ maxInFlight })).toThrowError(TypeError);
    }
  });

  describe('when a start rejects or throws', () => {
    it('goes on, and rejects with it when all have ended', async () => {
      const bench = new SchedulerBench();
      const fault = new Error('fault');
      bench.run([0, 1, 2]);
      bench.of(0).reject(fault);
      await settled();
      expect(bench.startedIndices).toEqual([0, 1, 2]);
      await bench.end(1);
      expect(bench.outcome).toBe('open');
      await bench.end(2);
      expect(bench.outcome).toEqual({ rejected: fault });
    });

    it('takes a synchronous throw for a rejection', async () => {
      const fault = new Error('fault');
      const bench = new SchedulerBench({
        start: () => {
          throw fault;
        },
      });
      bench.run([0, 1, 2, 3]);
      await settled();
      expect(bench.outcome).toEqual({ rejected: fault });
    });

    it('does not hide it behind an abort', async () => {
      const bench = new SchedulerBench();
      const fault = new Error('fault');
      bench.run([0, 1]);
      bench.controller.abort();
      bench.of(0).reject(fault);
      await bench.end(1);
      expect(bench.outcome).toEqual({ rejected: fault });
    });
  });

  describe('with a limit below maxInFlight', () => {
    it('has so many in flight, as many as it is at the time', async () => {
      let limit = 1;
      const bench = new SchedulerBench({ maxInFlight: 3, limit: () => limit });
      bench.run([0, 1, 2, 3, 4, 5]);
      expect(bench.startedIndices).toEqual([0]);
      limit = 9;
      await bench.end(0);
      expect(bench.startedIndices).toEqual([0, 1, 2, 3]);
      limit = 1;
      await bench.end(1, 2);
      expect(bench.startedIndices).toEqual([0, 1, 2, 3]);
      await bench.end(3);
      expect(bench.startedIndices).toEqual([0, 1, 2, 3, 4]);
      await bench.end(4);
      await bench.end(5);
      expect(bench.outcome).toBe('resolved');
    });

    it('starts a frame on screen beyond it at once, and nothing else beside it', async () => {
      let onScreen = -1;
      const bench = new SchedulerBench({
        maxInFlight: 4,
        limit: () => 2,
        isOnScreen: (index) => index === onScreen,
      });
      bench.run([0, 1, 2, 3, 4, 5]);
      expect(bench.startedIndices).toEqual([0, 1]);
      onScreen = 5;
      bench.scheduler.reorder([5, 4, 3, 2]);
      expect(bench.startedIndices).toEqual([0, 1, 5]);
      await bench.end(0);
      expect(bench.startedIndices).toEqual([0, 1, 5]);
      await bench.end(5);
      expect(bench.startedIndices).toEqual([0, 1, 5, 4]);
    });

    it('does not leave the line idle for a frame on screen that does not come', async () => {
      const bench = new SchedulerBench({
        maxInFlight: 4,
        limit: () => 2,
        isOnScreen: (index) => index === 2,
      });
      bench.run([0, 1, 2, 3, 4, 5]);
      await bench.end(0);
      expect(bench.startedIndices).toEqual([0, 1, 2]);
      await bench.end(1);
      expect(bench.startedIndices).toEqual([0, 1, 2, 3]);
      await bench.end(3);
      expect(bench.startedIndices).toEqual([0, 1, 2, 3, 4]);
    });

    it('holds back what no viewport shows, until it is told to go on', async () => {
      let isHeldBack = true;
      const bench = new SchedulerBench({
        maxInFlight: 4,
        limit: () => 2,
        isHeldBack: () => isHeldBack,
        isOnScreen: (index) => index === 4,
      });
      bench.run([0, 1, 2, 3, 4]);
      expect(bench.startedIndices).toEqual([0]);
      bench.scheduler.reorder([4]);
      expect(bench.startedIndices).toEqual([0, 4]);
      await bench.end(4);
      expect(bench.startedIndices).toEqual([0, 4]);
      isHeldBack = false;
      bench.scheduler.advance();
      expect(bench.startedIndices).toEqual([0, 4, 1]);
      isHeldBack = true;
      await bench.end(0, 1);
      // The line is not left idle.
      expect(bench.startedIndices).toEqual([0, 4, 1, 2]);
    });

    it('has no more than maxInFlight, also of frames on screen', async () => {
      const bench = new SchedulerBench({ maxInFlight: 2, limit: () => 1, isOnScreen: () => true });
      bench.run([0, 1, 2, 3]);
      expect(bench.startedIndices).toEqual([0, 1]);
      await bench.end(1);
      expect(bench.startedIndices).toEqual([0, 1, 2]);
    });
  });

  describe('reorder', () => {
    it('puts what is not started in a new order, once each, the rest behind', async () => {
      const bench = new SchedulerBench({ maxInFlight: 1 });
      bench.run([0, 1, 2, 3, 4]);
      bench.scheduler.reorder([4, 0, 9, 2, 4]);
      for (const index of [0, 4, 2, 1, 3]) {
        expect(bench.startedIndices.at(-1)).toBe(index);
        await bench.end(index);
      }
      expect(bench.startedIndices).toEqual([0, 4, 2, 1, 3]);
      expect(bench.outcome).toBe('resolved');
    });

    it('does nothing while no run goes on', async () => {
      const bench = new SchedulerBench();
      bench.scheduler.reorder([1, 0]);
      bench.run([0, 1]);
      expect(bench.startedIndices).toEqual([0, 1]);
      await bench.end(0, 1);
      bench.scheduler.reorder([1, 0]);
      await settled();
      expect(bench.startedIndices).toEqual([0, 1]);
    });
  });

  describe('abort', () => {
    it('starts nothing more, waits for what is in flight, and rejects with the reason', async () => {
      const bench = new SchedulerBench();
      const reason = new Error('enough');
      bench.run([0, 1, 2, 3]);
      bench.controller.abort(reason);
      await settled();
      expect(bench.outcome).toBe('open');
      expect(bench.of(0).signal.aborted).toBe(true);
      await bench.end(0);
      expect(bench.outcome).toBe('open');
      await bench.end(1);
      expect(bench.outcome).toEqual({ rejected: reason });
      expect(bench.startedIndices).toEqual([0, 1]);
    });

    it('takes a start that rejects with the reason as ended', async () => {
      const bench = new SchedulerBench();
      const reason = new Error('enough');
      bench.run([0, 1, 2]);
      bench.controller.abort(reason);
      bench.of(0).reject(reason);
      bench.of(1).reject(reason);
      await settled();
      expect(bench.outcome).toEqual({ rejected: reason });
    });

    it('starts nothing when it came before', async () => {
      const bench = new SchedulerBench();
      const reason = new Error('too late');
      bench.controller.abort(reason);
      bench.run([0, 1]);
      await settled();
      expect(bench.startedIndices).toEqual([]);
      expect(bench.outcome).toEqual({ rejected: reason });
    });

    it('does not undo a run that has ended', async () => {
      const bench = new SchedulerBench();
      bench.run([0]);
      await bench.end(0);
      bench.controller.abort();
      await settled();
      expect(bench.outcome).toBe('resolved');
    });

    it('does not undo a run whose last frame ended in the same turn', async () => {
      const controller = new AbortController();
      let end = (): void => undefined;
      const load = new Promise<void>((resolve) => {
        end = resolve;
      });
      const run = new FrameScheduler({ maxInFlight: 1, start: () => load }).run(
        [0],
        controller.signal,
      );
      void load.then(() => controller.abort());
      end();
      await expectAsync(run).toBeResolved();
      expect(controller.signal.aborted).toBe(true);
    });

    it('leaves no listener on the signal', async () => {
      const bench = new SchedulerBench();
      const { signal } = bench.controller;
      const added = spyOn(signal, 'addEventListener').and.callThrough();
      const removed = spyOn(signal, 'removeEventListener').and.callThrough();
      bench.run([0]);
      expect(added).toHaveBeenCalledTimes(1);
      await bench.end(0);
      const [type, listener] = added.calls.first().args;
      expect(removed).toHaveBeenCalledOnceWith(type, listener);
    });

    it('may come from within a start', async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      const started: number[] = [];
      const scheduler = new FrameScheduler({
        maxInFlight: 3,
        start: async (index) => {
          started.push(index);
          controller.abort(reason);
        },
      });
      await expectAsync(scheduler.run([0, 1, 2], controller.signal)).toBeRejectedWith(reason);
      expect(started).toEqual([0]);
    });
  });

  describe('schedule', () => {
    it('counts what waits in the pool as in flight', async () => {
      const pool = handPool();
      const bench = new SchedulerBench({ schedule: pool.schedule });
      bench.run([3, 1, 2]);
      expect(pool.scheduled()).toBe(2);
      expect(bench.startedIndices).toEqual([]);
      const called = pool.call(1);
      expect(bench.startedIndices).toEqual([3]);
      await bench.end(3);
      await called;
      expect(pool.scheduled()).toBe(3);
      void pool.call(2);
      void pool.call(0);
      expect(bench.startedIndices).toEqual([3, 1, 2]);
      await bench.end(1, 2);
      expect(bench.outcome).toBe('resolved');
    });

    it('chooses the frame when the pool calls, not before', async () => {
      const pool = handPool();
      const bench = new SchedulerBench({ schedule: pool.schedule });
      bench.run([0, 1, 2, 3]);
      bench.scheduler.reorder([3, 2]);
      void pool.call(0);
      void pool.call(1);
      expect(bench.startedIndices).toEqual([3, 2]);
      await bench.end(3, 2);
      void pool.call(2);
      void pool.call(3);
      await bench.end(0, 1);
      expect(bench.outcome).toBe('resolved');
    });

    it('starts a frame that the pool calls twice once', async () => {
      const pool = handPool();
      const bench = new SchedulerBench({ schedule: pool.schedule });
      bench.run([0]);
      void pool.call(0);
      await expectAsync(pool.call(0)).toBeResolved();
      expect(bench.startedIndices).toEqual([0]);
    });

    it('gives the pool promises that do not reject', async () => {
      const pool = handPool();
      const bench = new SchedulerBench({ schedule: pool.schedule });
      const fault = new Error('fault');
      bench.run([0]);
      const called = pool.call(0);
      bench.of(0).reject(fault);
      await expectAsync(called).toBeResolved();
      await settled();
      expect(bench.outcome).toEqual({ rejected: fault });
    });

    it('settles an abort though the pool never calls, and a late call does nothing', async () => {
      const pool = handPool();
      const bench = new SchedulerBench({ schedule: pool.schedule });
      const reason = new Error('enough');
      bench.run([0, 1, 2]);
      bench.controller.abort(reason);
      await settled();
      expect(bench.outcome).toEqual({ rejected: reason });
      await expectAsync(pool.call(0)).toBeResolved();
      expect(bench.startedIndices).toEqual([]);
      expect(pool.scheduled()).toBe(2);
    });

    it('waits for the started ones only', async () => {
      const pool = handPool();
      const bench = new SchedulerBench({ schedule: pool.schedule });
      bench.run([0, 1, 2]);
      void pool.call(1);
      bench.controller.abort();
      await settled();
      expect(bench.outcome).toBe('open');
      await bench.end(0);
      expect(bench.outcome).toEqual({ rejected: bench.controller.signal.reason });
      expect(pool.scheduled()).toBe(2);
    });

    it('goes on when the pool throws, and rejects with that', async () => {
      const fault = new Error('pool is closed');
      let calls = 0;
      const bench = new SchedulerBench({
        schedule: (run) => {
          calls += 1;
          if (calls === 2) {
            throw fault;
          }
          void run();
        },
      });
      bench.run([0, 1, 2]);
      expect(bench.startedIndices).toEqual([0, 2]);
      await bench.end(0, 2);
      expect(bench.outcome).toEqual({ rejected: fault });
    });
  });

  it('starts what somebody else is at after all others, and tells what is next', async () => {
    const underWay = new Set([0, 1]);
    const bench = new SchedulerBench({ isUnderWay: (index) => underWay.has(index) });
    expect(bench.scheduler.next).toBeUndefined();
    bench.run([0, 1, 2, 3, 4]);
    expect(bench.startedIndices).toEqual([2, 3]);
    expect(bench.scheduler.next).toBe(4);
    underWay.delete(1);
    expect(bench.scheduler.next).toBe(1);
    await bench.end(2, 3);
    expect(bench.startedIndices).toEqual([2, 3, 1, 4]);
    expect(bench.scheduler.next).toBe(0);
    await bench.end(1, 4);
    expect(bench.startedIndices).toEqual([2, 3, 1, 4, 0]);
    await bench.end(0);
    expect(bench.outcome).toBe('resolved');
  });
});

import { Enums, imageLoadPoolManager } from '@cornerstonejs/core';
import { FlightQueue } from '../../../src/loading/schedule/FlightQueue.js';
import { until } from '../../support/until.js';

const { Prefetch, Thumbnail } = Enums.RequestType;
const FLIGHT = { signal: new AbortController().signal };
const SLOT = { requestType: Prefetch, priority: 5 };

interface Task {
  readonly name: string;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
}

describe('FlightQueue:', () => {
  describe('requests in the pool', () => {
    let requests: FlightQueue;
    let started: number[];
    let ends: (() => void)[];
    let limit: number;
    let thumbnailLimit: number;

    beforeEach(() => {
      limit = imageLoadPoolManager.getMaxSimultaneousRequests(Prefetch);
      thumbnailLimit = imageLoadPoolManager.getMaxSimultaneousRequests(Thumbnail);
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 1);
      started = [];
      ends = [];
      requests = new FlightQueue('volume', 10);
      for (const id of [0, 1, 2]) {
        requests.add(
          () => {
            started.push(id);
            return new Promise<void>((resolve) => ends.push(resolve));
          },
          SLOT,
          FLIGHT,
        );
      }
    });

    afterEach(async () => {
      requests.clearPooled(FLIGHT.signal);
      ends.forEach((end) => {
        end();
      });
      await until(() => numberInFlight() === 0);
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, limit);
    });

    function numberInFlight(): number {
      return (imageLoadPoolManager as unknown as { numRequests: Record<string, number> })
        .numRequests[Prefetch] as number;
    }

    it('are called when the pool has room', async () => {
      expect(started).toEqual([0]);
      ends[0]?.();
      await until(() => started.length === 2);
      expect(started).toEqual([0, 1]);
    });

    it('come back when somebody else empties the pool', async () => {
      imageLoadPoolManager.clearRequestStack(Prefetch);
      requests.restoreDropped();
      ends[0]?.();
      await until(() => started.length === 2);
      ends[1]?.();
      await until(() => started.length === 3);
      expect(started).toEqual([0, 1, 2]);
    });

    it('come after requests of volumes on screen while their own is not', () => {
      requests.setDelay(1);
      const pool = imageLoadPoolManager.getRequestPool()[Prefetch];
      expect([pool[5]?.length, pool[6]?.length]).toEqual([0, 2]);
      requests.setDelay(0);
      expect([pool[5]?.length, pool[6]?.length]).toEqual([2, 0]);
    });

    it('stand where they are told', () => {
      imageLoadPoolManager.setMaxSimultaneousRequests(Thumbnail, 0);
      requests.add(() => Promise.resolve(), { requestType: Thumbnail, priority: 3 }, FLIGHT);
      expect(imageLoadPoolManager.getRequestPool()[Thumbnail][3]?.length).toBe(1);
      requests.clearPooled(FLIGHT.signal);
      expect(imageLoadPoolManager.getRequestPool()[Thumbnail][3]?.length).toBe(0);
      imageLoadPoolManager.setMaxSimultaneousRequests(Thumbnail, thumbnailLimit);
    });

    it('are not put back when they are still there', () => {
      requests.restoreDropped();
      expect(imageLoadPoolManager.getRequestPool()[Prefetch][5]?.length).toBe(2);
    });

    it('leave the pool, and leave requests of other owners there', () => {
      const other = () => Promise.resolve();
      imageLoadPoolManager.addRequest(other, Prefetch, { imageId: 'other:1' }, 5);
      requests.clearPooled(FLIGHT.signal);
      requests.restoreDropped();
      const left = imageLoadPoolManager.getRequestPool()[Prefetch][5] ?? [];
      expect(left.map(({ requestFn }) => requestFn as unknown)).toEqual([other]);
    });
  });

  describe('places in flight', () => {
    let queue: FlightQueue;
    let started: Task[];
    let over: string[];
    let controller: AbortController;

    beforeEach(() => {
      queue = new FlightQueue('volume', 2);
      started = [];
      over = [];
      controller = new AbortController();
    });

    function taskOf(name: string): () => Promise<void> {
      return () =>
        new Promise((resolve, reject) => {
          started.push({ name, end: resolve, fail: reject });
        });
    }

    function run(
      name: string,
      { signal = controller.signal, isPreferred = (): boolean => false } = {},
    ): Promise<void> {
      return queue.run(taskOf(name), { signal, isPreferred }).finally(() => {
        over.push(name);
      });
    }

    async function end(name: string): Promise<void> {
      started.find((task) => task.name === name)?.end();
      await settled();
    }

    /** Lets every promise reaction that is due run. */
    async function settled(): Promise<void> {
      for (let i = 0; i < 10; i++) {
        await Promise.resolve();
      }
    }

    const names = (): string => started.map(({ name }) => name).join('');

    it('start tasks at once while there are any, then in the order of the calls', async () => {
      for (const name of 'abcde') {
        void run(name);
      }
      expect(names()).toBe('ab');
      await end('b');
      expect(names()).toBe('abc');
      await end('a');
      await end('c');
      expect(names()).toBe('abcde');
      expect(over).toEqual(['b', 'a', 'c']);
      await end('d');
      await end('e');
      void run('f');
      void run('g');
      void run('h');
      expect(names()).toBe('abcdefg');
    });

    it('go first to a preferred task when one is free', async () => {
      let preferred = '';
      for (const name of 'abcdef') {
        void run(name, { isPreferred: () => name === preferred });
      }
      preferred = 'e';
      await end('a');
      preferred = '';
      await end('b');
      expect(names()).toBe('abec');
    });

    it('go to a preferred task in the pool before tasks that wait, but not before a preferred one of these', async () => {
      const limit = imageLoadPoolManager.getMaxSimultaneousRequests(Prefetch);
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 0);
      let preferred = 'd';
      for (const name of 'abcd') {
        void run(name, { isPreferred: () => name === preferred });
      }
      let isPoolPreferred = true;
      const flight = { signal: controller.signal, isPreferred: (): boolean => isPoolPreferred };
      for (const name of 'xy') {
        queue.add(taskOf(name), SLOT, flight);
      }
      await end('a');
      expect(names()).toBe('abd');
      preferred = '';
      await end('b');
      expect(names()).toBe('abdx');
      expect(imageLoadPoolManager.getRequestPool()[Prefetch][5]?.length).toBe(1);
      isPoolPreferred = false;
      await end('d');
      expect(names()).toBe('abdxc');
      queue.clearPooled(controller.signal);
      expect(imageLoadPoolManager.getRequestPool()[Prefetch][5]?.length).toBe(0);
      void run('e');
      isPoolPreferred = true;
      await end('x');
      expect(names()).toBe('abdxce');
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, limit);
    });

    it('go to a preferred task in the pool also behind tasks of another load', async () => {
      const limit = imageLoadPoolManager.getMaxSimultaneousRequests(Prefetch);
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 0);
      for (const name of 'abc') {
        void run(name);
      }
      const { signal } = controller;
      queue.add(taskOf('x'), SLOT, { signal, isPreferred: () => false });
      queue.add(taskOf('y'), SLOT, { signal, isPreferred: () => true });
      await end('a');
      expect(names()).toBe('aby');
      expect(imageLoadPoolManager.getRequestPool()[Prefetch][5]?.length).toBe(1);
      queue.clearPooled(signal);
      imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, limit);
    });

    it('are free again after a task that fails, and its promise rejects with the error', async () => {
      const failing = run('a');
      void run('b');
      void run('c');
      const error = new Error('broken');
      started[0]?.fail(error);
      await expectAsync(failing).toBeRejectedWith(error);
      expect(names()).toBe('abc');
    });

    it('are not waited for after an abort, and what is aborted has none', async () => {
      const other = new AbortController();
      void run('a');
      void run('b', { signal: other.signal });
      void run('c');
      void run('d', { signal: other.signal });
      controller.abort();
      // Within the abort: who begins anew finds them free.
      void run('e', { signal: other.signal });
      expect(names()).toBe('abd');
      await settled();
      expect(over).toEqual(['c']);
      void run('f');
      await settled();
      expect(over).toEqual(['c', 'f']);
      // Its place was given back already.
      await end('a');
      expect(names()).toBe('abd');
      await end('b');
      expect(names()).toBe('abde');
    });
  });
});

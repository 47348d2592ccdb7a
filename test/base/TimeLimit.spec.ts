import { TimeLimit } from '../../src/base/timers.js';

describe('TimeLimit', () => {
  let limit: TimeLimit;
  let over: string[];
  let time: number;

  beforeEach(() => {
    jasmine.clock().install();
    over = [];
    time = 0;
    limit = new TimeLimit(1000, () => time);
  });

  afterEach(() => {
    jasmine.clock().uninstall();
  });

  /** Runs a task that ignores its signal; returns what ends it. */
  function start(name: string, onOver = (): void => undefined): () => void {
    let end = (): void => undefined;
    const task = (): Promise<void> =>
      new Promise((resolve) => {
        end = resolve;
      });
    const timeoutError = (limitMs: number): Error => {
      over.push(name);
      onOver();
      return new Error(`${name} took over ${limitMs} ms`);
    };
    limit.run(task, timeoutError, undefined).catch(() => undefined);
    return end;
  }

  /** Lets every promise reaction that is due run. */
  async function settled(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
    }
  }

  function pass(ms: number): void {
    for (let passed = 0; passed < ms; passed++) {
      time += 1;
      jasmine.clock().tick(1);
    }
  }

  it('tells of each that has not ended when its time is over', async () => {
    start('first');
    pass(300);
    const endSecond = start('second');
    start('third');
    pass(699);
    expect(over).toEqual([]);
    pass(1);
    expect(over).toEqual(['first']);
    endSecond();
    await settled();
    pass(299);
    expect(over).toEqual(['first']);
    pass(1);
    expect(over).toEqual(['first', 'third']);
  });

  it('has one timer, and none when nothing goes on', async () => {
    jasmine.clock().uninstall();
    const set = spyOn(globalThis, 'setTimeout').and.returnValue(17);
    const clear = spyOn(globalThis, 'clearTimeout');
    const [endFirst, endSecond] = [start('first'), start('second')];
    expect(set).toHaveBeenCalledOnceWith(jasmine.any(Function), 1000);
    endFirst?.();
    await settled();
    expect(clear).not.toHaveBeenCalled();
    endSecond?.();
    await settled();
    expect(clear).toHaveBeenCalledOnceWith(17);
    start('later');
    expect(set).toHaveBeenCalledTimes(2);
  });

  it('lets one that is over begin another', () => {
    start('first', () => {
      start('second');
    });
    pass(1000);
    expect(over).toEqual(['first']);
    pass(1000);
    expect(over).toEqual(['first', 'second']);
  });

  it('aborts the task with the error of the limit, which the promise rejects with', async () => {
    let given: AbortSignal | undefined;
    const running = limit.run(
      (signal) => {
        given = signal;
        return new Promise<never>(() => undefined);
      },
      (limitMs) => new Error(`over ${limitMs} ms`),
      undefined,
    );
    expect(given?.aborted).toBeFalse();
    pass(1000);
    await expectAsync(running).toBeRejectedWithError('over 1000 ms');
    expect(given?.reason).toEqual(new Error('over 1000 ms'));
  });

  it('passes the result, the error and the abort on', async () => {
    const unexpected = (): Error => new Error('the limit is not over');
    const controller = new AbortController();
    const { signal } = controller;
    const run = (task: (signal: AbortSignal) => Promise<number>): Promise<number> =>
      limit.run(task, unexpected, signal);
    expect(await run(() => Promise.resolve(7))).toBe(7);
    await expectAsync(run(() => Promise.reject(new Error('broken')))).toBeRejectedWithError(
      'broken',
    );
    const aborted = run(
      (own) =>
        new Promise((_, reject) => {
          own.addEventListener('abort', () => {
            reject(own.reason as Error);
          });
        }),
    );
    const reason = new Error('stopped');
    controller.abort(reason);
    await expectAsync(aborted).toBeRejectedWith(reason);
    const task = jasmine.createSpy('task');
    await expectAsync(run(task)).toBeRejectedWith(reason);
    expect(task).not.toHaveBeenCalled();
  });
});
